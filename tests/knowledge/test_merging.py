"""One list of hits from procedures and questions of the FAQ base."""

import numpy as np
import pytest

from knowledge.documents import of_faq, of_procedure
from knowledge.index import Index
from knowledge.indexing import build_index
from knowledge.merging import MOST_HITS, MOST_QUESTIONS, merged
from knowledge.search import Judgement, Ranked
from tests.knowledge.catalogue import ALL, POSTAL

NOTHING = np.zeros((0, 1))


@pytest.fixture(scope="module")
def index() -> Index:
    others = [POSTAL.__class__(id=f"q-{n}", question=f"Câu hỏi {n}", answer="", topic="") for n in range(5)]
    return build_index([*map(of_procedure, ALL), *map(of_faq, (POSTAL, *others))])


def ranked(*order: int) -> Ranked:
    points = tuple(float(-n) / 4 for n in range(len(order)))
    return Ranked(NOTHING, np.zeros(0, dtype=np.int32), order, points)


PROCEDURES, QUESTIONS = tuple(range(len(ALL))), tuple(range(len(ALL), len(ALL) + 6))


def test_the_more_probable_kind_is_first(index: Index) -> None:
    both = ranked(*PROCEDURES), ranked(*QUESTIONS)

    assert not merged(index.facts, *both, Judgement(0.6, 0.3, 1.0))[0].is_faq
    first = merged(index.facts, *both, Judgement(0.3, 0.6, 1.0))[0]
    assert first.is_faq
    assert first.confidence == 0.6


@pytest.mark.parametrize("sure", [Judgement(0.5, 0.45, 1.0), Judgement(0.3, 0.6, 1.0)])
def test_questions_do_not_crowd_procedures_out(index: Index, sure: Judgement) -> None:
    hits = merged(index.facts, ranked(*PROCEDURES), ranked(*QUESTIONS), sure)

    assert len(hits) == MOST_HITS
    assert 1 <= sum(hit.is_faq for hit in hits) <= MOST_QUESTIONS


def test_a_question_that_hardly_fits_is_left_out(index: Index) -> None:
    hits = merged(index.facts, ranked(*PROCEDURES), ranked(*QUESTIONS), Judgement(0.5, 0.05, 1.0))

    assert not any(hit.is_faq for hit in hits)


def test_without_candidates_there_is_no_hit(index: Index) -> None:
    assert merged(index.facts, ranked(), ranked(), Judgement(0.0, 0.0, 0.0)) == ()
