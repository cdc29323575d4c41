"""Our scores are the scores of the question files' own scorer."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation import score, verdict
from tests.places import QUESTIONS, needs_shared

ANSWER = {"kind": "answer", "codes": ["1.1", "1.2"], "aspects": "f", "text": "Phí 5.000 đồng", "ms": 2.0}


@pytest.mark.parametrize(
    ("expect", "codes", "kind", "given", "expected"),
    [
        ("answer", ["1.1"], "answer", ["1.1"], "right"),
        ("answer", ["1.2"], "answer", ["1.1", "1.2"], "wrong"),
        ("answer", ["1.2"], "clarify", ["1.1", "1.2"], "helped"),
        ("answer", ["1.9"], "clarify", ["1.1", "1.2"], "missed"),
        ("answer", ["1.1"], "refuse", [], "missed"),
        ("clarify", ["1.1"], "clarify", ["1.1"], "right"),
        ("clarify", [], "clarify", ["1.1"], "right"),
        ("clarify", ["1.1"], "answer", ["1.1"], "helped"),
        ("clarify", ["1.1"], "answer", ["1.2"], "wrong"),
        ("refuse", [], "refuse", [], "right"),
        ("refuse", [], "answer", ["1.1"], "wrong"),
        ("emergency", [], "smalltalk", [], "wrong"),
    ],
)
def test_verdicts(expect: str, codes: list[str], kind: str, given: list[str], expected: str) -> None:
    question = {"id": "q", "turn": 1, "text": "?", "expect": expect, "codes": codes, "aspects": ""}

    assert verdict(question, {**ANSWER, "kind": kind, "codes": given}) == expected


def test_a_fact_is_judged_by_its_text() -> None:
    question: dict[str, Any] = {"expect": "answer", "codes": [], "must": ["5[.]000"], "must_not": ["miễn phí"]}

    assert verdict(question, ANSWER) == "right"
    assert verdict(question, {**ANSWER, "text": "Không rõ"}) == "wrong"
    assert verdict(question, {**ANSWER, "text": "5.000 hoặc miễn phí"}) == "wrong"
    assert verdict(question, {**ANSWER, "kind": "clarify"}) == "helped"


@needs_shared
@pytest.mark.parametrize("name", ["dev-desk", "dev-national", "dev-popular", "dev-formal"])
def test_the_report_is_that_of_the_scorer(name: str, tmp_path: Path) -> None:
    file = QUESTIONS / f"{name}.jsonl"
    questions = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    answers = [_some_answer(number, question) for number, question in enumerate(questions)]
    written = tmp_path / "answers.jsonl"
    written.write_text("\n".join(json.dumps(answer) for answer in answers), encoding="utf-8")

    judged = subprocess.run(
        [sys.executable, QUESTIONS / "score.py", file, written, "--json"], capture_output=True, text=True, check=True
    )

    assert score(zip(questions, answers, strict=True)).report() == json.loads(judged.stdout)


def _some_answer(number: int, question: dict[str, Any]) -> dict[str, Any]:
    """Answers of every kind, right and wrong by turns, so that each branch is compared."""
    kinds = ("answer", "clarify", "smalltalk", "feedback", "complaint", "emergency", "refuse")
    kind = question["expect"] if number % 3 else kinds[number % len(kinds)]
    codes = (["9.999999"] * (number % 4) + question["codes"])[:10]
    return {
        "id": question["id"],
        "kind": kind,
        "codes": codes,
        "aspects": "fd"[: number % 3],
        "confidence": 0.5,
        "text": "2030 114 115 113 khiếu nại Hải Phòng" if number % 2 else "",
        "ms": float(number % 7),
    }
