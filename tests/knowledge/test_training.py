"""The fitting of the constants."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from knowledge.confidence import DOMAIN_SIGNS, QUESTION_SIGNS, SIGNS
from knowledge.documents import of_faq, of_procedure
from knowledge.indexing import build_index
from knowledge.ranking import FEATURES, QUESTION_FEATURES
from knowledge.training import examples
from knowledge.training.fitting import FOLDS, Choice, area, fold_of, logistic, softmax
from knowledge.weights import load
from tests.knowledge.catalogue import ALL, POSTAL


def test_softmax_learns_what_the_right_ones_have() -> None:
    chance = np.random.default_rng(1)
    choices = []
    for _ in range(60):
        features = chance.normal(size=(6, 3))
        right = np.zeros(6, dtype=bool)
        right[int(np.argmax(features[:, 0] - features[:, 2]))] = True
        choices.append(Choice(features, right, 1.0))

    weights = softmax(choices, 3, 0.001)

    assert weights[0] > 1
    assert weights[2] < -1
    assert abs(weights[1]) < 0.5


def test_logistic_gives_probabilities() -> None:
    chance = np.random.default_rng(2)
    signs = np.column_stack([np.ones(400), chance.normal(size=400)])
    wanted = (chance.uniform(size=400) < 1 / (1 + np.exp(-2 * signs[:, 1]))).astype(float)

    model = logistic(signs, wanted, np.ones(400))
    belief = 1 / (1 + np.exp(-signs @ model))

    assert belief.mean() == pytest.approx(wanted.mean(), abs=0.01)
    assert area(belief, wanted) > 0.8


def test_a_group_is_always_in_the_same_fold() -> None:
    assert fold_of("1.004194") == fold_of("1.004194")
    assert {fold_of(str(n)) for n in range(50)} == set(range(FOLDS))


def test_the_shipped_constants_fit_the_code() -> None:
    weights = load()

    assert tuple(weights.procedures) == FEATURES
    assert tuple(weights.questions) == QUESTION_FEATURES
    assert tuple(weights.top) == SIGNS
    assert tuple(weights.in_domain) == DOMAIN_SIGNS
    assert tuple(weights.question) == QUESTION_SIGNS


def test_labelled_questions_are_read(tmp_path: Path) -> None:
    row = {"conversation": "c", "turn": 1, "text": "hỏi", "expect": "answer", "codes": ["1.004194"]}
    fact = {**row, "codes": [], "must": ["bưu chính"], "must_not": ["không có"]}
    for name in examples.WORTH:
        lines = [
            row,
            {**row, "turn": 2},
            {**row, "expect": "emergency"},
            fact,
            {**row, "expect": "refuse", "codes": []},
        ]
        text = "\n".join(json.dumps(line) for line in lines)
        (tmp_path / f"dev-{name}.jsonl").write_text(text, encoding="utf-8")

    found = examples.labelled(tmp_path, [POSTAL])

    assert len(found) == 3 * len(examples.WORTH)
    assert [example.kind for example in found[:3]] == ["answer", "answer", "elsewhere"]
    assert found[1].about_faq
    assert found[1].right == {f"faq:{POSTAL.id}"}


def test_variants_of_questions_are_examples() -> None:
    index = build_index([*(of_procedure(entry, ("cách nói",)) for entry in ALL[:2]), of_faq(POSTAL)])

    asked = examples.variants(index, random.Random(1))  # noqa: S311

    assert {example.right for example in asked} == {frozenset({f"faq:{POSTAL.id}"})}
    assert POSTAL.question.lower() not in {example.text for example in asked}
    assert examples.elsewhere()
