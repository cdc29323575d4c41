"""What a double offers to be talked to from a terminal."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Talk:
    """A platform that is running. steps: what to do in another terminal; say: a citizen writes this line."""

    steps: str
    say: Callable[[str], Awaitable[None]]


Open = Callable[[Callable[[str], None]], AbstractAsyncContextManager[Talk]]
"""What each double offers as `chat`: given what shows a text to the citizen, it runs until the block ends."""
