"""Questions about one procedure: describing, asking back, pressing buttons, comparing."""

from dataclasses import replace
from datetime import date
from typing import Any

from handlers import choices
from handlers.asking_back import labels
from handlers.messages import Citizen, Conversation, Desk, IncomingMessage, Outcome
from handlers.procedure import answer
from knowledge.entries import (
    Aspect,
    Document,
    DocumentCase,
    Fee,
    Found,
    Hit,
    Level,
    Method,
    Procedure,
    SubmissionChannel,
    TimeLimit,
    TimeUnit,
    Topic,
)
from tests.fakes import NOON, TODAY, FakeKnowledge

RESIDENCE = Procedure(
    code="1.004222",
    name="Đăng ký thường trú",
    level=Level.COMMUNE,
    executing_agency="Công an cấp xã",
    decision_number="1523/QĐ-BCA",
    methods=(
        Method(
            channel=SubmissionChannel.DIRECT,
            time=TimeLimit(amount=7, unit=TimeUnit.WORKING_DAY),
            fees=(Fee(amount=20_000),),
        ),
    ),
    cases=(
        DocumentCase(title="Trường hợp nhà của mình", documents=(Document(name="Tờ khai"), Document(name="Sổ hồng"))),
        DocumentCase(title="Trường hợp nhà thuê", documents=(Document(name="Tờ khai"), Document(name="Hợp đồng thuê"))),
    ),
    data_date=date(2026, 7, 1),
)
STAY = replace(RESIDENCE, code="1.004194", name="Đăng ký tạm trú", cases=())
KNOWN = {RESIDENCE.code: RESIDENCE, STAY.code: STAY}


def hit(entry: Procedure, score: float = 1.0, **changes: Any) -> Hit:
    return replace(Hit(ref=entry.code, title=entry.name, score=score, confidence=score, level=entry.level), **changes)


def a_desk(found: Found, topic: Topic | None = None) -> Desk:
    return Desk(
        knowledge=FakeKnowledge(found=found, procedures=KNOWN),
        conversation=Conversation(topic=topic or Topic()),
        today=TODAY,
    )


def a_message(text: str = "", choice: str | None = None) -> IncomingMessage:
    return IncomingMessage(id="1", citizen=Citizen("test", "1"), text=text, received_at=NOON, choice=choice)


async def test_exactly_the_part_asked_for_then_one_line_of_source() -> None:
    found = Found(
        hits=(hit(RESIDENCE), hit(STAY, 0.3)),
        confidence=0.8,
        in_domain=0.9,
        aspects=(Aspect.FEE,),
        question="thường trú",
    )

    reply = await answer(a_message("phí thường trú"), a_desk(found))

    assert reply is not None
    assert reply.outcome is Outcome.ANSWERED
    assert reply.blocks == ("Phí, lệ phí: 20.000 đồng.",)
    assert reply.citation == "Nguồn: Đăng ký thường trú · mã 1.004222 · QĐ 1523/QĐ-BCA · dữ liệu 07/2026"
    assert reply.refs == ("1.004222", "1.004194")
    assert reply.aspects == (Aspect.FEE,)
    assert reply.topic == Topic(ref="1.004222", question="thường trú", aspects=(Aspect.FEE,))
    assert reply.choices[-1].label == "Xem đầy đủ"
    assert "Phí, lệ phí" not in [choice.label for choice in reply.choices]


async def test_papers_of_every_case_first_then_which_case() -> None:
    found = Found(hits=(hit(RESIDENCE),), confidence=0.8, in_domain=0.9, aspects=(Aspect.DOSSIER,))

    reply = await answer(a_message("giấy tờ"), a_desk(found))

    assert reply is not None
    assert reply.outcome is Outcome.ANSWERED
    assert "• Tờ khai" in reply.blocks[0]
    assert "Hợp đồng thuê" not in reply.blocks[0]
    assert reply.blocks[0].endswith("Anh/Chị thuộc trường hợp nào?")
    assert [choice.label for choice in reply.choices] == ["Nhà của mình", "Nhà thuê", "Xem đầy đủ"]


async def test_the_chosen_case_gives_that_case_only() -> None:
    value = choices.for_procedure(RESIDENCE.code, (Aspect.DOSSIER,), 2)

    reply = await answer(a_message(choice=value), a_desk(Found()))

    assert reply is not None
    assert "Hợp đồng thuê" in reply.blocks[0]
    assert "Sổ hồng" not in reply.blocks[0]
    assert reply.aspects == (Aspect.DOSSIER,)


async def test_the_whole_page_on_its_button() -> None:
    reply = await answer(a_message(choice="full:1.004222"), a_desk(Found()))

    assert reply is not None
    text = "\n".join(reply.blocks)
    assert all(
        part in text for part in ("20.000 đồng", "07 ngày làm việc", "Sổ hồng", "Hợp đồng thuê", "Công an cấp xã")
    )


async def test_buttons_of_others_and_broken_ones_are_left_to_others() -> None:
    for value in ("q:nop-truc-tuyen", "p:1.004222:zz", "bậy"):
        assert await answer(a_message(choice=value), a_desk(Found())) is None


async def test_a_button_of_a_procedure_that_is_gone_says_so() -> None:
    reply = await answer(a_message(choice="p:9.999999:f"), a_desk(Found()))

    assert reply is not None
    assert reply.outcome is Outcome.NOT_FOUND


async def test_a_weak_match_is_left_to_the_next_handler() -> None:
    found = Found(hits=(hit(RESIDENCE, 0.1),), confidence=0.1, in_domain=0.05)

    assert await answer(a_message("trời hôm nay đẹp"), a_desk(found)) is None
    assert await answer(a_message("trời hôm nay đẹp"), a_desk(Found())) is None


async def test_what_is_hardly_believed_is_not_offered_but_in_a_talk_it_is() -> None:
    found = Found(hits=(hit(RESIDENCE, 0.05),), confidence=0.05, in_domain=0.7)

    assert await answer(a_message("trời hôm nay đẹp"), a_desk(found)) is None
    for offered in (replace(found, carried=True), replace(found, in_domain=0.9)):
        reply = await answer(a_message("thế còn cái kia"), a_desk(offered))
        assert reply is not None
        assert reply.outcome is Outcome.CLARIFYING


async def test_several_that_fit_are_offered_and_the_pick_keeps_the_part_asked() -> None:
    found = Found(hits=(hit(RESIDENCE, 0.4), hit(STAY, 0.39)), confidence=0.4, in_domain=0.9, aspects=(Aspect.FEE,))

    reply = await answer(a_message("phí đăng ký cư trú"), a_desk(found))

    assert reply is not None
    assert reply.outcome is Outcome.CLARIFYING
    assert [choice.value for choice in reply.choices] == ["p:1.004222:f", "p:1.004194:f"]
    assert reply.refs == ("1.004222", "1.004194")
    assert reply.topic is not None
    assert reply.topic.ref == ""


async def test_a_vague_question_is_asked_back_even_if_sure() -> None:
    found = Found(hits=(hit(RESIDENCE), hit(STAY)), confidence=0.9, in_domain=0.9, vague=True)

    reply = await answer(a_message("cư trú"), a_desk(found))

    assert reply is not None
    assert reply.outcome is Outcome.CLARIFYING


async def test_a_question_of_the_faq_base_is_not_ours() -> None:
    faq = Hit(ref="faq:nop-truc-tuyen", title="Nộp", score=1, confidence=0.9)

    assert await answer(a_message("nộp"), a_desk(Found(hits=(faq,), confidence=0.9, in_domain=1))) is None


class TwoNames(FakeKnowledge):
    """Finds the procedure whose last word the text has."""

    def find(self, text: str, topic: Topic | None = None) -> Found:
        named = [hit(entry) for entry in KNOWN.values() if entry.name.split(" ", 2)[2] in text]
        aspects = (Aspect.COMPARE,) if "khác" in text else ()
        return Found(hits=tuple(named), confidence=0.8 if named else 0.0, in_domain=1.0, aspects=aspects)


async def test_two_procedures_side_by_side() -> None:
    desk = Desk(knowledge=TwoNames(procedures=KNOWN), conversation=Conversation(), today=TODAY)

    reply = await answer(a_message("thường trú và tạm trú khác nhau thế nào"), desk)

    assert reply is not None
    assert reply.aspects == (Aspect.COMPARE,)
    assert [block.split("\n")[0] for block in reply.blocks] == [
        "1. Đăng ký thường trú (mã 1.004222)",
        "2. Đăng ký tạm trú (mã 1.004194)",
    ]
    assert reply.refs[:2] == ("1.004222", "1.004194")


async def test_one_named_is_compared_with_what_was_talked_about() -> None:
    desk = Desk(
        knowledge=TwoNames(procedures=KNOWN),
        conversation=Conversation(topic=Topic(ref="1.004194")),
        today=TODAY,
    )

    reply = await answer(a_message("khác gì thường trú"), desk)

    assert reply is not None
    assert set(reply.refs[:2]) == {"1.004222", "1.004194"}


def test_labels_tell_twins_apart() -> None:
    same = Procedure(code="1.1", name="Thủ tục cấp lại giấy chứng nhận")
    long = "Cấp giấy phép hoạt động trong lĩnh vực có điều kiện theo quy định của pháp luật đối với"

    by_level = labels((hit(same, level=Level.COMMUNE), hit(same, level=Level.PROVINCE)))
    by_code = labels((hit(same, ref="1.1"), hit(same, ref="1.2")))
    by_end = labels((hit(same, title=f"{long} cá nhân"), hit(same, title=f"{long} tổ chức")))

    assert by_level == ("Cấp lại giấy chứng nhận – cấp xã", "Cấp lại giấy chứng nhận – cấp tỉnh")
    assert len(set(by_code)) == 2
    assert by_end[0].endswith("cá nhân")
    assert by_end[1].endswith("tổ chức")
