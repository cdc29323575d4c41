"""One campaign: what it says, to whom, what stands in its way, and everything that is done to it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.campaigns.audience import KIND_NAMES, Route
from bot.campaigns.campaign import STATE_NAMES, Campaign, CampaignProblem, Move, State
from bot.campaigns.checks import stopping
from bot.campaigns.store import StoredCampaigns
from bot.campaigns.topics import names
from bot.staff.campaigns.addresses import ADDRESS
from bot.staff.campaigns.reading import Checked, checked, counted, wanted
from bot.staff.campaigns.shown import MAY, audience_words, by_hand, channel_name, may, previews
from bot.staff.campaigns.times import rule_words
from bot.staff.room import Room
from bot.staff.visit import Visit

ROUTE_NAMES = {
    Route.TEXT: "tin thường",
    Route.TEMPLATE: "tin mẫu Zalo có phí",
    Route.NONE: "không có cách nhắn tới",
}
NO_REASON = "Hãy ghi lý do."
NOT_READY = "Chưa thể duyệt: {wrongs}"
APPROVED_ONLY = "Đã duyệt, nhưng chưa hẹn gửi được: {why}"
LOOKED_AT = (State.DRAFT, State.IN_REVIEW, State.APPROVED)
"""Where it still matters whom it would reach and what is wrong with it."""


async def show(room: Room, visit: Visit) -> Response:
    """The page of one campaign."""
    campaign = await wanted(room, visit)
    asked = campaign.state is State.IN_REVIEW or bool(visit.query("kiem_tra"))
    return await _page(room, visit, campaign, asked=asked)


async def submit(room: Room, visit: Visit) -> Response:
    """Gives a draft to an approver; only what cannot be sent at all stops it here."""
    campaign = await wanted(room, visit)
    _allowed(visit, campaign, Move.SUBMIT)
    found = await checked(room, campaign.plan)
    if wrongs := stopping(found.findings):
        return await _page(room, visit, campaign, problem=NOT_READY.format(wrongs=" ".join(wrongs)), found=found)
    return await _done(room, visit, campaign, "gui-duyet", StoredCampaigns(room.engine).submit)


async def send_back(room: Room, visit: Visit) -> Response:
    """Gives it back to its author with the reason."""
    campaign, why = await wanted(room, visit), visit.form.text("ly_do")
    _allowed(visit, campaign, Move.SEND_BACK)
    if not why:
        return await _page(room, visit, campaign, problem=NO_REASON)
    store = StoredCampaigns(room.engine)
    return await _done(room, visit, campaign, "tra-lai", lambda n, by, now: store.send_back(n, why, by, now))


async def approve(room: Room, visit: Visit) -> Response:
    """Approves what was seen, after everything was looked at once more, and lets it begin at its time."""
    campaign, store = await wanted(room, visit), StoredCampaigns(room.engine)
    if not visit.may(*MAY[Move.APPROVE]):
        raise HTTPException(403)
    seen = seen_of(visit, campaign)
    if campaign.state is State.IN_REVIEW:
        found = await checked(room, campaign.plan)
        if wrongs := stopping(found.findings):
            return await _page(room, visit, campaign, problem=NOT_READY.format(wrongs=" ".join(wrongs)), found=found)
    try:
        await store.approve(campaign.id, visit.deed(""), visit.now, seen=seen)
    except CampaignProblem as problem:
        return await _page(room, visit, campaign, problem=str(problem))
    try:
        await store.schedule(campaign.id, visit.deed(""), visit.now)
    except CampaignProblem as problem:
        now = await wanted(room, visit)
        return await _page(room, visit, now, problem=APPROVED_ONLY.format(why=problem))
    return visit.go(f"{ADDRESS}/{campaign.id}", "duyet-gui")


async def schedule(room: Room, visit: Visit) -> Response:
    """Lets an approved one begin at its time."""
    campaign = await wanted(room, visit)
    _allowed(visit, campaign, Move.SCHEDULE)
    return await _done(room, visit, campaign, "da-hen", StoredCampaigns(room.engine).schedule)


async def pause(room: Room, visit: Visit) -> Response:
    """Sends nothing more for now."""
    campaign, store = await wanted(room, visit), StoredCampaigns(room.engine)
    _allowed(visit, campaign, Move.PAUSE)
    why = visit.form.text("ly_do") or f"{visit.me.name} tạm dừng"
    return await _done(room, visit, campaign, "tam-dung", lambda n, by, now: store.pause(n, why, by, now))


async def resume(room: Room, visit: Visit) -> Response:
    """Goes on."""
    campaign = await wanted(room, visit)
    _allowed(visit, campaign, Move.RESUME)
    return await _done(room, visit, campaign, "tiep-tuc", StoredCampaigns(room.engine).resume)


async def cancel(room: Room, visit: Visit) -> Response:
    """Ends it for good."""
    campaign = await wanted(room, visit)
    _allowed(visit, campaign, Move.CANCEL)
    return await _done(room, visit, campaign, "huy-chien-dich", StoredCampaigns(room.engine).cancel)


async def resend(room: Room, visit: Visit) -> Response:
    """Sends again to those whom it failed to reach."""
    campaign, store = await wanted(room, visit), StoredCampaigns(room.engine)
    _allowed(visit, campaign, Move.RESEND)
    unknown = bool(visit.form.text("khong_ro"))
    return await _done(room, visit, campaign, "gui-lai", lambda n, by, now: store.resend(n, by, now, unknown=unknown))


def seen_of(visit: Visit, campaign: Campaign) -> datetime:
    """The change that the visitor's page showed; another than the last one where it is not that."""
    same = visit.form.text("thay") == campaign.changed_at.isoformat()
    return campaign.changed_at if same else campaign.changed_at - timedelta(microseconds=1)


def _allowed(visit: Visit, campaign: Campaign, move: Move) -> None:
    """403 for roles that may not do this at all; what the state forbids is told by the move itself."""
    if not visit.may(*MAY[move]):
        raise HTTPException(403)


async def _done(
    room: Room,
    visit: Visit,
    campaign: Campaign,
    said: str,
    do: Callable[..., Awaitable[object]],
) -> Response:
    try:
        await do(campaign.id, visit.deed(""), visit.now)
    except CampaignProblem as problem:
        return await _page(room, visit, await wanted(room, visit), problem=str(problem))
    return visit.go(f"{ADDRESS}/{campaign.id}", said)


async def _page(
    room: Room,
    visit: Visit,
    campaign: Campaign,
    *,
    problem: str = "",
    asked: bool = False,
    found: Checked | None = None,
) -> Response:
    plan = campaign.plan
    if found is None and (asked or problem) and campaign.state in LOOKED_AT:
        found = await checked(room, plan)
    people = found.estimate if found else None
    if people is None and campaign.state in LOOKED_AT:
        people = await counted(room, plan)
    return visit.page(
        "campaign.html",
        status=422 if problem else 200,
        problem=problem,
        campaign=campaign,
        plan=plan,
        address=f"{ADDRESS}/{campaign.id}",
        state=STATE_NAMES[campaign.state],
        people=people,
        findings=found.findings if found else None,
        stops=stopping(found.findings) if found else (),
        previews=previews(plan, room.campaigning),
        audience=audience_words(plan.audience),
        by_hand=by_hand(plan),
        rule=rule_words(plan.recurrence),
        own=campaign.author == visit.me.name,
        may={move.value: may(visit, campaign, move) for move in Move if move not in (Move.START, Move.FINISH)},
        begun=campaign.state not in LOOKED_AT and campaign.state is not State.SCHEDULED,
        channel_name=channel_name,
        kind_names=KIND_NAMES,
        topic_names=names,
        route_names=ROUTE_NAMES,
    )
