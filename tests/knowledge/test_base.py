"""Finding over a small catalogue: what comes first, what is carried over, what is kept out."""

import functools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.base import KnowledgeBase
from knowledge.entries import FAQ_PREFIX, Aspect, Found, Level, OfficeProfile, Topic
from tests.knowledge import catalogue as c


@functools.cache
def small() -> KnowledgeBase:
    return c.base()


def first(found: Found) -> str:
    return found.hits[0].ref


def topic_of(found: Found) -> Topic:
    return Topic(ref=first(found), question=found.question, aspects=found.aspects)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("đăng ký khai sinh cho con", c.BIRTH.code),
        ("dang ky ket hon can giay to gi", c.MARRIAGE.code),
        ("làm mất căn cước rồi xin cấp lại", c.CARD_AGAIN.code),
        ("cấp căn cước cho bé 6 tuổi", c.CHILD_CARD.code),
        ("kết hôn với người nước ngoài", c.FOREIGN_MARRIAGE.code),
        ("không phải khai sinh, tôi hỏi khai tử", c.DEATH.code),
        ("gia hạn tạm trú", c.STAY_LONGER.code),
    ],
)
def test_the_right_procedure_is_first(text: str, code: str) -> None:
    found = small().find(text)

    assert first(found) == code
    assert 0 <= found.confidence <= 1
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)


def test_a_code_in_the_text_is_that_procedure() -> None:
    for text in ("1.001193", "thủ tục mã 1.001193.000.00.00.H28 lệ phí bao nhiêu", "1.999998"):
        found = small().find(text)
        assert first(found) == c.BIRTH.code
        assert found.confidence == 1
    assert small().find("mã 1.001193 lệ phí bao nhiêu").aspects == (Aspect.FEE,)


def test_a_question_of_the_faq_base_is_found_beside_procedures() -> None:
    hit = small().find("nhận kết quả tại nhà qua bưu chính được không").hits[0]

    assert hit.ref == FAQ_PREFIX + c.POSTAL.id
    assert hit.is_faq
    assert hit.level is Level.UNKNOWN


def test_another_part_is_asked_of_the_same_entry() -> None:
    before = small().find("đăng ký tạm trú cho con ở trọ")

    found = small().find("thế còn phí?", topic_of(before))

    assert first(found) == c.STAY.code
    assert found.carried
    assert found.aspects == (Aspect.FEE,)


def test_another_operation_on_the_same_subject() -> None:
    before = small().find("đăng ký tạm trú cho con ở trọ")

    found = small().find("gia hạn thì sao", topic_of(before))

    assert first(found) == c.STAY_LONGER.code
    assert found.carried


@pytest.mark.parametrize(
    "text", ["chứng thực bản sao ở đâu", "chung thuc ban sao o dau", "vay vốn", "căn cước bao nhiêu tiền"]
)
def test_what_has_a_subject_of_its_own_is_not_about_the_topic(text: str) -> None:
    found = small().find(text, topic_of(small().find("đăng ký tạm trú")))

    assert found.confidence < 0.45 or found.hits[0].ref != c.STAY.code, "offered at most, never answered"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("làm khai sinh cần giấy tờ gì", "1.001193"),
        ("kết hôn mất mấy ngày", "1.000894"),
        ("lam tam tru o dau", "1.004194"),
    ],
)
def test_the_plain_procedure_stands_before_special_ones(text: str, plain: str) -> None:
    assert small().find(text).hits[0].ref == plain


def test_a_new_subject_leaves_the_topic() -> None:
    found = small().find("đăng ký kết hôn nộp ở đâu", topic_of(small().find("đăng ký tạm trú")))

    assert first(found) == c.MARRIAGE.code
    assert not found.carried


def test_a_restated_question_stands_alone() -> None:
    found = small().find("à không, ý tôi là đăng ký khai tử", topic_of(small().find("đăng ký khai sinh")))

    assert first(found) == c.DEATH.code
    assert not found.carried


def test_procedures_of_another_province_are_kept_out() -> None:
    base = c.base(OfficeProfile(province="tỉnh Sơn La"))

    own = base.find("hỗ trợ trồng cây ăn quả trên đất dốc")
    other = base.find("hỗ trợ trồng cây ăn quả trên đất dốc ở Yên Bái")

    assert first(own) == c.LAND_SON_LA.code
    assert c.LAND_LAO_CAI.code not in {hit.ref for hit in own.hits}
    assert first(other) == c.LAND_LAO_CAI.code


def test_without_a_profile_every_province_counts_alike() -> None:
    refs = [hit.ref for hit in small().find("hỗ trợ trồng cây ăn quả trên đất dốc").hits]

    assert {c.LAND_SON_LA.code, c.LAND_LAO_CAI.code} <= set(refs)


def test_the_office_of_the_profile_comes_first() -> None:
    ministry = c.base(OfficeProfile(level=Level.MINISTRY))
    province = c.base(OfficeProfile(level=Level.PROVINCE, fields=("Tần số vô tuyến điện",)))
    text = "giấy phép sử dụng tần số vô tuyến điện"

    assert first(ministry.find(text)) == c.FREQUENCY.code
    assert first(province.find(text)) == c.FREQUENCY_PROVINCE.code


def test_small_talk_is_out_of_domain() -> None:
    assert small().find("hôm nay trời có mưa không").in_domain < 0.3
    assert small().find("đăng ký khai sinh").in_domain > 0.6


def test_aliases_of_the_staff_find_the_entry() -> None:
    published = c.publication(aliases={c.RESIDENCE.code: ("cắm dùi hộ khẩu",)})

    assert first(KnowledgeBase.build(published, OfficeProfile()).find("cắm dùi hộ khẩu")) == c.RESIDENCE.code


def test_entries_are_read_by_code_and_by_older_codes() -> None:
    base = small()

    assert base.procedure(c.BIRTH.code) == c.BIRTH
    assert base.procedure("1.999998") == c.BIRTH
    assert base.procedure("9.999999") is None
    assert base.version_of("1.999999") == 2
    assert base.version_of(FAQ_PREFIX + c.POSTAL.id) == 1
    assert base.version_of("faq:none") is base.version_of("none") is None
    assert base.faq(c.POSTAL.id) == c.POSTAL
    assert base.overlay(c.BIRTH.code) is None
    assert base.offices() == ()
    assert base.revision == 1


def test_the_stored_index_gives_the_same_answers(tmp_path: Path) -> None:
    path = tmp_path / "index.npz"
    built = c.base(index_file=path)
    stamp = path.stat().st_mtime_ns
    loaded = c.base(index_file=path)

    assert loaded.find("đăng ký kết hôn") == built.find("đăng ký kết hôn")
    assert path.stat().st_mtime_ns == stamp


def test_a_changed_entry_makes_a_new_index(tmp_path: Path) -> None:
    path = tmp_path / "index.npz"
    c.base(index_file=path)
    changed = c.publication(replace(c.BIRTH, name="Ghi tên trẻ sơ sinh"))

    found = KnowledgeBase.build(changed, OfficeProfile(), path).find("ghi tên trẻ sơ sinh")

    assert first(found) == c.BIRTH.code


def test_an_empty_base_finds_nothing() -> None:
    published = replace(c.publication(), procedures={}, faqs={})

    found = KnowledgeBase.build(published, OfficeProfile()).find("đăng ký khai sinh")

    assert found.hits == ()
    assert found.confidence == found.in_domain == 0


@given(st.text(max_size=200), st.sampled_from(["", c.STAY.code, "9.999999", "faq:none"]), st.text(max_size=60))
def test_any_text_in_any_conversation_is_answered(text: str, ref: str, question: str) -> None:
    found = small().find(text, Topic(ref=ref, question=question))

    assert len(found.hits) <= 10
    assert len({hit.ref for hit in found.hits}) == len(found.hits)
    assert 0 <= found.confidence <= 1
    assert 0 <= found.in_domain <= 1


@pytest.mark.parametrize("text", ["", "a", "đ" * 10_000, "a." * 50_000, "\ud800\udfff", "😀", "' OR 1=1", "<script>"])
def test_hostile_text_is_survived(text: str) -> None:
    assert len(small().find(text).hits) <= 10
