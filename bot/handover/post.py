"""Brings what staff have said to the citizens, through their own channel, each line once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.channels import MaybeSent, Refused, TryLater, Unreachable
from bot.storage.handover_post import Letter, StoredPost
from bot.storage.handovers import Delivery
from handlers.messages import Citizen, Outcome, Reply

AT_ONCE = 20
LEASE = timedelta(minutes=2)
KEEP_TRYING = timedelta(hours=1)
"""How old a line of a talk may grow: an answer that comes later answers nobody."""
SHORTEST_PAUSE = timedelta(seconds=1)
WAIT_SECONDS = 4.0
"""For which a page of staff waits to show how the sending ended."""
LONGEST = 1_500
"""Characters of one line, so that it is one message on every platform."""
SPOKEN = "Cán bộ trả lời:\n{words}"

log = structlog.get_logger(__name__)


class Post:
    """send: writes to a citizen without being asked, see bot.channels.Channel.send."""

    def __init__(
        self, stored: StoredPost, send: Callable[[Citizen, Reply], Awaitable[None]], now: Callable[[], datetime]
    ) -> None:
        self._stored = stored
        self._send = send
        self._now = now
        self._working: set[asyncio.Task[int]] = set()

    async def deliver(self, talk: int | None = None) -> int:
        """Sends what is due, in its order; returns how many lines have come to an end. talk: of this one only."""
        done = 0
        try:
            await self._stored.give_up_lost(self._now())
            while letters := await self._stored.claim(self._now(), self._now() + LEASE, AT_ONCE, talk):
                done += sum(await asyncio.gather(*(self._bring(letter) for letter in letters)))
        except ConnectionError:
            log.warning("lines of talks wait for the database")
        return done

    async def deliver_soon(self, talk: int) -> None:
        """The same for one talk, waiting a little for how it ends; it goes on when that takes longer."""
        task = asyncio.create_task(self.deliver(talk))
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        await asyncio.wait({task}, timeout=WAIT_SECONDS)

    async def stop(self) -> None:
        """Breaks off what is under way; it is marked as not known to have arrived."""
        for task in self._working:
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)

    async def _bring(self, letter: Letter) -> int:
        words = SPOKEN.format(words=letter.body) if letter.spoken else letter.body
        try:
            await self._send(letter.citizen, Reply(blocks=(words,), outcome=Outcome.TO_PERSON))
        except Unreachable as gone:
            await self._stored.end(letter, Delivery.UNREACHABLE, gone.reason)
        except Refused as refused:
            await self._stored.end(letter, Delivery.FAILED, refused.reason)
        except MaybeSent as doubt:
            await self._stored.end(letter, Delivery.UNKNOWN, str(doubt))
        except TryLater as later:
            return await self._later(letter, later)
        else:
            await self._stored.end(letter, Delivery.SENT)
        return 1

    async def _later(self, letter: Letter, later: TryLater) -> int:
        next_try = self._now() + max(timedelta(seconds=later.after), SHORTEST_PAUSE * 2 ** min(letter.attempts, 6))
        if next_try > letter.at + KEEP_TRYING:
            await self._stored.end(letter, Delivery.FAILED, later.reason or "too late")
            return 1
        await self._stored.put_off(letter, next_try, later.reason)
        return 0
