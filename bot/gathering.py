"""Calls that come while one is under way are done together by the next: one commit for many."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Together(Generic[Item, Result]):
    """act: does many items at once and returns a result for each, in their order; what it raises, every caller gets.

    The work lasts as long as somebody waits for it: the last who is cancelled ends it, and waits until it has let go.
    """

    def __init__(self, act: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]], most: int = 200) -> None:
        self._act = act
        self._most = most
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._batch: list[tuple[Item, asyncio.Future[Result]]] = []
        self._working: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        """The result of one item, done with those that came meanwhile."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        try:
            return await future
        except asyncio.CancelledError:
            if not any(not one.done() for _, one in (*self._batch, *self._waiting)):
                await self._end()
            raise

    async def _end(self) -> None:
        """Nothing of it stays behind: what it had open would be closed beneath it."""
        working, self._working = self._working, None
        self._batch, self._waiting = [], []
        if working is not None:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            self._batch = batch
            (done,) = await asyncio.gather(self._act([item for item, _ in batch]), return_exceptions=True)
            for number, (_, future) in enumerate(batch):
                if future.done():
                    continue
                if isinstance(done, BaseException):
                    future.set_exception(done)
                else:
                    future.set_result(done[number])
