"""The pair of tokens: used once, stored before use, renewed by one replica, and never lost while it can be helped."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.zalo_oa.health import TokenState, state_of
from bot.channels.zalo_oa.oauth import ACCESS_SECONDS, REFRESH_LIVES, TOKENS, ConsentNeeded, NewPair, OAuth
from bot.channels.zalo_oa.tokens import EARLY, LEASE, LOOKS, TokenKeeper, TokensAway
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.zalo_tokens import StoredTokens, StoredZaloTokens, pairs
from tests.doubles.loopback import CUT_OFF, GATEWAY, Given
from tests.doubles.zalo_oa import APP_ID, APP_SECRET, FIRST_REFRESH, ZaloOa, a_zalo_oa
from tests.fakes import NOON

WARN = timedelta(days=14)


@dataclass
class World:
    """One database, one platform and a clock that only tests move."""

    engine: AsyncEngine
    zalo: ZaloOa
    http: httpx.AsyncClient
    at: datetime = NOON
    waits: int = 0

    def now(self) -> datetime:
        return self.at

    @property
    def store(self) -> StoredZaloTokens:
        return StoredZaloTokens(self.engine, APP_ID)

    @property
    def oauth(self) -> OAuth:
        return OAuth(self.http, app_id=APP_ID, app_secret=APP_SECRET, base_url=self.zalo.address)

    def keeper(self, first: str = FIRST_REFRESH, *, patient: bool = False) -> TokenKeeper:
        """One replica. patient: its waits end when nobody renews any more."""
        sleep = self.until_free if patient else self.turn
        return TokenKeeper(self.store, self.oauth.refresh, now=self.now, first=first, sleep=sleep)

    async def until_free(self, seconds: float) -> None:
        """Waits for as long as another replica renews."""
        while await self._is_claimed():
            pass

    async def _is_claimed(self) -> bool:
        async with self.engine.connect() as connection:
            return (await connection.execute(select(pairs.c.claimed_until))).scalar_one() is not None

    async def turn(self, seconds: float) -> None:
        """Lets the others go on, without the wait."""
        self.waits += 1
        await asyncio.sleep(0)

    async def stored(self) -> StoredTokens:
        found = await self.store.load()
        assert found is not None
        return found


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    schema.upgrade(database_url)
    engine = make_engine(database_url)
    async with httpx.AsyncClient(trust_env=False) as http, a_zalo_oa() as zalo:
        made = World(engine, zalo, http)
        zalo.now = made.now
        yield made
    await engine.dispose()


async def test_the_first_refresh_token_becomes_a_pair_that_is_stored_before_it_is_used(world: World) -> None:
    token = await world.keeper().current()

    stored = await world.stored()
    assert token == stored.access_token == world.zalo.access_token
    assert stored.refresh_token == world.zalo.refresh_token != FIRST_REFRESH
    assert stored.access_until == NOON + timedelta(seconds=ACCESS_SECONDS)
    assert stored.refresh_until == NOON + REFRESH_LIVES


async def test_a_pair_is_renewed_before_its_end_and_not_earlier(world: World) -> None:
    keeper = world.keeper()
    first = await keeper.current()
    world.at = world.zalo.access_until - EARLY - timedelta(seconds=1) if world.zalo.access_until else NOON
    assert await keeper.current() == first

    world.at += timedelta(seconds=2)
    assert await keeper.current() == world.zalo.access_token != first
    assert world.zalo.renewals == 2


async def test_ten_replicas_renew_once(world: World) -> None:
    replicas = [world.keeper(patient=True) for _ in range(10)]

    tokens = await asyncio.gather(*(replica.current() for replica in replicas))
    world.at += timedelta(minutes=1)
    again = await asyncio.gather(*(replica.renewed(tokens[0]) for replica in replicas))

    assert set(tokens) == {"access-2"}
    assert set(again) == {"access-3"}
    assert world.zalo.renewals == 2


async def test_a_replica_whose_token_another_has_replaced_takes_the_new_one(world: World) -> None:
    one, other = world.keeper(), world.keeper()
    old = await one.current()
    world.at += timedelta(minutes=1)
    await other.renewed(old)

    assert await one.renewed(old) == world.zalo.access_token
    assert world.zalo.renewals == 2


async def test_a_pair_rejected_as_soon_as_it_comes_is_not_renewed_again_and_again(world: World) -> None:
    keeper = world.keeper()
    token = await keeper.current()

    with pytest.raises(TokensAway):
        await keeper.renewed(token)
    assert world.zalo.renewals == 1


async def test_a_replica_that_died_while_renewing_holds_the_others_up_for_its_lease_only(world: World) -> None:
    await world.keeper().current()
    world.at += timedelta(seconds=ACCESS_SECONDS)
    await world.store.claim("dead", world.at, world.at + LEASE)
    keeper = world.keeper()

    waits = []
    for _ in range(3):
        with pytest.raises(TokensAway):
            await keeper.current()
        waits.append(world.waits)
    assert waits == [LOOKS, LOOKS, LOOKS]
    world.at += LEASE + timedelta(seconds=1)
    assert await world.keeper().current() == world.zalo.access_token


async def test_while_zalo_is_away_the_token_is_used_to_its_end_and_zalo_left_in_peace(world: World) -> None:
    keeper = world.keeper()
    token = await keeper.current()
    address, world.zalo.address = world.zalo.address, "http://127.0.0.1:1"
    lonely = world.keeper()
    world.at += timedelta(seconds=ACCESS_SECONDS) - EARLY + timedelta(minutes=1)

    assert await lonely.current() == token
    failed = await world.stored()
    assert (failed.failures, failed.failure) == (1, "ConnectError")
    assert state_of(failed, world.at, WARN) is TokenState.FAILING
    world.at += timedelta(seconds=59)
    assert await lonely.current() == token
    assert (await world.stored()).failures == 1
    world.at += timedelta(seconds=1)
    assert await lonely.current() == token
    assert (await world.stored()).failures == 2

    world.zalo.address = address
    world.at += timedelta(minutes=5)
    assert await world.keeper().current() == world.zalo.access_token != token
    assert state_of(await world.stored(), world.at, WARN) is TokenState.WELL


@pytest.mark.parametrize("fault", [CUT_OFF, GATEWAY, Given({"hello": 1})])
async def test_an_answer_lost_on_its_way_is_asked_for_again(world: World, fault: Given) -> None:
    keeper = world.keeper()
    world.zalo.faults[TOKENS].append(fault)

    with pytest.raises(TokensAway) as away:
        await keeper.current()
    assert not away.value.consent
    with pytest.raises(TokensAway):
        await keeper.current()
    world.at += timedelta(minutes=1)
    assert await keeper.current() == world.zalo.access_token
    assert world.zalo.asked.count(TOKENS) == 2


async def test_a_refused_refresh_token_needs_an_administrator_and_is_told_once_a_rest(world: World) -> None:
    keeper = world.keeper(first="used up")
    with structlog.testing.capture_logs() as logs, pytest.raises(TokensAway) as away:
        await keeper.current()

    assert away.value.consent
    assert [entry["log_level"] for entry in logs] == ["error"]
    with pytest.raises(TokensAway):
        await keeper.current()
    assert world.zalo.asked == [TOKENS]
    refused = await world.stored()
    assert (refused.failure, state_of(refused, NOON, WARN)) == ("oauth -14014", TokenState.DEAD)
    assert "motcua zalo connect" in (await keeper.health()).mend


async def test_a_pair_given_while_the_database_went_away_is_kept_and_stored_later(world: World) -> None:
    pairs = []

    async def renew(token: str, now: datetime) -> NewPair:
        pairs.append(await world.oauth.refresh(token, now))
        return pairs[-1]

    class Away(StoredZaloTokens):
        away = True

        async def replace(self, used: str, pair: object, now: datetime) -> bool:
            if self.away:
                raise ConnectionError("the database does not answer")
            return await super().replace(used, pair, now)  # type: ignore[arg-type]

    store = Away(world.engine, APP_ID)
    keeper = TokenKeeper(store, renew, now=world.now, first=FIRST_REFRESH, sleep=world.turn)
    with structlog.testing.capture_logs() as logs:
        for _ in range(2):
            with pytest.raises(ConnectionError):
                await keeper.current()
    store.away = False

    assert await keeper.current() == pairs[0].access_token
    assert (await world.stored()).refresh_token == pairs[0].refresh_token
    assert world.zalo.renewals == 1
    assert any("do not stop" in entry["event"] for entry in logs)
    assert pairs[0].refresh_token not in str(logs)


async def test_a_new_consent_replaces_whatever_is_stored(world: World) -> None:
    await world.keeper().current()
    world.zalo.rotate()

    assert not await world.store.begin("other", world.at, world.at + REFRESH_LIVES)
    await world.store.store(await world.oauth.refresh(world.zalo.refresh_token, world.at), world.at)
    assert await world.keeper(first="").current() == world.zalo.access_token


async def test_the_first_pair_from_a_code(world: World) -> None:
    pair = await world.oauth.exchange("code-1", "verifier-1", NOON)
    await world.store.store(pair, NOON)

    assert await world.keeper(first="").current() == pair.access_token
    with pytest.raises(ConsentNeeded):
        await world.oauth.exchange("code-2", "verifier-1", NOON)
    assert pair.access_token not in repr(pair) + repr(await world.stored())


async def test_without_any_token_an_administrator_is_needed(world: World) -> None:
    with pytest.raises(TokensAway) as away:
        await world.keeper(first="").current()

    assert away.value.consent
    assert state_of(None, NOON, WARN) is TokenState.MISSING


async def test_keeping_renews_a_token_that_nobody_uses(world: World) -> None:
    keeper = world.keeper()
    await keeper.keep()
    world.at += timedelta(days=40)
    await keeper.keep()

    assert world.zalo.renewals == 2
    assert (await world.stored()).refresh_until == world.at + REFRESH_LIVES


@pytest.mark.parametrize(
    ("days", "state"), [(0, TokenState.WELL), (75, TokenState.WELL), (77, TokenState.DYING), (90, TokenState.DEAD)]
)
async def test_the_alarm_comes_well_before_the_refresh_token_dies(world: World, days: int, state: TokenState) -> None:
    await world.keeper().current()

    assert state_of(await world.stored(), NOON + timedelta(days=days), WARN) is state
