"""An explanation adds up: the shares are the score, the words are the message, the result is that of `find`."""

import functools

import pytest

from knowledge.base import KnowledgeBase
from knowledge.entries import OfficeProfile, Topic
from knowledge.explaining import Candidate, Explanation
from tests.knowledge import catalogue as c

QUESTIONS = (
    "đăng ký tạm trú hết bao nhiêu tiền",
    "dk tạm trú cho con ko phải thường trú",
    "cap lai can cuoc bi mat",
    "kết hôn với người nước ngoài",
    "giao giấy tờ tận nhà qua bưu điện",
    "hỗ trợ trồng cây ăn quả ở Sơn La",
    "trời hôm nay đẹp",
    "",
)


@functools.cache
def small() -> KnowledgeBase:
    return c.base(OfficeProfile(name="Sở", province="Sơn La"))


def why(text: str, topic: Topic | None = None) -> Explanation:
    return small().explain(text, topic)


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_shares_of_a_candidate_add_up_to_its_score(text: str) -> None:
    told = why(text)

    for one in (*told.candidates, *told.questions):
        assert _sum(one) == pytest.approx(one.score)
        sizes = [abs(share.points) for share in one.shares]
        assert sizes == sorted(sizes, reverse=True)
        assert all(sizes)


def _sum(one: Candidate) -> float:
    return sum(share.points for share in one.shares) + one.profile + one.rest


@pytest.mark.parametrize("text", QUESTIONS)
def test_what_is_explained_is_what_find_finds(text: str) -> None:
    told, found = why(text), small().find(text)

    assert told.found == found
    if found.hits and not found.hits[0].is_faq:
        assert told.candidates[0].ref == found.hits[0].ref
        assert told.candidates[0].score == pytest.approx(found.hits[0].score)
    assert len(told.candidates) <= 10


def test_signs_and_probabilities_are_those_of_the_judgement() -> None:
    told = why("đăng ký tạm trú hết bao nhiêu tiền")

    probabilities = {one.name: one.probability for one in told.certainties}
    assert list(probabilities) == ["top", "question", "in_domain"]
    assert probabilities["top"] == told.found.confidence
    assert probabilities["in_domain"] == told.found.in_domain
    assert all(one.signs for one in told.certainties)


def test_repairs_tell_what_was_typed_what_is_meant_and_why() -> None:
    told = why("dk tạm trú hết bn tiền ở khu vuẹc này")

    repairs = {repair.typed: (repair.meant, repair.why) for repair in told.repairs}
    assert repairs["dk"] == ("đăng ký", "teencode")
    assert repairs["bn"] == ("bao nhiêu", "teencode")
    assert "tạm" not in repairs


def test_a_slip_of_the_finger_is_called_spelling() -> None:
    told = why("dang ky kahi sinh")

    assert ("kahi", "khai", "spelling") in {(r.typed, r.meant, r.why) for r in told.repairs}
    assert not told.accents


def test_denied_words_places_and_parts_are_shown() -> None:
    told = why("không phải khai sinh, tôi hỏi lệ phí khai tử ở Sơn La")

    assert {word.text: word.weight for word in told.words}["sinh"] == 0
    assert told.places == ("Sơn La",)
    assert [aspect.name for aspect in told.found.aspects] == ["FEE"]
    assert any("_" in token for token in told.tokens)


def test_the_operation_is_named() -> None:
    assert why("gia hạn tạm trú").circumstances["operations"] == ("extend",)


def test_the_offices_own_procedures_show_their_gain() -> None:
    told = why("hỗ trợ trồng cây ăn quả trên đất dốc")

    gains = {one.ref: one.profile for one in told.candidates}
    assert gains[c.LAND_SON_LA.code] > 0


def test_a_follow_up_tells_its_turn_and_what_was_searched() -> None:
    before = small().find("đăng ký tạm trú cho con ở trọ")
    topic = Topic(ref=before.hits[0].ref, question=before.question)

    told = why("thế gia hạn thì sao", topic)

    assert told.turn == "together"
    assert abs(sum(told.found.readings.values()) - 1) < 1e-6
    assert told.found.carried
    assert "tạm trú" in told.searched
    assert why("thế gia hạn thì sao").turn == "alone"


def test_a_code_needs_no_candidates() -> None:
    told = why("1.001193 lệ phí bao nhiêu")

    assert told.found.hits[0].ref == c.BIRTH.code
    assert [*told.candidates, *told.questions, *told.certainties] == []


def test_explaining_leaves_the_base_as_it_was() -> None:
    base = c.base()
    found = base.find("đăng ký khai sinh")
    base.explain("đăng ký khai tử")

    assert base.find("đăng ký khai sinh") == found
