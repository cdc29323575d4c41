"""A message in the talk it stands in: corrections, denials, and what was offered before."""

import functools

import pytest

from knowledge.base import KnowledgeBase
from knowledge.entries import Aspect, Found, Topic
from tests.knowledge import catalogue as c


@functools.cache
def small() -> KnowledgeBase:
    return c.base()


def offered(question: str, *codes: str, aspects: tuple[Aspect, ...] = ()) -> Topic:
    """The talk after these entries have been offered for a question."""
    return Topic(question=question, aspects=aspects, offered=codes)


def refs(found: Found) -> list[str]:
    return [hit.ref for hit in found.hits]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("không phải khai sinh, tôi hỏi khai tử", c.DEATH.code),
        ("đăng ký khai tử chứ không phải khai sinh", c.DEATH.code),
        ("khong phai tam tru, em hoi thuong tru", c.RESIDENCE.code),
        ("không phải, đăng ký kết hôn cơ", c.MARRIAGE.code),
    ],
)
def test_what_is_denied_is_not_found(text: str, code: str) -> None:
    assert refs(small().find(text))[0] == code


def test_a_correction_keeps_the_part_first_asked_for() -> None:
    before = Topic(ref=c.BIRTH.code, question="phí đăng ký khai sinh", aspects=(Aspect.FEE,))

    found = small().find("ý tôi là đăng ký khai tử", before)

    assert refs(found)[0] == c.DEATH.code
    assert found.aspects == (Aspect.FEE,)


def test_an_answer_that_is_only_denied_is_not_given_again() -> None:
    before = Topic(ref=c.BIRTH.code, question="đăng ký khai sinh ở đâu", aspects=(Aspect.PLACE,))

    found = small().find("không phải khai sinh", before)

    assert c.BIRTH.code not in refs(found)
    assert found.confidence < 0.5
    assert found.aspects == (Aspect.PLACE,)


def test_a_question_denies_nothing() -> None:
    before = Topic(ref=c.STAY.code, question="đăng ký tạm trú")

    assert refs(small().find("không phải đăng ký tạm trú à", before))[0] == c.STAY.code


def test_words_that_tell_the_offered_entries_apart_choose_one_with_the_part_first_asked_for() -> None:
    before = offered("làm thẻ căn cước hết bao nhiêu", c.CARD.code, c.CHILD_CARD.code, c.CARD_AGAIN.code)
    before = Topic(question=before.question, offered=before.offered, aspects=(Aspect.FEE,))

    found = small().find("cấp lại", before)

    assert refs(found)[0] == c.CARD_AGAIN.code
    assert found.carried
    assert found.aspects == (Aspect.FEE,)
    assert found.confidence > 0.5


def test_another_part_of_what_was_offered_offers_it_again() -> None:
    before = offered("thẻ căn cước", c.CARD.code, c.CHILD_CARD.code, c.CARD_AGAIN.code)

    found = small().find("mất bao lâu", before)

    assert set(refs(found)[:3]) == set(before.offered)
    assert found.aspects == (Aspect.TIME,)


def test_a_new_subject_is_none_of_what_was_offered() -> None:
    before = offered("thẻ căn cước", c.CARD.code, c.CHILD_CARD.code, aspects=(Aspect.FEE,))

    found = small().find("đăng ký kết hôn ở đâu", before)

    assert refs(found)[0] == c.MARRIAGE.code
    assert not found.carried
    assert found.aspects == (Aspect.PLACE,)


def test_an_operation_alone_is_about_the_same_subject() -> None:
    before = Topic(ref=c.STAY.code, question="đăng ký tạm trú")

    assert refs(small().find("thế gia hạn thì sao", before))[0] == c.STAY_LONGER.code


def test_a_place_alone_is_about_the_same_subject() -> None:
    before = offered("hỗ trợ trồng cây ăn quả trên đất dốc", c.LAND_SON_LA.code, c.LAND_LAO_CAI.code)

    assert refs(small().find("dạ em ở Yên Bái", before))[0] == c.LAND_LAO_CAI.code


def test_what_is_set_against_the_topic_is_not_the_topic() -> None:
    before = Topic(ref=c.STAY.code, question="đăng ký tạm trú mất mấy ngày", aspects=(Aspect.TIME,))

    found = small().find("thế còn thường trú thì mấy ngày", before)

    assert refs(found)[0] == c.RESIDENCE.code
    assert found.aspects == (Aspect.TIME,)


def test_what_is_pointed_at_is_the_topic() -> None:
    before = Topic(ref=c.STAY.code, question="đăng ký tạm trú")

    found = small().find("việc đó căn cứ vào nghị định nào", before)

    assert refs(found)[0] == c.STAY.code
    assert found.aspects == (Aspect.LEGAL,)


def test_an_ordinal_says_nothing_about_a_subject() -> None:
    assert refs(small().find("cái thứ hai, gia hạn thôi", Topic(ref=c.STAY.code, question="đăng ký tạm trú")))[0] == (
        c.STAY_LONGER.code
    )
