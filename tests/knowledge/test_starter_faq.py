"""The shipped questions and answers: whole, sourced, in our own words, and watched for the laws behind them."""

import gzip
import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError
from rapidfuzz import fuzz, process

from knowledge.entries import Faq, LegalDocument
from knowledge.text import fold, tokens
from tests.places import QUESTIONS, ROOT, SNAPSHOT, needs_shared

STARTER = ROOT / "knowledge" / "starter"
TOPICS = {
    "online", "postal", "one-stop", "lookup", "late", "feedback", "fees", "safety", "data", "time", "places",
    "reform", "indices", "conduct", "control", "reports", "desk",
}  # fmt: skip
LONGEST_ANSWER = 700
FEWEST_VARIANTS = 3
LONGEST_CHOICE = 64
NOTICE_DAYS = 60
TOO_ALIKE = 90.0
# Days on which a rule inside a law starts or ends though the law itself stays in force.
TURNING_DAYS = {
    "254/2026/NĐ-CP": (date(2026, 12, 31), date(2027, 1, 1)),
    "320/2026/NĐ-CP": (date(2026, 12, 31), date(2027, 6, 30)),
    "331/2026/NĐ-CP": (date(2027, 1, 1), date(2027, 7, 1)),
}
FALSE_FACTS = ("1900 0368", "19000368", "phananhkiennghigv", "Nghị định 309/2026", "309/2026/NĐ-CP")
DISTRICT = re.compile(r"\b(?:cấp huyện|quận|huyện)\b", re.IGNORECASE)
DISTRICT_IS_GONE = re.compile(r"không còn|kết thúc từ 01/7/2025|trước đây|để trống", re.IGNORECASE)
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_FAQ = TypeAdapter(Faq)
_LAW = TypeAdapter(LegalDocument)


def _lines() -> list[tuple[Path, str]]:
    files = sorted(STARTER.glob("faq*.jsonl"))
    return [(file, line) for file in files for line in file.read_text("utf-8").splitlines()]


def _faqs() -> list[Faq]:
    return [_FAQ.validate_json(line, strict=False, extra="forbid") for _, line in _lines()]


def _laws() -> list[LegalDocument]:
    text = (STARTER / "legal-documents.jsonl").read_text("utf-8")
    return [_LAW.validate_json(line) for line in text.splitlines()]


def _spoken(text: str) -> str:
    return " ".join(tokens(fold(text)))


def _phrases(faq: Faq) -> tuple[str, ...]:
    return (faq.question, *faq.variants)


def lacking(faq: Faq) -> list[str]:
    """What a starter entry lacks before it may be shipped; empty when nothing."""
    lacks = [] if faq.topic in TOPICS else ["topic"]
    if not faq.sources or any(not source.title.strip() for source in faq.sources):
        lacks.append("source")
    if any(source.as_of is None for source in faq.sources):
        lacks.append("date")
    return lacks


def changing(faqs: Iterable[Faq], laws: Iterable[LegalDocument], on: date) -> dict[str, list[date]]:
    """The entries whose own dates or whose source laws change within 60 days of `on`, with those days."""
    turning = {law.number: {law.effective_from, law.effective_to, *TURNING_DAYS.get(law.number, ())} for law in laws}
    soon: dict[str, list[date]] = {}
    for faq in faqs:
        days = {faq.effective_from, faq.effective_to}
        cited = " ".join(source.title for source in faq.sources)
        for number, turns in turning.items():
            if re.search(rf"(?<!\d){re.escape(number)}", cited):
                days |= turns
        near = sorted(day for day in days if day and on <= day <= on + timedelta(days=NOTICE_DAYS))
        if near:
            soon[faq.id] = near
    return soon


def test_the_starter_base_has_enough_questions_of_every_topic_and_for_both_audiences() -> None:
    faqs = _faqs()
    assert len(faqs) >= 200
    assert {faq.topic for faq in faqs} == TOPICS
    assert {audience.value for faq in faqs for audience in faq.audience} == {"citizens", "officials"}


def test_every_entry_has_topic_source_and_date() -> None:
    assert {faq.id: lacking(faq) for faq in _faqs() if lacking(faq)} == {}


@pytest.mark.parametrize(
    ("spoiled", "lack"),
    [
        ({"sources": []}, "source"),
        ({"sources": [{"title": " ", "as_of": "2026-11-21"}]}, "source"),
        ({"sources": [{"title": "Luật 91/2025/QH15"}]}, "date"),
        ({"topic": "weather"}, "topic"),
        ({"topic": ""}, "topic"),
    ],
)
def test_an_entry_without_source_date_or_topic_is_refused(spoiled: dict[str, object], lack: str) -> None:
    whole = json.loads(_lines()[0][1])
    assert lacking(_FAQ.validate_python(whole)) == []
    assert lacking(_FAQ.validate_python(whole | spoiled)) == [lack]


def test_an_entry_with_an_unknown_field_or_audience_is_refused() -> None:
    whole = json.loads(_lines()[0][1])
    with pytest.raises(ValidationError):
        _FAQ.validate_python(whole | {"sorces": []}, extra="forbid")
    with pytest.raises(ValidationError):
        _FAQ.validate_python(whole | {"audience": ["everyone"]})


def test_ids_are_unique_ascii_and_fit_a_button() -> None:
    ids = [faq.id for faq in _faqs()]
    assert len(ids) == len(set(ids))
    assert [one for one in ids if not ID.fullmatch(one) or len(f"q:{one}") > LONGEST_CHOICE] == []


def test_texts_are_composed_and_free_of_hidden_characters() -> None:
    hidden = {"Cf", "Cs", "Co", "Cn", "Cc"}
    for file, line in _lines():
        entry = json.loads(line)
        titles = [source["title"] for source in entry["sources"]]
        texts = (entry["question"], entry["answer"], *entry["variants"], *titles)
        for text in texts:
            assert unicodedata.is_normalized("NFC", text), (file.name, entry["id"])
            assert not {unicodedata.category(c) for c in text.replace("\n", "")} & hidden, (file.name, entry["id"])


def test_answers_fit_a_phone_and_every_question_has_other_ways_to_ask_it() -> None:
    faqs = _faqs()
    assert [faq.id for faq in faqs if not 0 < len(faq.answer) <= LONGEST_ANSWER] == []
    assert [faq.id for faq in faqs if len({_spoken(variant) for variant in faq.variants}) < FEWEST_VARIANTS] == []


def test_no_wording_belongs_to_two_entries() -> None:
    owners: dict[str, set[str]] = {}
    for faq in _faqs():
        for phrase in _phrases(faq):
            owners.setdefault(_spoken(phrase), set()).add(faq.id)
    assert {wording: ids for wording, ids in owners.items() if len(ids) > 1} == {}


def test_effective_dates_are_in_order_and_sources_are_not_of_the_future() -> None:
    for faq in _faqs():
        assert faq.effective_from is None or faq.effective_to is None or faq.effective_from <= faq.effective_to, faq.id
        assert all(source.as_of and source.as_of <= date(2026, 11, 21) for source in faq.sources), faq.id


def test_nothing_known_to_be_false_is_said() -> None:
    for file, line in _lines():
        assert [false for false in FALSE_FACTS if false in line] == [], (file.name, line[:60])


def test_the_district_level_is_never_named_as_a_living_one() -> None:
    named = 0
    for faq in _faqs():
        for sentence in re.split(r"(?<=[.;!?])\s+", faq.answer):
            if DISTRICT.search(sentence):
                named += 1
                context = f"{sentence} {faq.answer}"
                assert DISTRICT_IS_GONE.search(context), (faq.id, sentence)
    assert named


def test_addresses_are_official_ones() -> None:
    urls = {source.url for faq in _faqs() for source in faq.sources if source.url}
    assert urls == {"https://dichvucong.gov.vn"}
    shown = {address for faq in _faqs() for address in re.findall(r"https?://[\w./-]*\w", faq.answer)}
    assert shown == {"https://dichvucong.gov.vn"}


def test_related_procedures_are_in_the_starter_base() -> None:
    known = {json.loads(line)["code"] for line in (STARTER / "procedures.jsonl").read_text("utf-8").splitlines()}
    wanted = {code for faq in _faqs() for code in faq.related}
    assert wanted
    assert wanted - known <= {"1.014908"}


@needs_shared
def test_related_procedures_are_in_the_national_base() -> None:
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as rows:
        national = {json.loads(row)["code"] for row in rows}
    assert {code for faq in _faqs() for code in faq.related} - national == set()


def test_entries_whose_law_changes_within_60_days_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    soon = changing(_faqs(), _laws(), date(2026, 11, 21))
    with capsys.disabled():
        for name, days in sorted(soon.items()):
            print(f"\n  {name}: {', '.join(str(day) for day in days)}", end="")  # noqa: T201
    assert {"phi-tt64", "phi-can-cuoc-doi", "phi-bien-lai-2027", "du-lieu-cap-do", "vneid-lien-ket"} <= set(soon)
    assert "phan-anh-la-gi" not in soon
    assert changing(_faqs(), _laws(), date(2040, 1, 1)) == {}


def test_a_rule_that_ends_is_followed_by_its_successor_without_a_gap() -> None:
    faqs = {faq.id: faq for faq in _faqs()}
    pairs = [
        ("phi-tt64", "phi-tt64-2027"), ("phi-can-cuoc-doi", "phi-can-cuoc-doi-2027"),
        ("phi-can-cuoc-lai", "phi-can-cuoc-lai-2027"), ("phi-bien-lai-2027", "phi-bien-lai-2027-sau"),
        ("online-luat-ho-tich", "online-luat-ho-tich-2027"),
    ]  # fmt: skip
    for before, after in pairs:
        ends, begins = faqs[before].effective_to, faqs[after].effective_from
        assert ends is not None
        assert begins == ends + timedelta(days=1), (before, after)


@needs_shared
def test_no_wording_is_taken_from_the_question_files() -> None:
    asked = [
        _spoken(json.loads(line)["text"])
        for file in sorted(QUESTIONS.glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    assert len(asked) > 1000
    ours = {_spoken(phrase): faq.id for faq in _faqs() for phrase in _phrases(faq)}
    copied = [
        (name, wording)
        for wording, name in ours.items()
        if process.extractOne(wording, asked, scorer=fuzz.ratio, score_cutoff=TOO_ALIKE)
    ]
    assert copied == []
