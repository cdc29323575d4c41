"""What in the knowledge should be mended, by kind, each with where to mend it or a button to set it aside."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.forms import whole
from bot.staff.page import HOME, Attention, Page, Section, roles
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.staff.warning_lists import KINDS, URGENT, Lists
from bot.storage.staff import Role

ADDRESS = f"{HOME}/canh-bao"
WRITERS = roles(Role.EDITOR, Role.APPROVER)
READERS = WRITERS | roles(Role.OPERATOR)
PAGE = 50
QUIET_DAYS = {"90": timedelta(days=90), "": None}
"""For how long a warning is set aside; None = for good."""
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class _Desk:
    room: Room
    lists: Lists


def section(room: Room) -> Section:
    """The pages."""
    desk = _Desk(room, Lists(room))
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show, desk), roles=READERS, menu="Cảnh báo"),
            Page(address=ADDRESS + "/thoi-nhac", answer=partial(silence, desk), roles=WRITERS, method="POST"),
            Page(address=ADDRESS + "/mo-thu", answer=partial(look, desk), roles=READERS, method="POST"),
        ),
        attention=partial(waiting, desk),
    )


async def show(desk: _Desk, visit: Visit) -> Response:
    """All kinds with their counts; of one kind (`loai`) what there is."""
    kind, page = visit.query("loai"), max(1, visit.number("trang"))
    counts = await desk.lists.counts(visit.now)
    chosen = kind if kind in KINDS else next((name for name in KINDS if counts[name]), "")
    items = await desk.lists.page(chosen, visit.now, limit=PAGE, offset=(page - 1) * PAGE) if chosen else []
    total = counts.get(chosen, 0)
    return visit.page(
        "warnings.html",
        kinds=KINDS,
        counts=counts,
        chosen=chosen,
        items=items,
        page=page,
        pages=max(1, -(-total // PAGE)),
        total=total,
        looked_at=await desk.lists.looked_at(),
        may_write=visit.may(Role.EDITOR, Role.APPROVER),
    )


async def silence(desk: _Desk, visit: Visit) -> Response:
    """Sets one warning aside."""
    form = visit.form
    key, kind = form.text("dau"), form.text("loai")
    if not _KEY.fullmatch(key) or kind not in KINDS:
        raise HTTPException(404)
    lasting = QUIET_DAYS.get(form.text("ngay"), QUIET_DAYS["90"])
    deed = visit.deed("warning.silence", form.text("muc")[:100], {"kind": KINDS[kind].name})
    until = visit.now + lasting if lasting else None
    await desk.lists.silence(key, until=until, by=deed, now=visit.now)
    return visit.go(ADDRESS, "thoi-nhac", loai=kind)


async def look(desk: _Desk, visit: Visit) -> Response:
    """Has a link looked at tonight."""
    number = whole(visit.form.text("so"))
    known = number is not None and await desk.lists.stored.look_tonight(
        number, by=visit.deed("warning.look"), now=visit.now
    )
    if not known:
        raise HTTPException(404)
    return visit.go(ADDRESS, "dem-nay", loai="links")


async def waiting(desk: _Desk) -> Sequence[Attention]:
    """What has ended, and how much else there is."""
    counts = await desk.lists.counts(desk.room.now())
    urgent = [
        Attention(counts[name], KINDS[name].todo, f"{ADDRESS}?loai={name}", WRITERS, urgent=True) for name in URGENT
    ]
    others = sum(count for name, count in counts.items() if name not in URGENT and KINDS[name].counted)
    return [*urgent, Attention(others, "cảnh báo về nội dung", ADDRESS, WRITERS)]
