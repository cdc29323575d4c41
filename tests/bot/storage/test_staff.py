"""Accounts, sessions and failed attempts, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import schema
from bot.storage.audit import AuditFilter, Deed, StoredAudit
from bot.storage.engine import make_engine
from bot.storage.staff import Account, AccountProblem, Role, StoredAccounts, made_up_password
from bot.storage.staff_attempts import FORGOTTEN_AFTER, FREE, LONGEST_WAIT, StoredAttempts, wait_after
from bot.storage.staff_sessions import CODE_WITHIN, Lasting, StoredStaffSessions
from bot.storage.staff_tables import staff_session
from tests.fakes import NOON

BY = Deed(actor="quan-tri", action="", place="192.0.2.1")
LASTING = Lasting(idle=timedelta(minutes=60), whole=timedelta(hours=12))


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    schema.upgrade(database_url)
    made = make_engine(database_url)
    yield made
    await made.dispose()


async def _account(engine: AsyncEngine, name: str = "an", *roles: Role) -> Account:
    return await StoredAccounts(engine).add(
        name=name,
        full_name="Nguyễn Văn An",
        roles=roles or (Role.EDITOR,),
        unit="Phòng 1",
        password_hash="hash",  # noqa: S106 - no password
        by=BY,
        now=NOON,
    )


async def _open(engine: AsyncEngine, account: Account, *, code_given: bool = True) -> str:
    sessions = StoredStaffSessions(engine, LASTING)
    return await sessions.open(account, code_given=code_given, place="192.0.2.7", device="x" * 500, now=NOON)


async def test_an_account_is_kept_with_its_roles_and_its_deed(engine: AsyncEngine) -> None:
    made = await _account(engine, "an", Role.APPROVER, Role.EDITOR)
    found = await StoredAccounts(engine).named("an")

    assert found == made == await StoredAccounts(engine).get(made.id)
    assert made.roles == {Role.APPROVER, Role.EDITOR}
    assert made.must_enrol
    assert made.must_change_password
    assert made.password_hash not in repr(made)
    entries, _ = await StoredAudit(engine).page(AuditFilter(), limit=1)
    assert (entries[0].actor, entries[0].action, entries[0].subject) == ("quan-tri", "account.add", "account:an")


@pytest.mark.parametrize("name", ["", "a", "An", "ông", "a b", "1an", "an'; --", "a" * 41, "an\n", "<b>an</b>"])
async def test_a_name_that_will_not_do_is_refused(engine: AsyncEngine, name: str) -> None:
    with pytest.raises(AccountProblem):
        await _account(engine, name)


async def test_a_name_is_taken_once(engine: AsyncEngine) -> None:
    await _account(engine)
    with pytest.raises(AccountProblem, match="Đã có"):
        await _account(engine)
    assert (await StoredAudit(engine).verify()).lines == 1


async def test_the_last_administrator_stays(engine: AsyncEngine) -> None:
    accounts = StoredAccounts(engine)
    first = await _account(engine, "mot", Role.ADMINISTRATOR)
    with pytest.raises(AccountProblem, match="cuối cùng"):
        await accounts.disable(first, by=BY, now=NOON)
    with pytest.raises(AccountProblem, match="cuối cùng"):
        await accounts.describe(first, full_name="A", unit="", roles=(Role.EDITOR,), by=BY, now=NOON)

    second = await _account(engine, "hai", Role.ADMINISTRATOR)
    done = await asyncio.gather(
        *(accounts.disable(one, by=BY, now=NOON) for one in (first, second)), return_exceptions=True
    )

    assert [type(one) for one in done if one is not None] == [AccountProblem]
    assert len([one for one in await accounts.all() if one.disabled_at is None]) == 1


async def test_a_session_is_found_by_its_secret_only(engine: AsyncEngine) -> None:
    account, sessions = await _account(engine), StoredStaffSessions(engine, LASTING)
    secret = await _open(engine, account)

    found = await sessions.find(secret, NOON)
    assert found is not None
    assert (found[1], found[0].place, len(found[0].device)) == (account, "192.0.2.7", 100)
    for wrong in ("", "x", secret[:-1], secret + "x", "' OR 1=1 --", "\ud800"):
        assert await sessions.find(wrong, NOON) is None
    async with engine.connect() as connection:
        assert secret not in str((await connection.execute(select(staff_session))).all())


async def test_a_session_ends_without_use_and_in_the_end_anyway(engine: AsyncEngine) -> None:
    account, sessions = await _account(engine), StoredStaffSessions(engine, LASTING)
    idle, used = await _open(engine, account), await _open(engine, account)
    moment = NOON
    while moment < NOON + LASTING.whole - timedelta(minutes=50):
        moment += timedelta(minutes=50)
        assert await sessions.find(used, moment) is not None

    assert await sessions.find(idle, NOON + timedelta(minutes=59)) is not None
    assert await sessions.find(idle, moment) is None
    assert await sessions.find(used, NOON + LASTING.whole) is None
    assert await sessions.purge(NOON + LASTING.whole) == 2


async def test_the_code_has_to_come_soon_after_the_password(engine: AsyncEngine) -> None:
    account, sessions = await _account(engine), StoredStaffSessions(engine, LASTING)
    secret = await _open(engine, account, code_given=False)

    assert await sessions.find(secret, NOON + CODE_WITHIN) is not None
    assert await sessions.find(secret, NOON + CODE_WITHIN + timedelta(seconds=1)) is None


@pytest.mark.parametrize("change", ["password", "reset", "enrol", "disable", "roles", "close_all"])
async def test_what_changes_an_account_ends_its_sessions_and_no_others(engine: AsyncEngine, change: str) -> None:
    accounts, sessions = StoredAccounts(engine), StoredStaffSessions(engine, LASTING)
    account, other = await _account(engine), await _account(engine, "khac")
    secret, others = await _open(engine, account), await _open(engine, other)

    if change == "password":
        await accounts.own_password(account, "new", by=BY, now=NOON)
    elif change == "reset":
        await accounts.give_password(account, "new", by=BY, now=NOON)
    elif change == "enrol":
        await accounts.enrol(account, "SECRET", 5, by=BY, now=NOON)
    elif change == "disable":
        await accounts.disable(account, by=BY, now=NOON)
    elif change == "roles":
        await accounts.describe(account, full_name="An", unit="", roles=(Role.OPERATOR,), by=BY, now=NOON)
    else:
        assert await sessions.close_all(account) == 1

    assert await sessions.find(secret, NOON) is None
    assert await sessions.find(others, NOON) is not None


async def test_one_session_is_ended_by_its_owner_only(engine: AsyncEngine) -> None:
    sessions = StoredStaffSessions(engine, LASTING)
    account, other = await _account(engine), await _account(engine, "khac")
    secret = await _open(engine, account)
    (mine,) = await sessions.of(account, NOON)

    assert not await sessions.close_one(other, mine.id)
    assert await sessions.find(secret, NOON) is not None
    assert await sessions.close_one(account, mine.id)
    assert await sessions.find(secret, NOON) is None


async def test_a_code_works_once(engine: AsyncEngine) -> None:
    accounts, account = StoredAccounts(engine), await _account(engine)

    used = await asyncio.gather(*(accounts.use_step(account, 100) for _ in range(5)))

    assert sorted(used) == [False, False, False, False, True]
    assert not await accounts.use_step(account, 99)
    assert await accounts.use_step(account, 101)


async def test_failures_make_the_next_attempt_wait_longer_each_time(engine: AsyncEngine) -> None:
    attempts, now = StoredAttempts(engine), NOON
    assert [await attempts.take("an", now) for _ in range(FREE)] == [timedelta(0)] * FREE

    waits = []
    for _ in range(7):
        waits.append(await attempts.take("an", now))
        assert await attempts.take("an", now) == waits[-1]
        now += waits[-1]
        assert await attempts.take("an", now) == timedelta(0)

    assert [wait.total_seconds() / 60 for wait in waits] == [1, 2, 4, 8, 15, 15, 15]
    assert await attempts.take("binh", now) == timedelta(0)
    await attempts.succeeded("an")
    assert await attempts.take("an", now) == timedelta(0)


async def test_old_failures_are_forgotten(engine: AsyncEngine) -> None:
    attempts = StoredAttempts(engine)
    for _ in range(FREE):
        await attempts.take("an", NOON)

    assert await attempts.take("an", NOON + FORGOTTEN_AFTER) == timedelta(0)
    assert await attempts.purge(NOON + 2 * FORGOTTEN_AFTER) == 1


async def test_many_attempts_at_once_are_counted(engine: AsyncEngine) -> None:
    attempts = StoredAttempts(engine)

    waits = await asyncio.gather(*(attempts.take("an", NOON) for _ in range(20)))

    assert waits.count(timedelta(0)) == FREE


def test_the_wait_has_an_end() -> None:
    assert wait_after(10_000) == LONGEST_WAIT


def test_made_up_passwords_differ() -> None:
    made = {made_up_password() for _ in range(200)}

    assert len(made) == 200
    assert all(len(one) == 19 for one in made)
