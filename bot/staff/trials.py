"""What waits to be published, tried out on the test questions first, with the button to publish beside the report."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.logs import trace
from bot.staff.forms import whole
from bot.staff.page import HOME, Page, Section, roles
from bot.staff.queue import titles
from bot.staff.room import Room
from bot.staff.test_sheets import EXPECTED
from bot.staff.trial import Change, in_thread
from bot.staff.visit import Visit
from bot.storage import test_questions
from bot.storage.audit import note
from bot.storage.staff import Role
from bot.storage.test_questions import StoredRun, StoredTestQuestions
from knowledge.approving import approve
from knowledge.drafted import Changes, changes_of
from knowledge.drafting import DraftProblem
from knowledge.store import Kind, Status, calendar_day, published_revision
from knowledge.versions import WAITING, Told, by_id, one_version, ref_of
from knowledge.versions import waiting as waiting_versions

ADDRESS = f"{HOME}/thu-truoc"
WHO = roles(Role.EDITOR, Role.APPROVER)
APPROVERS = roles(Role.APPROVER)
MOST_LISTED, MOST_IMPORTED = 100, 50
"""Changes that are shown one by one."""
MOST_TRIED = 1_000
PATIENCE = 20.0
"""Seconds after which the browser is sent on to a page that says that the run goes on."""
LONGEST_REASON = 500
RUNS_SHOWN = 10
NAMES = {
    Change.BROKEN: "Hỏng",
    Change.MENDED: "Tốt lên",
    Change.ANOTHER: "Đổi lời, vẫn đúng",
    Change.WRONG: "Vẫn chưa đúng",
    Change.SAME: "Như cũ",
}
KINDS = {
    Kind.PROCEDURE: "Thủ tục",
    Kind.FAQ: "Câu hỏi – đáp",
    Kind.OFFICE: "Nơi tiếp nhận",
    Kind.LEGAL_DOCUMENT: "Văn bản",
    Kind.OVERLAY: "Phần riêng của cơ quan",
    Kind.PHRASES: "Cách gọi của người dân",
}
ANSWERS = {
    "answer": "trả lời",
    "clarify": "hỏi lại",
    "refuse": "từ chối",
    "smalltalk": "chào hỏi",
    "emergency": "báo khẩn cấp",
    "feedback": "góp ý",
    "complaint": "khiếu nại, tố cáo",
}
"""What an answer without an entry is, by its kind."""
NOTHING_CHOSEN = "Hãy chọn ít nhất một thay đổi."
NOT_DONE = "Lần thử này chưa xong nên chưa công bố được."
NEEDS_REASON = "Có câu bị hỏng: hãy ghi lý do vẫn công bố."
OUT_OF_DATE = "Từ lúc thử đã có thay đổi khác được công bố, hoặc bản chờ đã đổi. Hãy thử lại."

log = structlog.get_logger(__name__)


def section(room: Room) -> Section:
    """The pages."""
    trials = Trials(room)
    one = ADDRESS + "/{number}"
    return Section(
        pages=(
            Page(address=ADDRESS, answer=trials.show_waiting, roles=WHO, menu="Thử trước khi công bố"),
            Page(address=ADDRESS, answer=trials.begin, roles=WHO, method="POST"),
            Page(address=one, answer=trials.show, roles=WHO),
            Page(address=one + "/cong-bo", answer=trials.publish, roles=APPROVERS, method="POST"),
        )
    )


@dataclass(slots=True)
class Trials:
    """The runs of one process, one at a time: each may need the memory of a second base."""

    room: Room
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def show_waiting(self, visit: Visit) -> Response:
        """What waits, and the last runs. A change named in the address ("chon") is ticked already."""
        return await self._waiting_page(visit)

    async def begin(self, visit: Visit) -> Response:
        """Runs the test questions over the changes that were chosen."""
        numbers = [number for one in visit.form.all("chon")[:MOST_TRIED] if (number := whole(one))]
        async with self.room.sessions() as session:
            some = await _chosen(session, numbers, imported=bool(visit.form.text("moi_ban_nap")))
        if not some:
            return await self._waiting_page(visit, NOTHING_CHOSEN)
        stored = StoredTestQuestions(self.room.engine)
        kept = [_kept(told, self.room) for told in some]
        base = self.room.base()
        run = await stored.begin_run(by=visit.me.name, revision=base.revision, changes=kept, now=visit.now)
        async with self.room.sessions.begin() as session:
            await note(session, visit.deed("trial.run", f"trial:{run}", {"lines": len(some)}), visit.now)
        task = asyncio.create_task(self._run(run, changes_of(some, calendar_day(visit.now)), visit.now))
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        await asyncio.wait({task}, timeout=PATIENCE)
        return visit.go(f"{ADDRESS}/{run}")

    async def show(self, visit: Visit) -> Response:
        """What came of a run."""
        return await self._run_page(visit, await self._stored(visit))

    async def publish(self, visit: Visit) -> Response:
        """Publishes what a run tried. What broke needs a reason."""
        run, reason = await self._stored(visit), visit.form.text("ly_do")[:LONGEST_REASON]
        broken = run.report["counts"][Change.BROKEN.value] if run.report else 0
        if not run.report or run.published_at:
            return await self._run_page(visit, run, NOT_DONE if not run.report else "")
        if broken and len(reason) < 5:
            return await self._run_page(visit, run, NEEDS_REASON)
        by, now = visit.me.name, visit.now
        try:
            async with self.room.sessions.begin() as session:
                if await published_revision(session) != run.revision:
                    raise DraftProblem(OUT_OF_DATE)
                if not await test_questions.published(session, run.id, by=by, reason=reason, now=now):
                    raise DraftProblem(OUT_OF_DATE)
                for one in run.changes:
                    begins = await _approve(session, one, by=by, now=now)
                    subject = ref_of(Kind(one["kind"]), one["code"])
                    facts = {"kind": one["kind"], "version": one["number"], "from": begins}
                    await note(session, visit.deed("entry.approve", subject, facts), now)
                detail = {"lines": len(run.changes), "broken": broken, "reason": reason}
                await note(session, visit.deed("trial.publish", f"trial:{run.id}", detail), now)
        except DraftProblem as problem:
            return await self._run_page(visit, run, str(problem))
        return visit.go(f"{ADDRESS}/{run.id}", "da-cong-bo")

    async def _run(self, run: int, changes: Changes, now: datetime) -> None:
        stored = StoredTestQuestions(self.room.engine)
        async with self._one:
            report = await in_thread(self.room.base(), changes, await stored.active(), now)
        await stored.end_run(run, report.as_kept())

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("trial failed", trace=trace(error))

    async def _stored(self, visit: Visit) -> StoredRun:
        number = whole(visit.part("number"))
        found = await StoredTestQuestions(self.room.engine).run(number) if number else None
        if found is None:
            raise HTTPException(404)
        return found

    async def _waiting_page(self, visit: Visit, problem: str = "") -> Response:
        stored = StoredTestQuestions(self.room.engine)
        named = {number for one in visit.query("chon").split(",") if (number := whole(one))}
        async with self.room.sessions() as session:
            some, imported = await _listed(session, named)
        return visit.page(
            "trials.html",
            status=422 if problem else 200,
            problem=problem,
            waiting=[_kept(told, self.room) for told in some],
            imported=imported,
            more_imported=imported > MOST_IMPORTED,
            named=named,
            kinds=KINDS,
            questions=await stored.count(),
            runs=await stored.recent_runs(RUNS_SHOWN),
        )

    async def _run_page(self, visit: Visit, run: StoredRun, problem: str = "") -> Response:
        answer = visit.page(
            "trial.html",
            status=422 if problem else 200,
            problem=problem,
            run=run,
            names=NAMES,
            kinds=KINDS,
            expected=EXPECTED,
            answers=ANSWERS,
            groups=_grouped(run),
            broken=run.report["counts"][Change.BROKEN.value] if run.report else 0,
            may_publish=visit.may(Role.APPROVER),
            typed=visit.form,
        )
        if not run.report:
            answer.headers["refresh"] = "5"
        return answer


async def _chosen(session: AsyncSession, numbers: Iterable[int], *, imported: bool) -> list[Told]:
    """The waiting versions with these numbers, without those that are gone; imported: and all drafts of imports."""
    found = [told for number in numbers if (told := await by_id(session, number)) and told.stored.status in WAITING]
    some = {told.id: told for told in found}
    if imported:
        drafts, _ = await waiting_versions(session, Status.DRAFT, written=False, limit=MOST_TRIED)
        some |= {told.id: told for told in drafts}
    return list(some.values())[:MOST_TRIED]


async def _listed(session: AsyncSession, named: Iterable[int]) -> tuple[list[Told], int]:
    """What is shown to choose from: what was named, sent in, is still written, was left by imports; how many drafts of
    imports there are."""
    sent, _ = await waiting_versions(session, Status.IN_REVIEW, written=True, limit=MOST_LISTED)
    writing, _ = await waiting_versions(session, Status.DRAFT, written=True, limit=MOST_LISTED)
    imported, total = await waiting_versions(session, Status.DRAFT, written=False, limit=MOST_IMPORTED)
    named_too = await _chosen(session, named, imported=False)
    return list({told.id: told for told in (*named_too, *sent, *writing, *imported)}.values()), total


def _kept(told: Told, room: Room) -> dict[str, Any]:
    stored, shall = told.stored, told.written
    day = told.flow.publish_on if told.flow else None
    name = getattr(shall, "name", "") or getattr(shall, "question", "")
    return {
        "id": told.id,
        "kind": stored.kind.value,
        "code": stored.code,
        "number": stored.number,
        "hash": stored.content_hash,
        "name": name or titles(room, [stored.code])[stored.code],
        "by": ", ".join(told.authors),
        "on": day.isoformat() if day else "",
        "sent": stored.status is Status.IN_REVIEW or told.flow is None,
    }


async def _approve(session: AsyncSession, one: Mapping[str, Any], *, by: str, now: datetime) -> str:
    """Publishes one change as it was tried; the day on which it begins, "" = at once. Raises DraftProblem."""
    kind = Kind(one["kind"])
    told = await one_version(session, kind, one["code"], one["number"])
    if told is None or told.stored.status not in WAITING or told.stored.content_hash != one["hash"]:
        raise DraftProblem(OUT_OF_DATE)
    on = told.flow.publish_on if told.flow else None
    begins = await approve(session, kind, one["code"], one["number"], by=by, now=now, on=on)
    return begins.isoformat() if begins else ""


def _grouped(run: StoredRun) -> Sequence[tuple[Change, list[Any]]]:
    if not run.report:
        return ()
    told = [(change, [one for one in run.report["questions"] if one["change"] == change.value]) for change in Change]
    return [(change, some) for change, some in told if some]
