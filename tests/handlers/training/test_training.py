"""The kinds can be learnt again from their seeds, and the seeds are in order."""

import random
from pathlib import Path

import numpy as np
import pytest

from handlers.kinds import MODEL, Kinds
from handlers.training import corpus, telling
from handlers.training.corpus import Example, SeedError
from handlers.training.fit import fit
from knowledge.training.noise import Typist, telex


def test_every_kind_has_enough_seeds() -> None:
    counts: dict[str, int] = {}
    for example in corpus.seeds():
        kind = example.label.partition(".")[0]
        counts[kind] = counts.get(kind, 0) + 1

    assert set(counts) == {"emergency", "complaint", "feedback", "smalltalk", "refuse", "question"}
    assert min(counts.values()) >= 120


def test_the_shipped_constants_know_the_labels_of_the_seeds() -> None:
    assert set(Kinds.load().labels) == {example.label for example in corpus.seeds()}
    assert MODEL.stat().st_size < 1_500_000


def test_the_shipped_constants_were_learnt_from_these_seeds() -> None:
    with np.load(MODEL, allow_pickle=False) as stored:
        assert str(stored["made_of"]) == corpus.fingerprint(), "train again: python -m handlers.training"


def test_a_seed_leaves_words_to_choose() -> None:
    made = {corpus.drawn("(chào|alo) ad (ơi|)", random.Random(n)) for n in range(40)}  # noqa: S311

    assert made == {"chào ad ơi", "chào ad", "alo ad ơi", "alo ad"}
    assert corpus.drawn("cháy nhà (tầng 2)", random.Random(1)) == "cháy nhà (tầng 2)"  # noqa: S311


def test_no_seed_leaves_a_choice_open() -> None:
    chance = random.Random(1)  # noqa: S311

    assert not [e.text for e in corpus.seeds() if "|" in corpus.drawn(e.text, chance)]


@pytest.mark.parametrize("content", ["no section\n", "[a]\nmột câu\nmột câu\n"])
def test_a_seed_out_of_place_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.txt").write_text(content, encoding="utf-8")

    with pytest.raises(SeedError, match=r"a\.txt:"):
        corpus.seeds(tmp_path)


def test_the_same_seed_gives_the_same_constants() -> None:
    examples = [Example("chào bạn", "smalltalk"), Example("cháy nhà", "emergency"), Example("lệ phí", "question")]

    first, again = fit(examples, 1), fit(examples, 1)

    assert np.array_equal(first.weights, again.weights)


def test_a_typist_keeps_the_message() -> None:
    typist = Typist({"không": ("ko",)}, random.Random(1))  # noqa: S311

    assert telex("nhà") == "nhaf"
    assert telex("đường") == "dduwowngf"
    assert len(typist.variants("nhà tôi không có điện", 12, surrounded=True)) == 12
    assert all(typist.variants("ừ", 30, surrounded=False))


def test_stories_stand_before_the_point() -> None:
    made = list(telling.told([Example("cháy nhà", "emergency.fire")] * 50, telling.stories(), random.Random(1)))  # noqa: S311

    assert made
    assert all(example.text.endswith("cháy nhà") for example in made)
