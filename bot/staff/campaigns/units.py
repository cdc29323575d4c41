"""The units whose officials join by a link or a QR code."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

import segno
from markupsafe import Markup
from starlette.responses import Response

from bot.campaigns.followers import Invitation, StoredFollowers
from bot.staff.campaigns.addresses import UNITS
from bot.staff.room import Room
from bot.staff.visit import Visit

LONGEST_UNIT = 100
NO_UNIT = f"Tên đơn vị có từ 1 đến {LONGEST_UNIT} ký tự."
NO_EMAIL = "Thư điện tử của đơn vị chưa đúng."
GONE = "Lời mời này đã đóng."
_EMAIL = re.compile(r"[^@\s]{1,100}@[^@\s]{1,90}\.[^@\s]{2,20}")


@dataclass(frozen=True, slots=True)
class Joining:
    """How the officials of a unit join. addresses: by platform; codes: the same as QR codes."""

    invitation: Invitation
    addresses: Mapping[str, str]
    codes: Mapping[str, Markup]


async def show(room: Room, visit: Visit) -> Response:
    """All units that invite."""
    return await _page(room, visit)


async def invite(room: Room, visit: Visit) -> Response:
    """Invites the officials of a unit; for one that does already its e-mail address is changed."""
    unit, email = visit.form.text("don_vi"), visit.form.text("thu")
    if not 0 < len(unit) <= LONGEST_UNIT:
        return await _page(room, visit, NO_UNIT)
    if email and not _EMAIL.fullmatch(email):
        return await _page(room, visit, NO_EMAIL)
    await StoredFollowers(room.engine).invite(unit, email, visit.deed(""), visit.now)
    return visit.go(UNITS, "da-luu")


async def close(room: Room, visit: Visit) -> Response:
    """Nobody joins by this link any more."""
    if not await StoredFollowers(room.engine).close_invitation(visit.form.text("ma"), visit.deed(""), visit.now):
        return await _page(room, visit, GONE)
    return visit.go(UNITS, "da-luu")


async def _page(room: Room, visit: Visit, problem: str = "") -> Response:
    units = [_joining(room, one) for one in await StoredFollowers(room.engine).invitations()]
    return visit.page(
        "campaign_units.html", status=422 if problem else 200, problem=problem, units=units, typed=visit.form
    )


def _joining(room: Room, one: Invitation) -> Joining:
    addresses = room.campaigning.invitations(one.code)
    codes = {name: _qr(address) for name, address in addresses.items() if one.code in address}
    return Joining(one, addresses, codes)


def _qr(address: str) -> Markup:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=3, light="#fff", xmldecl=False, svgns=False, scale=4
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - our own drawing
