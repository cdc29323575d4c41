"""The record of deeds is only added to, and a line that is changed, added or missing shows."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import schema
from bot.storage.audit import AuditFilter, Deed, StoredAudit, note
from bot.storage.engine import make_engine
from bot.storage.staff_tables import audit_entry, audit_head
from tests.fakes import NOON


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    schema.upgrade(database_url)
    made = make_engine(database_url)
    yield made
    await made.dispose()


def a_deed(number: int = 1, actor: str = "an") -> Deed:
    return Deed(actor=actor, action="faq.edit", subject=f"faq:{number}", detail={"part": "“đáp”"}, place="192.0.2.1")


async def _filled(engine: AsyncEngine, lines: int = 5) -> StoredAudit:
    audit = StoredAudit(engine)
    for number in range(1, lines + 1):
        await audit.add(a_deed(number, "an" if number % 2 else "binh"), NOON + timedelta(hours=number))
    return audit


async def _unlock(engine: AsyncEngine) -> None:
    """What somebody with the database's password could do."""
    async with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("DROP TRIGGER audit_entry_no_change ON audit_entry"))
        else:
            await connection.execute(text("DROP TRIGGER audit_entry_no_update"))
            await connection.execute(text("DROP TRIGGER audit_entry_no_delete"))


async def test_lines_are_kept_and_found_by_who_what_and_when(engine: AsyncEngine) -> None:
    audit = await _filled(engine)

    entries, total = await audit.page(AuditFilter(), limit=2, offset=1)
    assert ([entry.number for entry in entries], total) == ([4, 3], 5)
    assert entries[0].detail == {"part": "“đáp”"}
    assert entries[0].at == NOON + timedelta(hours=4)
    assert (await audit.page(AuditFilter(actor="binh"), limit=9))[1] == 2
    assert (await audit.page(AuditFilter(action="faq."), limit=9))[1] == 5
    assert (await audit.page(AuditFilter(action="%"), limit=9))[1] == 0
    assert (await audit.page(AuditFilter(subject="q:3"), limit=9))[1] == 1
    since = AuditFilter(since=NOON + timedelta(hours=2), until=NOON + timedelta(hours=4))
    assert [entry.number async for entry in audit.all(since)] == [2, 3]
    assert await audit.actors() == ["an", "binh"]


async def test_an_untouched_record_is_whole(engine: AsyncEngine) -> None:
    assert (await StoredAudit(engine).verify()).whole
    audit = await _filled(engine)

    verdict = await audit.verify()

    assert verdict.whole
    assert (verdict.lines, len(verdict.seal)) == (5, 64)


@pytest.mark.parametrize(
    "change", [update(audit_entry).values(actor="x"), delete(audit_entry)], ids=["change", "removal"]
)
async def test_the_database_itself_refuses_changes(engine: AsyncEngine, change: object) -> None:
    audit = await _filled(engine)

    with pytest.raises(DBAPIError, match="only added to"):
        async with engine.begin() as connection:
            await connection.execute(change)  # type: ignore[call-overload]

    assert (await audit.verify()).whole


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (delete(audit_entry).where(audit_entry.c.number == 3), 3),
        (delete(audit_entry).where(audit_entry.c.number == 1), 1),
        (delete(audit_entry).where(audit_entry.c.number == 5), 5),
        (delete(audit_entry), 1),
        (update(audit_entry).where(audit_entry.c.number == 2).values(actor="khác"), 2),
        (update(audit_entry).where(audit_entry.c.number == 4).values(at=NOON), 4),
        (update(audit_entry).where(audit_entry.c.number == 5).values(hash="0" * 64), 5),
        (update(audit_head).values(number=7), 6),
        (update(audit_head).values(hash="0" * 64), 6),
        (delete(audit_head), 6),
    ],
)
async def test_what_was_done_to_the_record_shows(engine: AsyncEngine, change: object, broken: int) -> None:
    audit = await _filled(engine)
    await _unlock(engine)
    async with engine.begin() as connection:
        await connection.execute(change)  # type: ignore[call-overload]

    verdict = await audit.verify()

    assert (verdict.whole, verdict.broken) == (False, broken)


async def test_the_newest_lines_are_proven_alone(engine: AsyncEngine) -> None:
    audit = await _filled(engine)
    assert (await audit.verify(2)).lines == 2
    assert (await audit.verify(99)).lines == 5
    await _unlock(engine)
    async with engine.begin() as connection:
        await connection.execute(update(audit_entry).where(audit_entry.c.number == 2).values(actor="khác"))

    assert (await audit.verify(2)).whole
    assert (await audit.verify(4)).broken == 2
    assert (await audit.verify()).broken == 2


async def test_a_line_put_in_shows(engine: AsyncEngine) -> None:
    audit = await _filled(engine)
    made_up = {"number": 6, "at": NOON, "hash": "0" * 64, "detail": "{}", "place": "", "subject": ""}
    async with engine.begin() as connection:
        await connection.execute(insert(audit_entry).values(actor="x", action="y", **made_up))

    assert (await audit.verify()).broken == 6


async def test_a_deed_that_fails_leaves_no_line(engine: AsyncEngine) -> None:
    audit = await _filled(engine)

    async def noted_in_vain() -> None:
        async with engine.begin() as connection:
            await note(connection, a_deed(), NOON)
            raise ValueError("fails")

    with pytest.raises(ValueError, match="fails"):
        await noted_in_vain()

    assert (await audit.verify()).lines == 5
    await audit.add(a_deed(), NOON)
    assert (await audit.verify()).whole


async def test_many_at_once_stand_in_one_chain(engine: AsyncEngine) -> None:
    audit = StoredAudit(engine)

    await asyncio.gather(*(audit.add(a_deed(number), NOON) for number in range(12)))

    verdict = await audit.verify()
    assert (verdict.whole, verdict.lines) == (True, 12)
