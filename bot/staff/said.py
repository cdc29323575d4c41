"""“What did the desk say on 3 December at 9:00 about this?” — answered from the versions and the hashes of replies."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from starlette.responses import Response

from bot.staff.page import ANY_ROLE, HOME, Page, Section
from bot.staff.retelling import entry_then
from bot.staff.room import Room
from bot.staff.trail import day_of
from bot.staff.visit import Visit
from bot.storage.answers import AnswerRecord, StoredAnswers
from handlers.messages import Outcome
from knowledge.entries import FAQ_PREFIX
from knowledge.store import VIETNAM

ADDRESS = f"{HOME}/da-noi"
AROUND = {"15": "15 phút", "60": "1 giờ", "1440": "24 giờ"}
MOST_FOUND = 8
MOST_TOLD = 50
LONGEST_REF = 70
NO_MOMENT = "Hãy chọn ngày và giờ."
NOTHING_FOUND = "Không tìm thấy mục nào khớp. Hãy ghi mã thủ tục, hoặc faq: và mã câu hỏi nếu mục đã bị bỏ."
NOT_IN_FORCE = "Lúc ấy mục này chưa có hoặc không còn hiệu lực: máy không trả lời từ mục này."
OUTCOMES = {
    Outcome.ANSWERED: "Đã trả lời",
    Outcome.CLARIFYING: "Hỏi lại cho rõ",
    Outcome.REFUSED: "Từ chối",
    Outcome.NOT_FOUND: "Không tìm thấy",
    Outcome.VOTED: "Người dân đánh giá",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One recorded reply. first: it was about the entry, which was not only offered; same: the text is proven."""

    record: AnswerRecord
    outcome: str
    text: str
    first: bool
    same: bool


def section(room: Room) -> Section:
    """The page."""
    return Section(pages=(Page(address=ADDRESS, answer=partial(show, room), roles=ANY_ROLE, menu="Máy đã nói gì"),))


async def show(room: Room, visit: Visit) -> Response:
    """The entries that are meant; of one entry what was in force then, and what was said around that moment."""
    asked = {name: visit.query(name) for name in ("ngay", "gio", "muc", "quanh")}
    asked["quanh"] = asked["quanh"] if asked["quanh"] in AROUND else "15"
    moment, about = moment_of(asked["ngay"], asked["gio"]), asked["muc"]
    values: dict[str, Any] = {
        "asked": asked,
        "around": list(AROUND.items()),
        "found": [],
        "then": None,
        "told": [],
        "card": "",
    }
    if not about:
        return visit.page("said.html", **values)
    if moment is None:
        return visit.page("said.html", status=422, problem=NO_MOMENT, **values)
    ref = await _ref(room, about)
    if not ref:
        values["found"] = [(hit.ref, hit.title) for hit in room.base().find(about).hits[:MOST_FOUND]]
        return visit.page("said.html", problem="" if values["found"] else NOTHING_FOUND, **values)
    async with room.sessions() as session:
        then = await entry_then(session, room.base(), ref, moment)
        values |= {"then": then, "card": await then.card() if then else ""}
        values["told"] = await _told(room, ref, moment, timedelta(minutes=int(asked["quanh"])))
    return visit.page("said.html", problem="" if then else NOT_IN_FORCE, at=moment, ref=ref, **values)


def moment_of(day: str, clock: str) -> datetime | None:
    """An aware moment from the fields of a form, on the clock of Viet Nam; None for anything else."""
    on = day_of(day)
    try:
        at = time.fromisoformat(clock or "00:00")
    except ValueError:
        return None
    return datetime.combine(on, at.replace(tzinfo=None), VIETNAM) if on and 2000 <= on.year < 2200 else None


async def _ref(room: Room, about: str) -> str:
    """The entry that a text names by its code; "" where it has to be looked for."""
    if len(about) > LONGEST_REF or " " in about:
        return ""
    if about.startswith(FAQ_PREFIX) or room.base().procedure(about):
        return about
    # A code that is no longer in force, or a question's own name.
    if "." in about and about.replace(".", "").isalnum() and any(sign.isdigit() for sign in about):
        return about
    return FAQ_PREFIX + about if room.base().faq(about) else ""


async def _told(room: Room, ref: str, moment: datetime, around: timedelta) -> list[Told]:
    records = await StoredAnswers(room.engine).between(moment - around, moment + around, ref=ref, limit=MOST_TOLD)
    found = []
    async with room.sessions() as session:
        for record in records:
            first = record.refs[0] == ref and record.outcome is Outcome.ANSWERED
            text, same = "", False
            if first:
                version = record.versions[0] if record.versions else ""
                number = int(version) if version.isdecimal() else None
                then = await entry_then(session, room.base(), ref, record.at, number)
                text, same = await then.told(record) if then else ("", False)
            found.append(Told(record, OUTCOMES.get(record.outcome, record.outcome.value), text, first, same))
    return found
