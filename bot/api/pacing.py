"""How often one caller may ask: a moving minute, counted in this process's memory."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter

MANY_CALLERS = 10_000
"""From so many remembered callers on, those whose minute is over are forgotten first."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller may still do. reset: whole seconds until a request is free again, at least 1."""

    allowed: bool
    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """The RateLimit headers, and Retry-After for one who is refused."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        return told if self.allowed else {**told, "Retry-After": str(self.reset)}


class Pace:
    """Counts the requests of each caller. now: seconds of a clock that never goes back."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._limiter = MovingWindowRateLimiter(Moments(now))

    def take(self, caller: str, per_minute: int) -> Allowance:
        """Counts one request of a caller, unless there are `per_minute` in the last minute already."""
        rate = RateLimitItemPerMinute(per_minute)
        allowed = self._limiter.hit(rate, caller)
        stats = self._limiter.get_window_stats(rate, caller)
        wait = math.ceil(stats.reset_time - self._now())
        return Allowance(allowed, per_minute, max(stats.remaining, 0), min(max(wait, 1), rate.get_expiry()))


class Moments(Storage, MovingWindowSupport):
    """When each caller's last requests came.

    The library's own memory reads the system's clock, which may jump, and starts a thread for each expiry.
    """

    STORAGE_SCHEME = None

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__()
        self._now = now
        self._moments: dict[str, deque[float]] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        """Nothing can fail here."""
        return ValueError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Notes `amount` requests unless there would be more than `limit` in the last `expiry` seconds."""
        moments = self._within(key, expiry)
        if len(moments) + amount > limit:
            return False
        if key not in self._moments and len(self._moments) >= MANY_CALLERS:
            self._forget(expiry)
        self._moments.setdefault(key, moments).extend([self._now()] * amount)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002 - the library asks so
        """The oldest request that still counts, and how many count."""
        moments = self._within(key, expiry)
        return (moments[0], len(moments)) if moments else (self._now(), 0)

    def _within(self, key: str, expiry: int) -> deque[float]:
        moments = self._moments.get(key) or deque()
        while moments and moments[0] <= self._now() - expiry:
            moments.popleft()
        return moments

    def _forget(self, expiry: int) -> None:
        over = self._now() - expiry
        self._moments = {key: moments for key, moments in self._moments.items() if moments and moments[-1] > over}

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Counts without a limit; part of every storage, not used by the moving window."""
        self._moments.setdefault(key, deque()).extend([self._now()] * amount)
        return len(self._within(key, expiry))

    def get(self, key: str) -> int:
        """How many requests are remembered of a caller."""
        return len(self._moments.get(key, ()))

    def get_expiry(self, key: str) -> float:
        """When the caller's last request came."""
        moments = self._moments.get(key)
        return moments[-1] if moments else self._now()

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int | None:
        """Forgets everybody."""
        count = len(self._moments)
        self._moments.clear()
        return count

    def clear(self, key: str) -> None:
        """Forgets one caller."""
        self._moments.pop(key, None)
