"""Citizens who want to talk with a person: who waits, one talk with its answers, taken, passed on and given back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.handover import JOINS, LEAVES, WAITS_AGAIN
from bot.handover.post import LONGEST
from bot.staff.forms import whole
from bot.staff.page import HOME, Attention, Page, Section, roles
from bot.staff.room import Room, TalkRoom
from bot.staff.visit import Visit
from bot.storage.conversations import StoredConversations
from bot.storage.handover_templates import StoredTemplates
from bot.storage.handovers import NOT_ARRIVED, Delivery, EndedBy, Handover, State
from bot.storage.staff import Role
from bot.storage.staff_tables import staff_account
from handlers.messages import Line

ADDRESS = f"{HOME}/tro-chuyen"
WHO = roles(Role.OPERATOR, Role.ADMINISTRATOR)
PAGE = 50
BEFORE_SHOWN = 10
"""Lines of the talk with the machine that are shown above the talk with people."""
NOT_ARRIVED_WITHIN = timedelta(days=2)
SOMEBODY_ELSE = "Người khác vừa nhận cuộc trò chuyện này, hoặc nó đã kết thúc. Trang dưới đây là tình trạng mới nhất."
EMPTY = "Hãy viết câu trả lời."
TOO_LONG = f"Câu trả lời dài quá {LONGEST} ký tự; hãy chia thành nhiều tin."
NO_UNIT = "Không có đơn vị này. Hãy chọn trong danh sách."
DELIVERIES = {
    Delivery.QUEUED: "đang chờ gửi",
    Delivery.SENDING: "đang gửi",
    Delivery.SENT: "đã gửi",
    Delivery.UNREACHABLE: "không tới được: người dân đã chặn hoặc không nhận tin nữa",
    Delivery.FAILED: "không gửi được",
    Delivery.UNKNOWN: "không rõ đã tới chưa",
}
ENDINGS = {
    EndedBy.CITIZEN: "người dân quay lại với máy",
    EndedBy.STAFF: "cán bộ kết thúc",
    EndedBy.IDLE: "lâu không có tin",
    EndedBy.HOURS: "hết giờ, chưa ai nhận",
}


def section(room: Room) -> Section:
    """The pages, where the office has switched them on."""
    if room.talks is None:
        return Section(pages=())
    one = ADDRESS + "/{number}"
    deeds = {"nhan": take, "gui": say, "gui-lai": again, "chuyen": assign, "tra-hang": release, "tra-may": end}
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show_all, room), roles=WHO, menu="Trò chuyện"),
            Page(address=one, answer=partial(show, room), roles=WHO),
            *(
                Page(address=f"{one}/{name}", answer=partial(do, room), roles=WHO, method="POST")
                for name, do in deeds.items()
            ),
        ),
        attention=partial(attention, room),
    )


async def attention(room: Room) -> Sequence[Attention]:
    """Who waits, who has not been answered, and what did not arrive."""
    stored = _desk(room).handovers.stored
    open_ones = await stored.open_ones()
    waiting = sum(one.state is State.WAITING for one in open_ones)
    owed = sum(one.state is State.TAKEN and one.unanswered for one in open_ones)
    lost = sum((await stored.not_arrived(room.now() - NOT_ARRIVED_WITHIN)).values())
    return [
        Attention(waiting, "người đang chờ gặp cán bộ", ADDRESS, WHO, urgent=True),
        Attention(owed, "người đang chờ cán bộ trả lời tiếp", ADDRESS, WHO, urgent=True),
        Attention(lost, "tin của cán bộ chưa tới được người dân (2 ngày)", ADDRESS + "#da-xong", WHO),
    ]


async def show_all(room: Room, visit: Visit) -> Response:
    """What is under way that this visitor may see, then what is over."""
    desk, page = _desk(room), max(1, visit.number("trang"))
    stored = desk.handovers.stored
    over, total = await stored.ended_ones(PAGE, (page - 1) * PAGE)
    hours = desk.handovers.hours
    return visit.page(
        "talks.html",
        talks=[one for one in await stored.open_ones() if _may_see(visit, one)],
        over=[one for one in over if _may_see(visit, one)],
        lost=await stored.not_arrived(visit.now - NOT_ARRIVED_WITHIN),
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        hours=str(hours),
        is_open=hours.is_open(visit.now),
        opens=hours.next_opening(visit.now),
        waited=partial(_waited, visit.now),
        State=State,
        endings=ENDINGS,
    )


async def show(room: Room, visit: Visit) -> Response:
    """One talk."""
    return await _one(room, visit, await _talk(room, visit))


async def take(room: Room, visit: Visit) -> Response:
    """Begins to answer, in somebody's place where that is meant."""
    talk, over = await _talk(room, visit), visit.form.text("thay") == "1"
    joins = JOINS.format(unit=f" {visit.me.unit}" if visit.me.unit else "")
    deed = visit.deed("talk.take", _subject(talk), {"over": talk.taken_by} if over else {})
    taken = await _desk(room).handovers.stored.take(talk.id, deed, visit.now, joins, over=over)
    return await _done(room, visit, talk, taken, "da-nhan")


async def say(room: Room, visit: Visit) -> Response:
    """Words for the citizen."""
    talk, words = await _talk(room, visit), visit.form.text("loi")
    if not words or len(words) > LONGEST:
        return await _one(room, visit, talk, TOO_LONG if words else EMPTY, draft=words)
    said = await _desk(room).handovers.stored.say(talk.id, words, visit.deed("talk.say", _subject(talk)), visit.now)
    if not said:
        return await _one(room, visit, talk, SOMEBODY_ELSE, draft=words)
    return await _done(room, visit, talk, said, "tin-da-gui")


async def again(room: Room, visit: Visit) -> Response:
    """Sends once more what did not arrive."""
    talk, line = await _talk(room, visit), visit.form.number("dong")
    deed = visit.deed("talk.again", _subject(talk))
    queued = line is not None and await _desk(room).handovers.stored.again(talk.id, line, deed, visit.now)
    return await _done(room, visit, talk, queued, "tin-da-gui")


async def assign(room: Room, visit: Visit) -> Response:
    """Makes it the work of a unit."""
    talk, unit = await _talk(room, visit), visit.form.text("don_vi")
    if unit and unit not in await _units(room):
        return await _one(room, visit, talk, NO_UNIT)
    deed = visit.deed("talk.assign", _subject(talk), {"unit": unit})
    assigned = await _desk(room).handovers.stored.assign(talk.id, unit, deed, visit.now)
    if not assigned:
        return await _one(room, visit, talk, SOMEBODY_ELSE)
    return visit.go(ADDRESS, "da-chuyen")


async def release(room: Room, visit: Visit) -> Response:
    """Puts it back among those who wait."""
    talk = await _talk(room, visit)
    deed = visit.deed("talk.release", _subject(talk))
    released = await _desk(room).handovers.stored.release(talk.id, deed, visit.now, WAITS_AGAIN)
    return await _done(room, visit, talk, released, "tra-hang")


async def end(room: Room, visit: Visit) -> Response:
    """Gives the citizen back to the machine."""
    talk = await _talk(room, visit)
    ended = await _desk(room).handovers.stored.end(talk.id, visit.deed("talk.end", _subject(talk)), visit.now, LEAVES)
    return await _done(room, visit, talk, ended, "tra-may")


async def _done(room: Room, visit: Visit, talk: Handover, done: bool, told: str) -> Response:
    if not done:
        return await _one(room, visit, talk, SOMEBODY_ELSE)
    await _desk(room).post.deliver_soon(talk.id)
    return visit.go(f"{ADDRESS}/{talk.id}", told)


async def _one(room: Room, visit: Visit, talk: Handover, problem: str = "", draft: str = "") -> Response:
    stored = _desk(room).handovers.stored
    newest = await stored.get(talk.id) or talk
    templates = await StoredTemplates(room.engine).all()
    chosen = next((one for one in templates if str(one.id) == visit.query("mau")), None)
    return visit.page(
        "talk.html",
        status=422 if problem else 200,
        problem=problem,
        talk=newest,
        mine=newest.state is State.TAKEN and newest.taken_by == visit.me.name,
        ahead=await stored.ahead(newest) if newest.state is State.WAITING else 0,
        waited=partial(_waited, visit.now),
        lines=await stored.lines(newest.id),
        before=await _before(room, newest),
        templates=[("", "Chọn mẫu"), *((str(one.id), one.title) for one in templates)],
        draft=draft or (chosen.body if chosen else ""),
        longest=LONGEST,
        units=[("", "Mọi người"), *((unit, unit) for unit in await _units(room))],
        State=State,
        deliveries=DELIVERIES,
        not_arrived=NOT_ARRIVED,
        endings=ENDINGS,
    )


async def _before(room: Room, talk: Handover) -> list[Line]:
    """What was said with the machine before: personal numbers masked, complaints without their words."""
    lines = await StoredConversations(room.engine).history(talk.citizen, 5 * BEFORE_SHOWN)
    earlier = [line for line in lines if line.at < talk.opened_at and (line.reply is None or not line.reply.silent)]
    return earlier[-BEFORE_SHOWN:]


async def _talk(room: Room, visit: Visit) -> Handover:
    number = whole(visit.part("number"))
    talk = await _desk(room).handovers.stored.get(number) if number is not None else None
    if talk is None or not _may_see(visit, talk):
        raise HTTPException(404)
    return talk


def _may_see(visit: Visit, talk: Handover) -> bool:
    """What is a unit's work is seen by its people, by whoever has taken it, and by administrators."""
    mine = visit.me.name == talk.taken_by or visit.may(Role.ADMINISTRATOR)
    return not talk.unit or talk.unit == visit.me.unit or mine


async def _units(room: Room) -> list[str]:
    query = select(staff_account.c.unit).where(staff_account.c.disabled_at.is_(None), staff_account.c.unit != "")
    async with room.engine.connect() as connection:
        return sorted(set((await connection.execute(query)).scalars()))


def _desk(room: Room) -> TalkRoom:
    if room.talks is None:
        raise HTTPException(404)
    return room.talks


def _subject(talk: Handover) -> str:
    return f"talk:{talk.id}"


def _waited(now: datetime, since: datetime) -> str:
    minutes = max(0, int((now - since).total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    return f"{hours} giờ {rest} phút" if hours else f"{minutes} phút"
