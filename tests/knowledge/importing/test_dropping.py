"""Files put into the folder by hand are taken in when they have come to rest, each with a report beside it."""

import gzip
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from knowledge.importing import ImportProblem, import_file
from knowledge.importing.dropping import DropFolder, Taken
from knowledge.store import Kind, Status, calendar_day, counts, history, load_publication
from tests.knowledge.databases import NOW, Sessions, a_base
from tests.knowledge.importing.files import a_file, own_row, portal_row

FAQ = {"id": "nop-ho", "question": "Nộp thay được không?", "answer": "Được.", "topic": "one-stop"}


@dataclass
class Folder:
    """A base and the folder beside it."""

    base: Sessions
    path: Path
    drop: DropFolder

    async def look(self, **options: Any) -> list[Taken]:
        """One look at the folder."""
        return await self.drop.look(self.base, now=lambda: NOW, **options)

    async def take(self, **options: Any) -> list[Taken]:
        """Two looks with nothing happening in between."""
        assert await self.look(**options) == []
        return await self.look(**options)


@pytest.fixture
async def folder(database_url: str, tmp_path: Path) -> AsyncIterator[Folder]:
    path = tmp_path / "nhan-tep"
    path.mkdir()
    async with a_base(database_url) as base:
        yield Folder(base, path, DropFolder(path))


async def test_a_file_at_rest_becomes_drafts_and_is_put_away(folder: Folder) -> None:
    a_file(folder.path, [portal_row("1.000001"), portal_row("1.000002")], "thu-tuc-2026-10.jsonl.gz")

    (taken,) = await folder.take()

    assert taken.problem == ""
    assert taken.place == folder.path / "done" / "20261121-100000-thu-tuc-2026-10.jsonl.gz"
    assert taken.place.exists()
    assert "Mới: 2." in taken.place.with_name(taken.place.name + ".txt").read_text(encoding="utf-8")
    assert [path.name for path in folder.path.iterdir()] == ["done"]
    async with folder.base() as session:
        assert await counts(session) == {Kind.PROCEDURE: {Status.DRAFT: 2}}
    assert await folder.take() == []


async def test_every_form_of_data_is_known_by_its_content(folder: Folder) -> None:
    a_file(folder.path, [FAQ], "hoi-dap.jsonl")
    a_file(folder.path, [own_row("1.000001")], "rieng.jsonl")

    assert len(await folder.take()) == 2
    async with folder.base() as session:
        assert set(await counts(session)) == {Kind.FAQ, Kind.PROCEDURE}


async def test_a_file_still_being_copied_is_left_alone(folder: Folder) -> None:
    path = a_file(folder.path, [portal_row("1.000001")], "a.jsonl")
    await folder.look()
    with path.open("ab") as file:
        file.write(json.dumps(portal_row("1.000002")).encode())
    assert await folder.look() == []
    os.utime(path, ns=(1, 1))
    assert await folder.look() == []

    assert len(await folder.look()) == 1


async def test_strange_hidden_and_linked_files_are_left_alone(folder: Folder, tmp_path: Path) -> None:
    outside = a_file(tmp_path, [FAQ], "outside.jsonl")
    (folder.path / "link.jsonl").symlink_to(outside)
    a_file(folder.path, [FAQ], ".hidden.jsonl")
    a_file(folder.path, [FAQ], "half.jsonl.part")
    (folder.path / "folder.jsonl").mkdir()

    assert await folder.take() == []
    assert len(list(folder.path.iterdir())) == 4


async def test_a_broken_file_goes_aside_with_the_reason(folder: Folder) -> None:
    (folder.path / "cut.jsonl.gz").write_bytes(gzip.compress(json.dumps(FAQ).encode())[:30])

    (taken,) = await folder.take()

    assert taken.place.parent.name == "failed"
    report = taken.place.with_name(taken.place.name + ".txt").read_text(encoding="utf-8")
    assert report.strip() == taken.problem
    assert "bị hỏng" in report
    async with folder.base() as session:
        assert await counts(session) == {}


async def test_refused_rows_are_named_in_the_report(folder: Folder) -> None:
    a_file(folder.path, [portal_row("1.000001"), portal_row("")], "a.jsonl")

    (taken,) = await folder.take()

    assert "Dòng 2: code:" in taken.place.with_name(taken.place.name + ".txt").read_text(encoding="utf-8")
    (row,) = taken.place.with_name(taken.place.name + ".refused.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(row)["row"] == 2


async def test_a_second_file_of_the_same_name_does_not_overwrite_the_first(folder: Folder) -> None:
    for _ in range(3):
        a_file(folder.path, [FAQ], "a.jsonl")
        await folder.take()

    kept = sorted(path.name for path in (folder.path / "done").glob("*.jsonl"))
    assert kept == ["20261121-100000-2-a.jsonl", "20261121-100000-3-a.jsonl", "20261121-100000-a.jsonl"]


async def test_a_change_of_trusted_parts_only_is_in_force_at_once(folder: Folder, tmp_path: Path) -> None:
    before = a_file(tmp_path, [own_row("1.000001"), own_row("1.000002")], "before.jsonl")
    await import_file(folder.base, before, publish=True, dry_run=False, now=NOW)
    rows = [own_row("1.000001", keywords="mới"), own_row("1.000002", keywords="mới", conditions="Đủ 18 tuổi")]
    a_file(folder.path, rows, "after.jsonl")

    await folder.take(trusted=frozenset({"keywords"}))

    async with folder.base() as session:
        first, second = [await history(session, Kind.PROCEDURE, code) for code in ("1.000001", "1.000002")]
        published = (await load_publication(session, calendar_day(NOW))).procedures
    assert [version.status for version in first] == [Status.PUBLISHED, Status.REPLACED]
    assert [version.status for version in second] == [Status.DRAFT, Status.PUBLISHED]
    assert "mới" in published["1.000001"].body.decode()


async def test_a_folder_that_is_not_there_is_told(folder: Folder) -> None:
    folder.path.rmdir()

    with pytest.raises(ImportProblem, match="thư mục nhận tệp"):
        await folder.look()
