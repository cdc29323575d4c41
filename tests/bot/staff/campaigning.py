"""A staff desk with a channel, people who agreed, and links that are really asked on the loopback network."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.campaigns.budget import Budget
from bot.campaigns.choosing import Reach
from bot.campaigns.followers import Agreement, StoredFollowers
from bot.campaigns.links import LinkChecker
from bot.campaigns.outbox import StoredOutbox
from bot.campaigns.runs import StoredRuns
from bot.campaigns.sender import Sender
from bot.campaigns.store import StoredCampaigns
from bot.campaigns.topics import WORDING, names
from bot.campaigns.writing import Outlet
from bot.channels.rendering import as_messages
from bot.staff import make_staff
from bot.staff.campaigning import Campaigning, Remembering
from handlers.messages import Citizen, Reply
from tests.bot.pages.test_in_a_browser import served
from tests.bot.staff.office import StaffDesk, a_staff_desk

HERE = "/can-bo/chien-dich"
SITE = "https://motcua.example.vn"
GOOD: Mapping[str, Any] = {
    "tieu_de": "Nộp hồ sơ trực tuyến",
    "noi_dung": "Anh/Chị nộp hồ sơ trực tuyến được giảm lệ phí.",
    "lap_lai": "",
    "so_gio": "72",
}


def preview(reply: Reply) -> Sequence[str]:
    """As a channel without buttons shows it."""
    return as_messages(reply, 2000, buttons=False)


@dataclass
class CampaignDesk:
    """desk: of the staff; got: who was sent what; troubles: raised for a citizen; called: paths of the link double."""

    desk: StaffDesk
    links: str = ""
    got: list[tuple[str, str]] = field(default_factory=list)
    troubles: dict[str, Exception] = field(default_factory=dict)
    called: list[str] = field(default_factory=list)

    async def send(self, citizen: Citizen, reply: Reply) -> None:
        """The channel."""
        if trouble := self.troubles.get(citizen.id):
            raise trouble
        self.got.append((citizen.id, "\n\n".join(preview(reply))))

    def outlet(self) -> Outlet:
        """The channel as campaigns use it."""
        return Outlet(name="telegram", send=self.send, preview=preview, per_second=0)

    def sender(self) -> Sender:
        """One replica."""
        engine, clock = self.desk.room.engine, self.desk.clock
        return Sender(
            StoredRuns(engine, self.desk.room.campaigning.reach, SITE),
            StoredOutbox(engine),
            StoredCampaigns(engine),
            [(self.outlet(), Budget(engine, "telegram", 0, clock))],
            now=clock,
        )

    async def sends(self) -> None:
        """Everything that is due goes out."""
        await self.sender().once()

    async def people(self, number: int, *, topics: tuple[str, ...] = ("online",), first: int = 1) -> None:
        """So many citizens agree: "9000001", "9000002"..."""
        followers = StoredFollowers(self.desk.room.engine)
        words = WORDING.format(topics=names(topics))
        for one in range(first, first + number):
            citizen = Citizen("telegram", f"900{one:04}")
            yes = Agreement(citizen=citizen, topics=topics, wording=words, said="Tôi đồng ý", message_id=f"m-{one}")
            await followers.agree(yes, self.desk.clock())


@asynccontextmanager
async def a_campaign_desk(url: str) -> AsyncIterator[CampaignDesk]:
    """A staff desk whose campaigns go to one channel; its link double answers, moves, leads inwards, or is broken."""
    async with a_staff_desk(url) as desk, httpx.AsyncClient() as http:
        made = CampaignDesk(desk)

        async def answer(request: Request) -> Response:
            made.called.append(request.url.path)
            if request.url.path == "/vao-trong":
                return RedirectResponse("http://127.0.0.1:1/")
            return PlainTextResponse("", status_code=404 if request.url.path == "/mat" else 200)

        async with served(Starlette(routes=[Route("/{path}", answer)])) as address:
            made.links = address
            checker = LinkChecker(http, allowed=frozenset({address.removeprefix("http://")}))
            campaigning = Campaigning(
                outlets=(made.outlet(),),
                reach=Reach(channels=("telegram",)),
                site=SITE,
                answers=Remembering(checker.answers, desk.clock),
                telegram="motcua_bot",
            )
            desk.room = replace(desk.room, campaigning=campaigning)
            desk.app = make_staff(desk.room)
            yield made
