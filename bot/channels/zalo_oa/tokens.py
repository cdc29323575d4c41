"""Keeps the account's access token alive: renews it in time, one replica at a time, and stores it before it is used."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.channels import Health
from bot.channels.calling import PlatformDown
from bot.channels.zalo_oa.health import LastingPair, health_of
from bot.channels.zalo_oa.oauth import REFRESH_LIVES, ConsentNeeded, NewPair

EARLY = timedelta(hours=2)
"""Before its end an access token is renewed, so that an hour without Zalo's sign-on costs nothing."""
LEASE = timedelta(seconds=30)
"""How long one replica may renew before another may try; twice the time-out of the call."""
LOOK_AGAIN_SECONDS = 0.5
LOOKS = 10
"""How often the others look whether the one that renews is done: 5 seconds together."""
NO_LOOK = timedelta(seconds=5)
"""After looking in vain nobody else waits for a while: what is to be sent is put off at once."""
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)
"""How long Zalo is left in peace after a failure: twice as long after each one."""
WARN = timedelta(days=14)
"""Before the refresh token dies staff are told: it lives 90 days and a running service renews it every day."""
RESTING, ELSEWHERE = "renewing failed a moment ago", "another replica is renewing"

log = structlog.get_logger(__name__)


class StoredPair(LastingPair, Protocol):
    """The pair as it is stored. stored_at: when it came; failed_at: when a renewal last went wrong, None = never."""

    @property
    def stored_at(self) -> datetime: ...

    @property
    def access_token(self) -> str: ...

    @property
    def refresh_token(self) -> str: ...

    @property
    def failed_at(self) -> datetime | None: ...


class PairStore(Protocol):
    """Where the pair of one app lives, for all replicas. Raises ConnectionError while the database is away."""

    async def load(self) -> StoredPair | None:
        """The pair in force."""

    async def begin(self, refresh_token: str, now: datetime, until: datetime) -> bool:
        """Takes in the first refresh token, to be renewed before anything else; False where there is a pair."""

    async def claim(self, owner: str, now: datetime, until: datetime) -> StoredPair | None:
        """Gives this owner alone the right to renew until a moment, and the pair; None while another has it."""

    async def replace(self, used: str, pair: NewPair, now: datetime) -> bool:
        """Commits the pair in the place of the one whose refresh token was used; False if that one is not there."""

    async def failed(self, owner: str, reason: str, now: datetime) -> None:
        """Gives the right back and notes that nothing came of it."""

    async def release(self, owner: str) -> None:
        """Gives the right back."""


class TokensAway(Exception):
    """There is no usable access token now. reason: a short word; consent: only an administrator can change that."""

    def __init__(self, reason: str, *, consent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.consent = consent


class TokenKeeper:
    """The access token of one app.

    renew: the next pair for a refresh token (see OAuth.refresh); first: the refresh token of the first consent, used
    while no pair is stored, "" = stored by hand; warn: how long before its end staff are told. Every method raises
    TokensAway, or ConnectionError while the database is away.
    """

    def __init__(
        self,
        store: PairStore,
        renew: Callable[[str, datetime], Awaitable[NewPair]],
        *,
        now: Callable[[], datetime],
        first: str = "",
        warn: timedelta = WARN,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._renew = renew
        self._now = now
        self._first = first
        self._warn = warn
        self._sleep = sleep
        self._owner = secrets.token_hex(8)
        self._known: StoredPair | NewPair | None = None
        self._looked_in_vain: datetime | None = None
        self._unsaved: tuple[str, NewPair] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def current(self) -> str:
        """The access token to use now; renewed when its end is near."""
        known = self._known
        if known is not None and known.access_until - self._now() > EARLY:
            return known.access_token
        async with self._one_at_a_time:
            await self._save_what_is_not()
            pair = await self._load()
            if pair.access_until - self._now() > EARLY:
                return self._use(pair)
            if not _resting(pair, self._now()):
                return await self._renewed(pair.access_token)
            if pair.access_until > self._now():
                return self._use(pair)
            raise TokensAway(RESTING)

    async def renewed(self, rejected: str) -> str:
        """Another access token than the one that Zalo has just rejected."""
        async with self._one_at_a_time:
            await self._save_what_is_not()
            pair = await self._load()
            if pair.access_token != rejected:
                return self._use(pair)
            # A pair rejected as soon as it comes is not helped by the next one.
            if _resting(pair, self._now()) or self._now() - pair.stored_at < FIRST_REST:
                raise TokensAway(RESTING)
            return await self._renewed(rejected)

    async def keep(self) -> None:
        """Looks after the token between messages; called by the clock, so that it stays alive while nobody writes."""
        self._known = None
        await self.current()

    async def health(self) -> Health:
        """How the stored pair is."""
        return health_of(await self._stored(), self._now(), self._warn)

    async def _renewed(self, spent: str) -> str:
        if self._looked_in_vain is not None and self._now() - self._looked_in_vain < NO_LOOK:
            raise TokensAway(ELSEWHERE)
        for _ in range(LOOKS):
            now = self._now()
            pair = await self._store.claim(self._owner, now, now + LEASE)
            if pair is None:
                await self._sleep(LOOK_AGAIN_SECONDS)
            elif pair.access_token != spent:
                await self._store.release(self._owner)
                return self._use(pair)
            else:
                return await self._renew_with(pair)
        self._looked_in_vain = self._now()
        raise TokensAway(ELSEWHERE)

    async def _renew_with(self, pair: StoredPair) -> str:
        try:
            new = await self._renew(pair.refresh_token, self._now())
        except PlatformDown as down:
            # What was sent may have used the refresh token up; only trying it again can tell.
            await self._store.failed(self._owner, down.reason, self._now())
            log.warning("zalo token not renewed", reason=down.reason, sent=down.sent, failures=pair.failures + 1)
            if pair.access_until > self._now() and not down.sent:
                return self._use(pair)
            raise TokensAway(down.reason) from None
        except ConsentNeeded as refusal:
            await self._store.failed(self._owner, f"oauth {refusal.code}", self._now())
            log.error("zalo refresh token refused: an administrator has to consent again", code=refusal.code)
            raise TokensAway(f"oauth {refusal.code}", consent=True) from None
        self._unsaved = (pair.refresh_token, new)
        await self._save_what_is_not()
        log.info("zalo token renewed", access_until=new.access_until.isoformat())
        return self._use(new)

    async def _save_what_is_not(self) -> None:
        """Commits a pair that Zalo gave while the database was away: it exists nowhere else."""
        if self._unsaved is None:
            return
        used, new = self._unsaved
        try:
            replaced = await self._store.replace(used, new, self._now())
        except ConnectionError:
            log.error("zalo token renewed but not stored: do not stop the service, bring the database back")
            raise
        self._unsaved = None
        if not replaced:
            log.error("zalo token renewed but another pair is stored")

    async def _load(self) -> StoredPair:
        pair = await self._stored()
        if pair is None:
            raise TokensAway("no tokens stored", consent=True)
        return pair

    async def _stored(self) -> StoredPair | None:
        pair = await self._store.load()
        if pair is None and self._first:
            await self._store.begin(self._first, self._now(), self._now() + REFRESH_LIVES)
            pair = await self._store.load()
        return pair

    def _use(self, pair: StoredPair | NewPair) -> str:
        self._known = pair
        return pair.access_token


def _resting(pair: StoredPair, now: datetime) -> bool:
    if pair.failed_at is None:
        return False
    rest = min(FIRST_REST * (1 << min(pair.failures, 10) >> 1), LONGEST_REST)
    return now - pair.failed_at < rest
