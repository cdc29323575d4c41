"""Everyday words shipped with the program: how their files are read."""

from pathlib import Path

import pytest

from knowledge import aliases
from knowledge.aliases import Alias, AliasError
from knowledge.base import KnowledgeBase
from knowledge.entries import OfficeProfile
from tests.knowledge.catalogue import RESIDENCE, publication


def written(folder: Path, *lines: str, name: str = "some.tsv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_line_names_one_code_or_is_flagged(tmp_path: Path) -> None:
    path = written(tmp_path, "# cư trú", "1.004194\tmới thuê phòng trọ", "1.004194 1.004222\tchuyển nhà\tambiguous")

    assert list(aliases.read(path)) == [
        Alias("mới thuê phòng trọ", ("1.004194",)),
        Alias("chuyển nhà", ("1.004194", "1.004222")),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "1.004194",
        "1.004194\t",
        "4194\tphòng trọ",
        "1.004194\tphòng trọ\tambiguous",
        "1.004194 1.004222\tphòng trọ",
        "1.004194\tphòng trọ\tsome\tmore",
    ],
)
def test_a_line_of_another_shape_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(AliasError, match=r"some\.tsv:2"):
        list(aliases.read(written(tmp_path, "# đầu", line)))


def test_all_files_together(tmp_path: Path) -> None:
    written(tmp_path, "1.004194\tphòng trọ", "1.004194\tphòng trọ", name="a.tsv")
    written(tmp_path, "1.004194\tở trọ", name="b.tsv")
    before = aliases.fingerprint(tmp_path)

    assert aliases.load(tmp_path) == {"1.004194": ("phòng trọ", "ở trọ")}
    written(tmp_path, "1.004222\tnhập khẩu", name="b.tsv")
    assert aliases.fingerprint(tmp_path) != before


def test_the_shipped_files_are_readable() -> None:
    assert len(aliases.load()) > 50


def test_an_alias_of_the_staff_finds_its_procedure() -> None:
    base = KnowledgeBase.build(publication(aliases={RESIDENCE.code: ("cắt khẩu về nhà chồng",)}), OfficeProfile())

    assert base.find("cat khau ve nha chong").hits[0].ref == RESIDENCE.code
