"""The channel of docs/how-to/add-a-channel.md, taken from the page, before a gateway of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx

from bot.channels import Channel
from bot.channels.reception import House, Reception
from knowledge.entries import OfficeProfile
from tests.bot.channels.running import Clock, Kept, address_of, at_work, in_folder, keeping, listen
from tests.bot.channels.scripted import ScriptedDesk
from tests.doubles.loopback import Asked, Given, serving
from tests.house.documents import blocks
from tests.places import ROOT

NUMBER, SECRET = "0900000001", "a secret of the tests"
LONGEST = 450


def the_channel_of_the_page() -> Any:
    """The module that the page shows."""
    (block,) = blocks(ROOT / "docs" / "how-to" / "add-a-channel.md", "python")
    module = ModuleType("gateway")
    sys.modules[module.__name__] = module
    exec(compile(block.text, "add-a-channel.md", "exec"), module.__dict__)  # noqa: S102 - our own page
    return module


class Gateway:
    """The gateway: what it sends, and what goes wrong. turned_away: set when a message was not taken."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.faults: list[int] = []
        self.down = False
        self.gone = False
        self.turned_away = asyncio.Event()

    async def respond(self, asked: Asked) -> Given:
        """Takes a message for a number."""
        if asked.method == "GET":
            return Given({})
        status = 503 if self.down else 410 if self.gone else self.faults.pop(0) if self.faults else 200
        if status == 200 and len(asked.json()["text"]) > LONGEST:
            status = 400
        if status == 200:
            self.shown.append(asked.json()["text"])
        else:
            self.turned_away.set()
        return Given({}, status, headers=(("Retry-After", "2"),))


class Pager:
    """A citizen's telephone."""

    def __init__(
        self, channel: Channel, desk: ScriptedDesk, kept: Kept, gateway: Gateway, webhook: str, clock: Clock
    ) -> None:
        self.channel = channel
        self.desk = desk
        self._kept = kept
        self._gateway = gateway
        self._webhook = webhook
        self._clock = clock
        self._last: dict[str, str] = {}
        self._told = 0
        self.http = httpx.AsyncClient(trust_env=False)

    async def _tell(self, event: dict[str, str]) -> None:
        done = await self.http.post(self._webhook, json=event, headers={"X-Gateway-Secret": SECRET})
        assert done.status_code == 200

    async def say(self, text: str) -> str:
        before = len(self._gateway.shown)
        self._told += 1
        self._last = {"id": f"m{self._told}", "from": NUMBER, "text": text}
        await self._tell(self._last)
        await self._kept.outcomes(self._told)
        return "\n\n".join(self._gateway.shown[before:])

    async def pick(self, number: int) -> str:
        return await self.say(str(number))

    async def screen(self) -> str:
        return "\n\n".join(self._gateway.shown)

    async def disappear(self) -> bool:
        self._gateway.gone = True
        return True

    async def go_down(self) -> bool:
        self._gateway.down = True
        return True

    async def be_busy(self) -> bool:
        self._gateway.faults = [200, 429]
        return True

    async def come_back(self) -> None:
        await self._gateway.turned_away.wait()
        self._gateway.down = False
        self._clock.step = 0.5

    async def repeat(self) -> bool:
        await self._tell(self._last)
        await self.say("/tro_giup")  # comes later in the same conversation
        return True


@asynccontextmanager
async def toy_chat(folder: Path) -> AsyncIterator[Pager]:
    """The gateway's channel at work, and one citizen."""
    gateway, desk, clock, listener = Gateway(), ScriptedDesk(), Clock(), listen("127.0.0.1", 0)
    module = the_channel_of_the_page()
    async with (
        keeping(in_folder(folder)) as kept,
        serving(gateway.respond) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as http,
    ):
        channel = module.GatewayChannel(
            http,
            Reception(House(profile=OfficeProfile(name="UBND phường Tô Hiệu")), "tin nhắn", buttons=False),
            acquaintances=kept.subscribers,
            secret=SECRET,
            now=clock,
        )
        pager = Pager(channel, desk, kept, gateway, address_of(listener) + module.PATH, clock)
        async with at_work(channel, desk.answer, kept, clock, listener), pager.http:
            yield pager
