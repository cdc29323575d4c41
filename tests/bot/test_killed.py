"""kill -9 at any moment: every event is answered, in order, and at most the one in flight twice."""

import asyncio
import itertools
import multiprocessing
import random
import socket
from collections import defaultdict
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.channels.telegram import secret_of
from bot.channels.telegram.reading import ALLOWED_UPDATES
from bot.channels.web import listen
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.inbox import State
from bot.storage.tables import inbox
from tests.bot import killed
from tests.doubles.telegram import TOKEN, Shown, Telegram, a_telegram

KILLS = 50
CITIZENS = range(1, 31)
LONGEST_WAIT, MOMENTS, AFTER = 12, 200, 50
"""Answers between two kills, at most; turns of the loop until one; and until its last words have been read."""


@pytest.fixture(scope="module")
def lives() -> Any:
    """Processes that begin in a few milliseconds: forked from one that has everything loaded."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.bot.killed"])
    return context


@dataclass
class Replicas:
    """The processes of one desk. A listener stays when its process is killed."""

    context: Any
    url: str
    address: str
    listeners: list[socket.socket]
    processes: list[BaseProcess] = field(default_factory=list)

    def begin(self) -> None:
        """Starts them all."""
        self.processes = [self._born(listener) for listener in self.listeners]

    def kill(self, which: int) -> None:
        """Kills one at once."""
        self._end(self.processes[which])

    def revive(self, which: int) -> None:
        """Its next life."""
        self.processes[which] = self._born(self.listeners[which])

    def end(self) -> None:
        """Kills them all."""
        for process in self.processes:
            self._end(process)
        for listener in self.listeners:
            listener.close()

    def _born(self, listener: socket.socket) -> BaseProcess:
        process: BaseProcess = self.context.Process(target=killed.live, args=(self.url, self.address, listener))
        process.start()
        return process

    def _end(self, process: BaseProcess) -> None:
        process.kill()
        process.join()


@dataclass
class Story:
    """What citizens said and were answered. lives: how many kills there had been at each answer."""

    said: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    answered: dict[int, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    kills: int = 0
    heard: dict[int, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    one_more: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    over: bool = False

    def note(self, shown: Shown) -> None:
        """Another message has arrived in a chat; the greeting is no answer."""
        if shown.text.startswith("Trả lời "):
            self.answered[shown.chat].append((shown.text.removeprefix("Trả lời "), self.kills))
            self.one_more.release()
            self.heard[shown.chat].set()

    async def hears(self, who: int, text: str) -> None:
        """Waits until somebody is answered, or the story is over."""
        while not self.over and text != next((said for said, _ in reversed(self.answered[who])), ""):
            self.heard[who].clear()
            await self.heard[who].wait()

    def end(self) -> None:
        """Nobody asks any more."""
        self.over = True
        for one in self.heard.values():
            one.set()

    @property
    def complete(self) -> bool:
        """Whether the last word of everybody has been answered."""
        return all(self.answered[who] and self.answered[who][-1][0] == words[-1] for who, words in self.said.items())


async def talk(story: Story, telegram: Telegram, addresses: list[str], who: int, chance: random.Random) -> None:
    """A citizen who goes on asking; Telegram tells each question again and again until it hears 200."""
    for number in itertools.count():
        if story.over:
            return
        text = f"câu {number} của {who}"
        story.said[who].append(text)
        message = {"message": telegram.message(who, text=text), "update_id": who * 100_000 + number}
        while await telegram.deliver(message) != 200:
            telegram.webhook = chance.choice(addresses)
        await story.hears(who, text)


@pytest.mark.parametrize(("kind", "replicas"), [("sqlite", 1), ("postgresql", 2)])
async def test_nothing_is_lost_and_only_what_was_in_flight_is_repeated(
    kind: str, replicas: int, lives: Any, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "postgres_url")
    await asyncio.to_thread(schema.upgrade, url)
    story, chance = Story(), random.Random(5)  # noqa: S311 - the same story every time
    listeners = [listen("127.0.0.1", 0) for _ in range(replicas)]
    addresses = [f"http://127.0.0.1:{listener.getsockname()[1]}/webhook/telegram" for listener in listeners]
    double = Telegram(secret=secret_of(TOKEN), allowed=ALLOWED_UPDATES, webhook=addresses[0], on_shown=story.note)
    async with a_telegram(double) as telegram:
        desk = Replicas(lives, url, telegram.address, listeners)
        desk.begin()
        try:
            talking = [asyncio.create_task(talk(story, telegram, addresses, who, chance)) for who in CITIZENS]
            while story.kills < KILLS:
                for _ in range(chance.randrange(LONGEST_WAIT)):
                    await story.one_more.acquire()
                for _ in range(chance.randrange(MOMENTS)):
                    await asyncio.sleep(0)
                which = chance.randrange(replicas)
                await asyncio.to_thread(desk.kill, which)
                for _ in range(AFTER):  # what it had sent before is still read
                    await asyncio.sleep(0)
                story.kills += 1
                await asyncio.to_thread(desk.revive, which)
            story.end()
            await asyncio.gather(*talking)
            while not story.complete:
                await story.one_more.acquire()
            left = await open_events(url)
        finally:
            await asyncio.to_thread(desk.end)

    assert left == 0
    assert sum(map(len, story.said.values())) > KILLS
    for who, words in story.said.items():
        answers = story.answered[who]
        assert [text for text, _ in itertools.groupby(answers, key=lambda answer: answer[0])] == words
        for (text, kills), (again, later) in itertools.pairwise(answers):
            assert text != again or kills < later, "twice without a kill in between"


async def open_events(url: str) -> int:
    """Events that are not at their end; waits for the mark of the last one."""
    engine = make_engine(url)
    unfinished = select(func.count()).where(inbox.c.state.in_([State.WAITING.value, State.WORKING.value]))
    try:
        async with asyncio.timeout(20):
            while True:
                async with engine.connect() as connection:
                    if not (left := (await connection.execute(unfinished)).scalar_one()):
                        return int(left)
                await asyncio.sleep(0)
    finally:
        await engine.dispose()
