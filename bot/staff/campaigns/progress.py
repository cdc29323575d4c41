"""How a campaign goes and what came of it: live numbers, each delivery, what it caused, and all of it as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.campaigns.account import Effect, Progress, StoredAccounts
from bot.campaigns.campaign import ENDED, STATE_NAMES, Campaign
from bot.campaigns.delivery import DELIVERY_NAMES, ERROR_NAMES, Delivery, DeliveryState, Run
from bot.staff.campaigns.addresses import ADDRESS
from bot.staff.campaigns.reading import wanted
from bot.staff.campaigns.shown import channel_name
from bot.staff.room import Room
from bot.staff.sheets import sheet_file
from bot.staff.shown import moment
from bot.staff.visit import Visit
from bot.storage.audit import Detail
from bot.web.frame import display_of
from knowledge.store import VIETNAM

PAGE = 100
MOST_IN_A_FILE = 500_000
"""Rows of one file; more than a spreadsheet program opens with pleasure."""
HEADINGS = ("Lần gửi", "Kênh", "Người nhận (che)", "Cách gửi", "Trạng thái", "Lúc", "Lỗi", "Số lần thử")
OUTCOMES = {"": "đang gửi", "done": "đã xong", "expired": "hết hạn", "cancelled": "đã hủy", "missed": "lỡ, không gửi"}


@dataclass(frozen=True, slots=True)
class _Account:
    campaign: Campaign
    runs: Sequence[Run]
    run: Run | None
    progress: Progress | None
    effect: Effect


async def show(room: Room, visit: Visit) -> Response:
    """The numbers of one run; with `manh` only the part that changes."""
    account = await _account(room, visit)
    live = account.campaign.state not in ENDED and bool(account.progress and account.progress.run.open)
    values: dict[str, Any] = {
        "campaign": account.campaign,
        "address": f"{ADDRESS}/{account.campaign.id}",
        "state": STATE_NAMES[account.campaign.state],
        "runs": account.runs,
        "run": account.run,
        "progress": account.progress,
        "effect": account.effect,
        "live": live,
        "state_names": DELIVERY_NAMES,
        "error_name": error_name,
        "channel_name": channel_name,
        "outcomes": OUTCOMES,
        "left_words": left_words(account.progress.seconds_left if account.progress else None),
        "now": visit.now,
    }
    if visit.query("manh"):
        return HTMLResponse(room.frame.render("campaign_live.html", display_of(visit.request), visit=visit, **values))
    return visit.page("campaign_progress.html", **values)


async def recipients(room: Room, visit: Visit) -> Response:
    """Each delivery of one run, without anybody's whole id."""
    account = await _account(room, visit)
    if account.run is None:
        raise HTTPException(404)
    state = next((one for one in DeliveryState if one.value == visit.query("trang_thai")), None)
    page = max(1, visit.number("trang"))
    found, total = await StoredAccounts(room.engine).deliveries(
        account.run.id, state=state, limit=PAGE, offset=(page - 1) * PAGE
    )
    return visit.page(
        "campaign_recipients.html",
        campaign=account.campaign,
        address=f"{ADDRESS}/{account.campaign.id}",
        run=account.run,
        deliveries=found,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        states=[("", "Mọi trạng thái"), *((one.value, name) for one, name in DELIVERY_NAMES.items())],
        asked={"lan": str(account.run.id), "trang_thai": state.value if state else ""},
        state_names=DELIVERY_NAMES,
        error_name=error_name,
        channel_name=channel_name,
    )


async def export(room: Room, visit: Visit) -> Response:
    """Every delivery of one run as a file; that it was taken is recorded."""
    account = await _account(room, visit, visit.form.text("lan"))
    if account.run is None:
        raise HTTPException(404)
    rows: list[tuple[str | int, ...]] = []
    async for one in StoredAccounts(room.engine).all_deliveries(account.run.id):
        if len(rows) >= MOST_IN_A_FILE:
            break
        rows.append(_row(account.run, one))
    form = "csv" if visit.form.text("dang") == "csv" else "xlsx"
    detail: Detail = {"lines": len(rows), "form": form}
    await room.audit.add(visit.deed("campaign.export", f"campaign:{account.campaign.id}", detail), visit.now)
    name = f"chien-dich-{account.campaign.id}-{account.run.due_at.astimezone(VIETNAM):%Y-%m-%d}"
    return await sheet_file(form, name, "Người nhận", HEADINGS, rows)


def error_name(error: str) -> str:
    """Why it did not arrive, for people."""
    return ERROR_NAMES.get(error, error)


def left_words(seconds: int | None) -> str:
    """How long it still takes: "2 giờ 5 phút"."""
    if seconds is None:
        return "chưa ước tính được"
    minutes = -(-seconds // 60)
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} giờ" if hours else "", f"{rest} phút" if rest or not hours else "")))


async def _account(room: Room, visit: Visit, wanted_run: str = "") -> _Account:
    campaign, accounts = await wanted(room, visit), StoredAccounts(room.engine)
    runs = await accounts.runs(campaign.id)
    asked = wanted_run or visit.query("lan")
    run = next((one for one in runs if str(one.id) == asked), runs[0] if runs and not asked else None)
    return _Account(
        campaign=campaign,
        runs=runs,
        run=run,
        progress=await accounts.progress(run.id, visit.now) if run else None,
        effect=await accounts.effect(campaign.id, campaign.plan.procedures),
    )


def _row(run: Run, one: Delivery) -> tuple[str | int, ...]:
    return (
        moment(run.due_at),
        channel_name(one.channel),
        one.shown,
        one.route,
        DELIVERY_NAMES[one.state],
        moment(one.at),
        error_name(one.error),
        one.attempts,
    )
