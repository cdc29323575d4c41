"""Drafts are listed with what they would change."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from knowledge.importing import import_file
from knowledge.reviewing import changes_of, waiting
from knowledge.tables import Kind
from tests.knowledge.databases import NOW, Sessions, a_base
from tests.knowledge.importing.files import a_file, own_row


@pytest.fixture
async def base(database_url: str, tmp_path: Path) -> AsyncIterator[Sessions]:
    async with a_base(database_url) as sessions:
        for publish, rows in (
            (True, [own_row("1.000001")]),
            (False, [own_row("1.000001", "Mới"), own_row("1.000002")]),
        ):
            file = a_file(tmp_path, rows, f"{publish}.jsonl")
            await import_file(sessions, file, publish=publish, dry_run=False, now=NOW)
        yield sessions


async def test_drafts_are_listed(base: Sessions) -> None:
    async with base() as session:
        assert await waiting(session, Kind.PROCEDURE) == [("1.000001", 2), ("1.000002", 1)]
        assert await waiting(session, Kind.FAQ) == []


async def test_a_draft_is_compared_with_what_is_in_force(base: Sessions) -> None:
    async with base() as session:
        assert await changes_of(session, Kind.PROCEDURE, "1.000001", 2) == [("name", "Cấp lại thẻ", "Mới")]
        assert await changes_of(session, Kind.PROCEDURE, "1.000002", 1) is None
        with pytest.raises(LookupError):
            await changes_of(session, Kind.PROCEDURE, "1.000001", 9)
