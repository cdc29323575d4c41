"""The everyday words that are shipped: every procedure has them, and none is a title or a test question."""

import csv
import gzip
import json
from collections import defaultdict

import pytest
from rapidfuzz import fuzz, process

from knowledge import aliases
from knowledge.aliases import FOLDER, Alias
from knowledge.text import fold
from tests.places import SHARED, needs_shared

LEAST, LEAST_NEAR, LEAST_USED = 3, 6, 10
"""Phrases of any procedure; of one of the commune or of the first fields; of one of the 400 most used."""
MOST_USED = 400
FIRST_FIELDS = {
    "Hoạt động khoa học và công nghệ",
    "Tiêu chuẩn đo lường chất lượng",
    "Sở hữu trí tuệ",
    "Viễn thông và Internet",
    "Tần số vô tuyến điện",
    "Bưu chính",
    "An toàn bức xạ và hạt nhân",
    "Du lịch",
    "Di sản văn hóa",
    "Thể dục thể thao",
    "Gia đình",
    "Báo chí",
    "Xuất Bản, In và Phát hành",
    "Phát thanh, truyền hình và thông tin điện tử",
    "Giáo dục mầm non",
    "Giáo dục tiểu học",
    "Giáo dục trung học",
    "Giáo dục nghề nghiệp",
    "Giáo dục đại học",
    "Giáo dục thường xuyên",
    "Thi, tuyển sinh",
    "Văn bằng, chứng chỉ",
}
ALIKE = 90


@pytest.fixture(scope="module")
def written() -> list[Alias]:
    return [alias for path in sorted(FOLDER.glob("*.tsv")) for alias in aliases.read(path)]


@pytest.fixture(scope="module")
def records() -> dict[str, dict[str, str]]:
    with gzip.open(SHARED / "data" / "procedures-2026-07.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {record["code"]: record for record in map(json.loads, lines)}


def test_a_phrase_of_several_procedures_stands_once_and_is_marked(written: list[Alias]) -> None:
    lines = defaultdict(list)
    for alias in written:
        lines[fold(alias.phrase)].append(alias)
    twice = {phrase: [a.codes for a in found] for phrase, found in lines.items() if len(found) > 1}
    assert not twice


def test_phrases_are_short_and_plain(written: list[Alias]) -> None:
    assert [a.phrase for a in written if a.phrase != a.phrase.strip() or a.phrase.endswith((".", "?", "!"))] == []
    assert [a.phrase for a in written if not 1 <= len(a.phrase.split()) <= 16] == []


@needs_shared
def test_every_code_is_one_of_the_catalogue(written: list[Alias], records: dict[str, dict[str, str]]) -> None:
    assert {code for alias in written for code in alias.codes} - records.keys() == set()


@needs_shared
def test_every_procedure_has_enough_of_them(records: dict[str, dict[str, str]]) -> None:
    count = {code: len(phrases) for code, phrases in aliases.load().items()}
    with (SHARED / "data" / "popularity.csv").open(encoding="utf-8", newline="") as file:
        used = [row["code"] for row in csv.DictReader(file) if row["code"] in records][:MOST_USED]
    wanted = dict.fromkeys(records, LEAST)
    wanted |= {
        code: LEAST_NEAR
        for code, record in records.items()
        if record["field"] in FIRST_FIELDS or "Xã" in record["level"]
    }
    wanted |= dict.fromkeys(used, LEAST_USED)
    assert {code: count.get(code, 0) for code, least in wanted.items() if count.get(code, 0) < least} == {}


@needs_shared
def test_no_phrase_is_a_title(written: list[Alias], records: dict[str, dict[str, str]]) -> None:
    titles = {fold(record["name"]) for record in records.values()}
    assert [alias.phrase for alias in written if fold(alias.phrase) in titles] == []


@needs_shared
def test_no_phrase_is_nearly_a_question_of_the_measured_files(written: list[Alias]) -> None:
    asked = sorted(
        {
            fold(json.loads(line)["text"])
            for path in sorted((SHARED / "questions").glob("dev-*.jsonl"))
            for line in path.read_text(encoding="utf-8").splitlines()
        }
    )
    said = [fold(alias.phrase) for alias in written]
    scores = process.cdist(said, asked, scorer=fuzz.ratio, score_cutoff=ALIKE)
    near = [(written[n].phrase, len(asked[m])) for n, m in zip(*scores.nonzero(), strict=True)]
    assert near == []
