"""What the pages of one campaign look up: the campaign itself, its audience and what stands in its way."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException

from bot.campaigns.audience import Estimate, Kind
from bot.campaigns.campaign import Campaign, Plan
from bot.campaigns.checks import Finding, findings
from bot.campaigns.choosing import estimate
from bot.campaigns.drafting import TO_FILL_IN
from bot.campaigns.followers import StoredFollowers
from bot.campaigns.store import StoredCampaigns
from bot.campaigns.topics import TOPICS
from bot.staff.campaigning import asked_together
from bot.staff.campaigns.form import Known
from bot.staff.campaigns.shown import channels_of
from bot.staff.forms import whole
from bot.staff.room import Room
from bot.staff.visit import Visit

UNFINISHED = "Nội dung còn chỗ phải điền ([điền: …]); hãy viết cho đủ."


@dataclass(frozen=True, slots=True)
class Checked:
    """A campaign's audience as it is now, and everything that was looked at."""

    estimate: Estimate
    findings: Sequence[Finding]


async def wanted(room: Room, visit: Visit) -> Campaign:
    """The campaign of the address; 404 where there is none."""
    number = whole(visit.part("number"))
    found = await StoredCampaigns(room.engine).get(number) if number is not None else None
    if found is None:
        raise HTTPException(404)
    return found


async def counted(room: Room, plan: Plan) -> Estimate:
    """How many people would be written to now."""
    return await estimate(room.engine, plan, room.campaigning.reach, room.now())


async def checked(room: Room, plan: Plan) -> Checked:
    """Everything that must be right before approval."""
    people = await counted(room, plan)
    desk, base = room.campaigning, room.base()
    answers = asked_together(desk.answers, [link.url for link in plan.links])
    found = await findings(
        plan, people, desk.outlets, answers=answers, in_force=lambda code: base.procedure(code) is not None
    )
    if any(TO_FILL_IN in text for text in (plan.title, *plan.texts.values())):
        found.insert(0, Finding(stops=True, text=UNFINISHED))
    return Checked(people, found)


async def known(room: Room) -> Known:
    """What a form may choose from."""
    shelves = room.base().shelves()
    units = await StoredFollowers(room.engine).invitations()
    return Known(
        channels=channels_of(room.campaigning),
        fields=sorted({shelf.name for sector in shelves.sectors for shelf in sector.shelves}),
        units=[unit.unit for unit in units],
        topics=list(TOPICS),
        kinds=[kind.value for kind in Kind],
    )
