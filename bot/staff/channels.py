"""The chat channels: how each is, and the switch that pauses them all."""

from collections.abc import Sequence
from functools import partial

from starlette.responses import Response

from bot.channel_states import NOT_ASKED
from bot.gate import LONGEST_WORDS, PAUSED
from bot.staff.page import HOME, Attention, Page, Section, roles
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.service_state import StoredPause
from bot.storage.staff import Role

ADDRESS = f"{HOME}/kenh"
WHO = roles(Role.OPERATOR, Role.ADMINISTRATOR)
WRONG = f"Câu trả lời phải có từ 1 đến {LONGEST_WORDS} ký tự."
NOT_PAUSED = "Bàn hỏi đáp không đang tạm dừng."


def section(room: Room) -> Section:
    """The pages."""
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show, room), roles=WHO, menu="Kênh trò chuyện"),
            Page(address=ADDRESS + "/tam-dung", answer=partial(pause, room), roles=WHO, method="POST"),
            Page(address=ADDRESS + "/mo-lai", answer=partial(resume, room), roles=WHO, method="POST"),
        ),
        attention=partial(attention, room),
    )


async def attention(room: Room) -> Sequence[Attention]:
    """Channels that are not well, a desk that is paused, messages that could not be answered."""
    paused = await StoredPause(room.engine).message()
    return [
        Attention(room.watch.unwell() if room.watch else 0, "kênh trò chuyện chưa ổn", ADDRESS, WHO, urgent=True),
        Attention(int(paused is not None), "lệnh tạm dừng mọi kênh đang có hiệu lực", ADDRESS, WHO, urgent=True),
    ]


async def show(room: Room, visit: Visit) -> Response:
    """How they are."""
    return await _page(room, visit)


async def pause(room: Room, visit: Visit) -> Response:
    """From now on every message is answered by these words."""
    words = visit.form.text("cau")
    if not words or len(words) > LONGEST_WORDS:
        return await _page(room, visit, WRONG, words)
    await StoredPause(room.engine).pause(words, visit.now, visit.deed("channel.pause"))
    return visit.go(ADDRESS, "dung-kenh")


async def resume(room: Room, visit: Visit) -> Response:
    """Answers as ever."""
    if not await StoredPause(room.engine).resume(visit.deed("channel.resume"), visit.now):
        return await _page(room, visit, NOT_PAUSED)
    return visit.go(ADDRESS, "mo-lai")


async def _page(room: Room, visit: Visit, problem: str = "", words: str = "") -> Response:
    switch = StoredPause(room.engine)
    message = await switch.message()
    return visit.page(
        "channels.html",
        status=422 if problem else 200,
        problem=problem,
        channels=await room.watch.states() if room.watch else [],
        not_asked=NOT_ASKED,
        message=message,
        since=await switch.since() if message is not None else None,
        words=words or PAUSED,
        longest=LONGEST_WORDS,
    )
