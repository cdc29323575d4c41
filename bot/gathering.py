"""Calls that come while one is under way are done together by the next: one commit for many."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Together(Generic[Item, Result]):
    """act: does many items at once and returns a result for each, in their order; what it raises, every caller gets."""

    def __init__(self, act: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]], most: int = 200) -> None:
        self._act = act
        self._most = most
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._working: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        """The result of one item, done with those that came meanwhile."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            (done,) = await asyncio.gather(self._act([item for item, _ in batch]), return_exceptions=True)
            for number, (_, future) in enumerate(batch):
                if future.done():
                    continue
                if isinstance(done, BaseException):
                    future.set_exception(done)
                else:
                    future.set_result(done[number])
