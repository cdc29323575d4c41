"""The question back: one short question about one thing, with short buttons, for real families."""

import functools
import gzip
import json
from dataclasses import dataclass
from datetime import date

import pytest

from handlers import choices
from handlers.asking_back import MOST_OFFERED, which
from handlers.messages import Outcome, Reply
from knowledge.entries import Aspect, Found, Hit, Procedure
from knowledge.families import Families
from knowledge.grouping import corrections
from knowledge.importing.snapshot import procedure_of
from tests.fakes import FakeKnowledge, Laid
from tests.knowledge import catalogue
from tests.places import SNAPSHOT, needs_shared

LONGEST = 130


@functools.cache
def national() -> dict[str, Procedure]:
    """Every procedure of the snapshot by code."""
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as rows:
        entries = [procedure_of(json.loads(row), date(2026, 7, 31)) for row in rows]
    return {entry.code: entry for entry in entries}


@functools.cache
def families() -> Families:
    """Their families."""
    return Families(Laid(list(national().values())), corrections())


@dataclass
class Country(FakeKnowledge):
    """The whole snapshot."""

    def families(self) -> Families:
        return families()


def a_hit(entry: Procedure, confidence: float) -> Hit:
    return Hit(
        ref=entry.code,
        title=entry.name,
        score=confidence,
        confidence=confidence,
        level=entry.level,
        agency=entry.executing_agency,
        province=(entry.province or "").removeprefix("tỉnh ").removeprefix("thành phố ") or None,
    )


def asked(*codes: str, confidences: tuple[float, ...] = (), aspects: tuple[Aspect, ...] = ()) -> Reply:
    """The question back about these procedures of the snapshot."""
    sure = confidences or tuple(0.3 - n / 100 for n in range(len(codes)))
    hits = tuple(a_hit(national()[code], each) for code, each in zip(codes, sure, strict=True))
    return which(Found(hits=hits, confidence=sure[0], in_domain=0.9, aspects=aspects), Country())


def said(reply: Reply) -> tuple[str, list[str]]:
    return reply.blocks[0], [choice.label for choice in reply.choices]


@needs_shared
@pytest.mark.parametrize(
    ("codes", "asks", "labels"),
    [
        (
            ("3.000346", "3.000348"),
            "Anh/Chị cần cấp mới hay cấp lại giấy phép lái xe?",
            ["Cấp mới", "Cấp lại"],
        ),
        (
            ("3.000348", "3.000347", "3.000353", "3.000352"),
            "Anh/Chị cần làm thủ tục gì về giấy phép lái xe?",
            ["Cấp lại", "Đổi", "Cấp mới – quốc tế", "Thu hồi"],
        ),
        (
            ("1.014062", "1.014061", "1.014064", "1.014063"),
            "Anh/Chị cần cấp mới, cấp lại hay cấp đổi thẻ căn cước?",
            ["Cấp mới – người dưới 14 tuổi", "Cấp mới – người từ đủ 14 tuổi trở lên", "Cấp lại", "Cấp đổi"],
        ),
        (
            ("1.014061", "1.014062"),
            "Anh/Chị cần cấp thẻ căn cước trong trường hợp nào?",
            ["Người từ đủ 14 tuổi trở lên", "Người dưới 14 tuổi"],
        ),
        (
            ("1.001193", "1.004884"),
            "Anh/Chị cần đăng ký mới hay đăng ký lại khai sinh?",
            ["Đăng ký mới", "Đăng ký lại"],
        ),
        (
            ("1.001612", "2.000720", "1.001266", "2.000575"),
            "Anh/Chị cần làm thủ tục gì về hộ kinh doanh?",
            [
                "Đăng ký thành lập",
                "Đăng ký thay đổi nội dung đăng ký",
                "Chấm dứt hoạt động",
                "Cấp lại – giấy chứng nhận đăng ký",
            ],
        ),
        (
            ("1.004194", "1.002755", "1.010028"),
            "Anh/Chị cần đăng ký mới, gia hạn hay xóa đăng ký tạm trú?",
            ["Đăng ký mới", "Gia hạn", "Xóa đăng ký"],
        ),
        (
            ("1.014199", "1.014200", "1.014201"),
            "Anh/Chị cần cấp mới, cấp lại hay gia hạn giấy phép lao động?",
            ["Cấp mới", "Cấp lại", "Gia hạn"],
        ),
        (
            ("2.002891", "2.002892", "2.002893"),
            "Anh/Chị cần làm thủ tục gì về nhà trẻ, trường mẫu giáo, trường mầm non?",
            ["Thành lập hoặc cho phép thành lập", "Sáp nhập, chia, tách", "Giải thể"],
        ),
        (
            ("1.013916", "1.013919", "1.013922"),
            "Anh/Chị cần cấp mới, cấp lại hay thu hồi chứng chỉ hành nghề dịch vụ đại diện sở hữu công nghiệp?",
            ["Cấp mới", "Cấp lại", "Thu hồi"],
        ),
        (
            ("1.005160", "1.001682", "1.001661"),
            "Anh/Chị cần cấp mới, cấp lại hay cấp đổi giấy chứng nhận đăng ký quyền tác giả?",
            ["Cấp mới", "Cấp lại", "Cấp đổi"],
        ),
        (
            ("1.004623", "1.004628", "1.004614"),
            "Anh/Chị cần cấp mới hay cấp lại thẻ hướng dẫn viên du lịch?",
            ["Cấp mới – nội địa", "Cấp mới – quốc tế", "Cấp lại"],
        ),
        (
            ("1.013792", "1.013794", "1.013793"),
            "Anh/Chị cần cấp mới, gia hạn hay sửa đổi, bổ sung giấy chứng nhận đủ điều kiện hoạt động điểm cung cấp"
            " dịch vụ trò chơi điện tử công cộng?",
            ["Cấp mới", "Gia hạn", "Sửa đổi, bổ sung"],
        ),
        (
            ("1.011429", "1.011430", "1.011431"),
            "Anh/Chị cần đăng ký mới, đăng ký thay đổi hay xóa đăng ký biện pháp bảo đảm?",
            ["Đăng ký mới", "Đăng ký thay đổi", "Xóa đăng ký"],
        ),
        (
            ("1.002099", "1.002384"),
            "Anh/Chị cần đăng ký hoạt động chi nhánh trong trường hợp nào?",
            ["Của tổ chức hành nghề luật sư", "Của công ty luật nước ngoài tại Việt Nam"],
        ),
        (
            ("2.001583", "2.002043", "2.002023"),
            "Anh/Chị cần đăng ký thành lập hay giải thể doanh nghiệp?",
            [
                "Đăng ký thành lập – công ty TNHH một thành viên",
                "Đăng ký thành lập – công ty cổ phần",
                "Giải thể – bị thu hồi Giấy chứng nhận đăng ký doanh nghiệp hoặc theo …",
            ],
        ),
        (
            ("1.014064", "2.001194", "1.000757"),
            "Việc này có nhiều nơi giải quyết. Anh/Chị làm ở đâu?",
            ["Cấp xã", "Cấp tỉnh", "Trung ương"],
        ),
        (
            ("1.115194", "1.012783"),
            "Việc này có nhiều nơi giải quyết. Anh/Chị làm ở đâu?",
            ["Đồng Nai", "Quy định chung cả nước"],
        ),
    ],
)
def test_the_question_and_its_buttons(codes: tuple[str, ...], asks: str, labels: list[str]) -> None:
    reply = asked(*codes)

    assert said(reply) == (asks, labels)
    assert reply.outcome is Outcome.CLARIFYING
    assert reply.refs == codes


@needs_shared
def test_twins_make_one_button_and_stand_behind_each_other() -> None:
    reply = asked("1.014064", "1.001193", "2.001194", "1.000757", "1.004194")

    assert [choice.value.split(":")[1] for choice in reply.choices] == ["1.014064", "1.001193", "1.004194"]
    assert reply.refs == ("1.014064", "2.001194", "1.000757", "1.001193", "1.004194")
    assert reply.topic
    assert reply.topic.offered == ("1.014064", "1.001193", "1.004194")


@needs_shared
def test_the_pick_keeps_the_part_asked_for() -> None:
    reply = asked("3.000346", "3.000348", aspects=(Aspect.FEE,))

    picks = [choices.decode(choice.value) for choice in reply.choices]
    assert [(pick.ref, pick.aspects) for pick in picks if pick] == [
        ("3.000346", (Aspect.FEE,)),
        ("3.000348", (Aspect.FEE,)),
    ]


@needs_shared
def test_another_thing_that_is_likely_keeps_its_button_with_its_whole_name() -> None:
    reply = asked("3.000346", "3.000348", "1.004194", confidences=(0.4, 0.3, 0.1))

    assert said(reply) == (
        "Anh/Chị cần cấp mới hay cấp lại giấy phép lái xe?",
        ["Cấp mới", "Cấp lại", "Đăng ký tạm trú"],
    )


@needs_shared
def test_different_things_are_asked_for_by_name() -> None:
    reply = asked("1.004194", "3.000346", "1.001193", confidences=(0.4, 0.2, 0.2))

    asks, labels = said(reply)
    assert asks == "Có vài thủ tục gần với câu hỏi. Anh/Chị cần thủ tục nào?"
    assert labels == ["Đăng ký tạm trú", "Cấp giấy phép lái xe", "Đăng ký khai sinh"]


@needs_shared
def test_questions_of_every_family_are_short_and_tell_apart() -> None:
    shown = 0
    seen: set[int] = set()
    known = families()
    for ref, number in zip(known._facts.ref, known.family.tolist(), strict=True):
        family = known.family_of(ref)
        if number in seen or family is None or len(family.members) == 1:
            continue
        seen.add(number)
        reply = asked(*(member.ref for member in family.members[:MOST_OFFERED]))
        asks, labels = said(reply)
        shown += 1
        assert len(set(labels)) == len(labels)
        assert all(0 < len(label) <= LONGEST for label in labels), labels
        assert len(asks) <= 400
        assert asks.endswith(("?", "."))
        assert "  " not in asks
        assert set(reply.refs) == {member.ref for member in family.members[:MOST_OFFERED]}
    assert shown > 800


def test_one_entry_alone_is_asked_about_by_name() -> None:
    knowledge = FakeKnowledge(procedures={catalogue.CARD.code: catalogue.CARD})
    found = Found(hits=(a_hit(catalogue.CARD, 0.3),), confidence=0.3, in_domain=0.9)

    reply = which(found, knowledge)

    assert said(reply) == (
        "Có phải Anh/Chị hỏi thủ tục dưới đây không?",
        ["Cấp thẻ căn cước cho người từ đủ 14 tuổi trở lên"],
    )
