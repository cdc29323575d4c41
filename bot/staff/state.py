"""How the desk is doing: what was read in, what nobody has confirmed for long, what failed."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func, select
from starlette.responses import Response

from bot.staff.page import HOME, Attention, Page, Section, roles
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.answers import StoredAnswers
from bot.storage.staff import Role
from handlers.messages import Outcome
from knowledge.aging import stale_procedures
from knowledge.entries import FAQ_PREFIX
from knowledge.importing.portal.history import FAILED, PortalRun, recent
from knowledge.staleness import confirmed_on
from knowledge.store import calendar_day
from knowledge.tables import Status, entry, import_run, version

ADDRESS = f"{HOME}/tinh-trang"
LOOKED_BACK = timedelta(days=7)
FAILED_WITHIN = timedelta(hours=24)
SHOWN = 50
RUNS_SHOWN = 20
OPERATORS = roles(Role.OPERATOR, Role.ADMINISTRATOR)
WRITERS = roles(Role.EDITOR, Role.APPROVER)


@dataclass(frozen=True, slots=True)
class Stale:
    """An entry that nobody has confirmed for long. ref: a code or "faq:ID"; day: when it was last confirmed."""

    ref: str
    name: str
    day: date


def section(room: Room) -> Section:
    """The page."""
    state = _State(room)
    page = Page(address=ADDRESS, answer=state.show, roles=OPERATORS | WRITERS, menu="Tình trạng")
    return Section(pages=(page,), attention=state.attention)


@dataclass(slots=True)
class _State:
    room: Room
    _stale: tuple[tuple[int, date], list[Stale]] | None = field(default=None, init=False)

    async def show(self, visit: Visit) -> Response:
        """Everything on one page."""
        stale = await self._all_stale()
        return visit.page(
            "state.html",
            imports=await self._imports(),
            readings=[one for one in await recent(self.room.sessions, RUNS_SHOWN) if one.outcome],
            failed=FAILED,
            stale=stale[:SHOWN],
            stale_total=len(stale),
            confirm_days=self.room.profile.confirm_days,
            failures=await self._failures(),
        )

    async def attention(self) -> list[Attention]:
        """What of it needs a hand."""
        since = self.room.now() - LOOKED_BACK
        async with self.room.sessions() as session:
            refused = await session.scalar(
                select(func.coalesce(func.sum(import_run.c.refused), 0)).where(import_run.c.at >= since)
            )
            drafts = await session.scalar(
                select(func.count())
                .select_from(version.join(entry))
                .where(version.c.status.in_((Status.DRAFT, Status.IN_REVIEW)))
            )
        readings = await recent(self.room.sessions, RUNS_SHOWN)
        failures, stale = await self._failures(), len(await self._all_stale())
        everybody = OPERATORS | WRITERS
        return [
            Attention(failures, "câu hỏi gặp lỗi máy trong 24 giờ", ADDRESS + "#loi", OPERATORS, urgent=True),
            Attention(_failed_last(readings), "lần đọc Cổng quốc gia bị lỗi", ADDRESS + "#nap", OPERATORS, urgent=True),
            Attention(refused or 0, "dòng bị từ chối khi nạp trong 7 ngày", ADDRESS + "#nap", everybody),
            Attention(stale, "mục lâu chưa được xác nhận lại", ADDRESS + "#cu", WRITERS),
            Attention(drafts or 0, "bản nháp chưa công bố", ADDRESS + "#nap", WRITERS),
        ]

    async def _imports(self) -> list[object]:
        async with self.room.sessions() as session:
            rows = await session.execute(select(import_run).order_by(import_run.c.id.desc()).limit(RUNS_SHOWN))
            return list(rows.mappings())

    async def _failures(self) -> int:
        return await StoredAnswers(self.room.engine).count(Outcome.FAILED, self.room.now() - FAILED_WITHIN)

    async def _all_stale(self) -> list[Stale]:
        """Read once for each revision and day."""
        base, today = self.room.base(), calendar_day(self.room.now())
        key = (base.revision, today)
        if self._stale is None or self._stale[0] != key:
            self._stale = key, await self._read_stale(today)
        return self._stale[1]

    async def _read_stale(self, today: date) -> list[Stale]:
        base, days = self.room.base(), self.room.profile.confirm_days
        if not days:
            return []
        names = dict(zip(base.facts.ref, base.facts.title, strict=True))
        async with self.room.sessions() as session:
            found = await stale_procedures(session, today, days)
        stale = [Stale(code, names.get(code, code), day) for code, day in found]
        for faq in base.faqs():
            day = confirmed_on(faq)
            if day is not None and (today - day).days > days:
                stale.append(Stale(FAQ_PREFIX + faq.id, faq.question, day))
        return sorted(stale, key=lambda one: (one.day, one.ref))


def _failed_last(readings: list[PortalRun]) -> int:
    return int(bool(readings) and readings[0].outcome == FAILED)
