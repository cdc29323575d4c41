"""All campaigns, the ready-made ones, and what of them needs a hand."""

from sqlalchemy import func, select
from starlette.responses import Response

from bot.campaigns.campaign import STATE_NAMES, State
from bot.campaigns.delivery import DeliveryState
from bot.campaigns.drafting import ready_made
from bot.campaigns.store import StoredCampaigns
from bot.staff.campaigns.addresses import ADDRESS, APPROVERS, WHO
from bot.staff.page import Attention
from bot.staff.room import Room
from bot.staff.state import LOOKED_BACK
from bot.staff.visit import Visit
from bot.storage.campaign_tables import campaign_run, delivery

PAGE = 30


async def show(room: Room, visit: Visit) -> Response:
    """The newest campaigns that are wanted."""
    states = [state for state in State if state.value == visit.query("trang_thai")]
    page, search = max(1, visit.number("trang")), visit.query("q")
    found, total = await StoredCampaigns(room.engine).page(
        states=states, search=search, limit=PAGE, offset=(page - 1) * PAGE
    )
    return visit.page(
        "campaigns.html",
        campaigns=found,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        states=[("", "Mọi trạng thái"), *((state.value, name) for state, name in STATE_NAMES.items())],
        state_names=STATE_NAMES,
        asked={"q": search, "trang_thai": visit.query("trang_thai")},
    )


async def show_ready_made(room: Room, visit: Visit) -> Response:
    """The campaigns shipped with the program."""
    return visit.page("campaign_starters.html", starters=ready_made())


async def waiting(room: Room) -> list[Attention]:
    """Campaigns to approve, those that paused themselves, and messages that did not arrive of late."""
    in_review, paused = await StoredCampaigns(room.engine).waiting()
    lately = select(campaign_run.c.id).where(campaign_run.c.started_at > room.now() - LOOKED_BACK)
    failed = select(func.count()).where(delivery.c.run_id.in_(lately), delivery.c.state == DeliveryState.FAILED.value)
    async with room.engine.connect() as connection:
        failures = int((await connection.execute(failed)).scalar_one())
    return [
        Attention(in_review, "chiến dịch chờ duyệt", f"{ADDRESS}?trang_thai={State.IN_REVIEW}", APPROVERS),
        Attention(paused, "chiến dịch tự tạm dừng vì lỗi", f"{ADDRESS}?trang_thai={State.PAUSED}", WHO, urgent=True),
        Attention(failures, "tin chiến dịch gửi lỗi trong 7 ngày", ADDRESS, WHO),
    ]
