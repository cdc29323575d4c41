"""The proof of one citizen's consent, for an inspection or for themselves: each yes and no, and what they were sent."""

from starlette.responses import Response

from bot.campaigns.account import StoredAccounts
from bot.campaigns.delivery import DELIVERY_NAMES
from bot.campaigns.followers import StoredFollowers
from bot.campaigns.topics import names
from bot.staff.campaigns.progress import error_name
from bot.staff.campaigns.shown import channel_name, channels_of
from bot.staff.room import Room
from bot.staff.visit import Visit
from handlers.messages import Citizen

NO_ID = "Hãy chọn kênh và ghi đúng mã tài khoản trên kênh ấy."


async def show(room: Room, visit: Visit) -> Response:
    """The form; an id is never part of an address."""
    return _page(room, visit)


async def look(room: Room, visit: Visit) -> Response:
    """What there is of one citizen. That it was looked at is recorded, not of whom."""
    channel, number = visit.form.text("kenh"), visit.form.text("ma")[:200]
    if channel not in channels_of(room.campaigning) or not number:
        return _page(room, visit, status=422, problem=NO_ID)
    citizen = Citizen(channel, number)
    proof = await StoredFollowers(room.engine).proof(citizen)
    sent = await StoredAccounts(room.engine).of_citizen(channel, number)
    await room.audit.add(visit.deed("consent.look", "", {"lines": len(proof)}), visit.now)
    return _page(room, visit, proof=proof, sent=sent)


def _page(room: Room, visit: Visit, **values: object) -> Response:
    shown: dict[str, object] = {
        "proof": None,
        "sent": (),
        "typed": visit.form,
        "channels": [(name, channel_name(name)) for name in channels_of(room.campaigning)],
        "topic_names": names,
        "state_names": DELIVERY_NAMES,
        "error_name": error_name,
        **values,
    }
    return visit.page("campaign_consents.html", **shown)  # type: ignore[arg-type]
