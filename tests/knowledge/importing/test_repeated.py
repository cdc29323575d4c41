"""The same file again is known by its bytes, as long as nothing else has been published."""

import asyncio
import json
from pathlib import Path

import pytest

from knowledge.importing import import_file
from knowledge.store import published_revision
from tests.fakes import NOON
from tests.knowledge.databases import Sessions, a_base

ONE = {"id": "mot", "question": "Một?", "answer": "Một.", "topic": "desk", "sources": [{"title": "nguồn"}]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mot.jsonl"
    path.write_text(json.dumps(ONE), encoding="utf-8")
    return path


async def taken(sessions: Sessions, file: Path) -> tuple[int, int, int, int]:
    report = await import_file(sessions, file, publish=True, dry_run=False, now=NOON)
    async with sessions() as session:
        return report.new, report.changed, report.unchanged, await published_revision(session)


async def test_the_same_file_changes_nothing(database_url: str, file: Path) -> None:
    async with a_base(database_url) as sessions:
        assert await taken(sessions, file) == (1, 0, 0, 1)
        assert await taken(sessions, file) == (0, 0, 1, 1)


async def test_a_file_of_the_same_name_with_other_content_is_read(database_url: str, file: Path) -> None:
    async with a_base(database_url) as sessions:
        await taken(sessions, file)
        await asyncio.to_thread(file.write_text, json.dumps({**ONE, "answer": "Hai."}), encoding="utf-8")

        assert await taken(sessions, file) == (0, 1, 0, 2)


async def test_after_another_publication_the_old_file_is_read_again(
    database_url: str, file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "hai.jsonl"
    other.write_text(json.dumps({**ONE, "answer": "Hai."}), encoding="utf-8")
    async with a_base(database_url) as sessions:
        await taken(sessions, file)
        await taken(sessions, other)

        assert await taken(sessions, file) == (0, 1, 0, 3)
