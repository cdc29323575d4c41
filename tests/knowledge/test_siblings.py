"""Among candidates that share their object, the words that only some of them hold decide."""

import dataclasses

import numpy as np

from knowledge.comparing import Comparer
from knowledge.documents import of_faq, of_procedure
from knowledge.entries import Faq
from knowledge.indexing import build_index
from knowledge.lexicon import load
from knowledge.retrieval import terms
from knowledge.search import Searcher
from knowledge.siblings import APART, QUESTION_APART, apart, apart_questions
from tests.knowledge.catalogue import ALL

NAMES = (
    "Cấp giấy phép kinh doanh dịch vụ lữ hành nội địa",
    "Cấp giấy phép kinh doanh dịch vụ lữ hành quốc tế",
    "Cấp lại giấy phép kinh doanh dịch vụ lữ hành quốc tế",
)


def compared(message: str) -> dict[str, list[float]]:
    entries = [dataclasses.replace(ALL[0], code=f"1.00000{n}", name=name, aliases=()) for n, name in enumerate(NAMES)]
    index = build_index([of_procedure(entry) for entry in entries])
    searcher = Searcher(index, load())
    asked = terms(searcher.understand(message), index, expanded=False)
    documents = np.arange(len(NAMES))
    rows, places = searcher.features.rows_of(documents)
    out = apart(Comparer(index), documents, rows, places, asked, asked)
    best = {name: [0.0] * len(NAMES) for name in APART}
    for row, place in zip(out.tolist(), places.tolist(), strict=True):
        for name, value in zip(APART, row, strict=True):
            best[name][place] = max(best[name][place], value)
    return best


def test_the_word_that_only_one_candidate_holds_decides() -> None:
    found = compared("giấy phép lữ hành nội địa")
    assert found["apart_title"][0] > max(found["apart_title"][1:])
    assert found["apart_row"][0] > max(found["apart_row"][1:])


def test_words_that_all_candidates_hold_tell_nothing() -> None:
    assert compared("giấy phép lữ hành")["apart_title"] == [0.0, 0.0, 0.0]


def test_what_a_title_adds_unasked_counts_against_it() -> None:
    unasked = compared("giấy phép lữ hành quốc tế")["apart_unasked"]
    assert unasked[1] < unasked[2]


def test_no_candidates_no_lines() -> None:
    index = build_index([of_procedure(ALL[0])])
    nothing = np.zeros(0, dtype=np.int64)
    asked = terms(Searcher(index, load()).understand("khai sinh"), index, expanded=False)
    assert apart(Comparer(index), nothing, nothing, nothing, asked, asked).shape == (0, len(APART))


def test_questions_of_the_base_are_told_apart_by_the_word_that_one_of_them_holds() -> None:
    asked_of = ("Chỉ số PAPI do ai khảo sát?", "Chỉ số PAPI có mấy nội dung?", "Chỉ số PAPI điểm cao nhất là mấy?")
    faqs = [
        Faq(id=f"papi-{n}", question=question, answer="Có.", topic="indices") for n, question in enumerate(asked_of)
    ]
    index = build_index([of_faq(faq) for faq in faqs])
    asked = terms(Searcher(index, load()).understand("papi khảo sát"), index, expanded=False)

    found = apart_questions(Comparer(index), np.arange(len(faqs)), asked, asked)

    said, texts = found[:, QUESTION_APART.index("apart_said")], found[:, QUESTION_APART.index("apart_said_texts")]
    assert said[0] > max(said[1:])
    assert texts[0] > max(texts[1:])
    assert apart_questions(Comparer(index), np.arange(0), asked, asked).shape == (0, len(QUESTION_APART))
