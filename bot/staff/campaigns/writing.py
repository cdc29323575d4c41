"""Writing a campaign: new, from a ready-made one, or a draft changed, with its picture or file."""

from collections.abc import Sequence
from dataclasses import replace

from starlette.responses import Response

from bot.campaigns.audience import KIND_NAMES
from bot.campaigns.campaign import MOST_LINKS, Campaign, CampaignProblem, Move, Plan, after
from bot.campaigns.drafting import draft_from, ready_made_named
from bot.campaigns.store import LARGEST_FILE, StoredCampaigns
from bot.campaigns.topics import TOPICS, names
from bot.staff.campaigns.addresses import ADDRESS, NEW
from bot.staff.campaigns.files import media_type
from bot.staff.campaigns.form import Known, form_of, plan_of
from bot.staff.campaigns.one import seen_of
from bot.staff.campaigns.reading import counted, known, wanted
from bot.staff.campaigns.shown import audience_words, channel_name, previews
from bot.staff.campaigns.times import RULES
from bot.staff.forms import Form, whole
from bot.staff.room import Room
from bot.staff.visit import Visit
from knowledge.communes import communes

NOT_THIS_KIND = "Tệp kèm theo phải là ảnh PNG, JPEG, GIF, WebP hoặc tệp PDF."
LOOK = "xem"
"""The button that shows the campaign as it would look, and keeps nothing."""


async def show_new(room: Room, visit: Visit) -> Response:
    """An empty form, or one with what a ready-made campaign, a news item or a task of the plan gives."""
    ready = ready_made_named(visit.query("mau"))
    plan = ready.plan if ready else draft_from(visit.query("tieu_de"), visit.query("noi_dung"), visit.query("lien_ket"))
    plan = replace(plan, task_id=whole(visit.query("nhiem_vu")))
    return await _form(room, visit, form_of(plan), hint=ready.hint if ready else "")


async def create(room: Room, visit: Visit) -> Response:
    """A new draft, or only a look at it."""
    return await _save(room, visit, None)


async def show_edit(room: Room, visit: Visit) -> Response:
    """The form of a draft."""
    campaign = await wanted(room, visit)
    try:
        after(campaign.state, Move.EDIT)
    except CampaignProblem:
        return visit.go(f"{ADDRESS}/{campaign.id}")
    return await _form(room, visit, form_of(campaign.plan), campaign)


async def edit(room: Room, visit: Visit) -> Response:
    """A draft changed, or only a look at it."""
    return await _save(room, visit, await wanted(room, visit))


async def _save(room: Room, visit: Visit, campaign: Campaign | None) -> Response:
    store, form = StoredCampaigns(room.engine), visit.form
    choices = await known(room)
    file_id = campaign.plan.file_id if campaign else None
    try:
        plan = plan_of(form, choices, None if form.text("bo_tep") else file_id)
        if form.text(LOOK):
            return await _form(room, visit, form, campaign, look=plan, choices=choices)
        if upload := form.file("tep"):
            kind = media_type(upload.content)
            if not kind:
                raise CampaignProblem(NOT_THIS_KIND)
            plan = replace(plan, file_id=await store.keep_file(upload.name, kind, upload.content, visit.now))
        by = visit.deed("")
        if campaign is None:
            made = await store.create(plan, by, visit.now)
        else:
            made = await store.edit(campaign.id, plan, by, visit.now, seen=seen_of(visit, campaign))
    except CampaignProblem as problem:
        return await _form(room, visit, form, campaign, problem=str(problem), choices=choices)
    return visit.go(f"{ADDRESS}/{made.id}", "da-luu")


async def _form(
    room: Room,
    visit: Visit,
    typed: Form,
    campaign: Campaign | None = None,
    *,
    hint: str = "",
    problem: str = "",
    look: Plan | None = None,
    choices: Known | None = None,
) -> Response:
    choices = choices or await known(room)
    return visit.page(
        "campaign_form.html",
        status=422 if problem else 200,
        problem=problem,
        hint=hint,
        typed=typed,
        campaign=campaign,
        address=f"{ADDRESS}/{campaign.id}/sua" if campaign else NEW,
        seen=typed.text("thay") or (campaign.changed_at.isoformat() if campaign else ""),
        channels=_named(choices.channels),
        units=[(unit, unit) for unit in choices.units],
        fields=choices.fields,
        topics=list(TOPICS.items()),
        kinds=[(kind.value, name) for kind, name in KIND_NAMES.items()],
        provinces=[(name, name) for name in communes()],
        rules=[(key, words) for key, (words, _) in RULES.items()],
        link_numbers=range(1, MOST_LINKS + 1),
        largest_file=LARGEST_FILE // 1_000_000,
        previews=previews(look, room.campaigning) if look else (),
        people=await counted(room, look) if look else None,
        audience=audience_words(look.audience) if look else (),
        channel_name=channel_name,
        kind_names=KIND_NAMES,
        topic_names=names,
    )


def _named(channels: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, channel_name(name)) for name in channels]
