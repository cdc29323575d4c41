"""The errand as a talk: its questions, its list, leaving it."""

from dataclasses import replace

import pytest

from handlers import choices, errand
from handlers.choices import ErrandStep
from handlers.errand.told import ANY_CASE, ANY_WAY, WHICH_CASE, WHICH_OFFICE, WHICH_WAY
from handlers.messages import Choice, Conversation, Desk, Outcome, Reply
from knowledge.entries import Aspect, Found, Topic
from tests.fakes import NOON, a_message, finding
from tests.handlers.errand.errands import HANOI, ONE_WAY, SAIGON, STAY, KnowingOffices, knowing


async def press(desk: Desk, value: str) -> Reply:
    reply = await errand.go_on(a_message(choice=value), desk)
    assert reply is not None
    return reply


def value_of(reply: Reply, label: str) -> str:
    return next(choice.value for choice in reply.choices if choice.label == label)


def text_of(reply: Reply) -> str:
    return "\n".join(reply.blocks)


def asked_about(found: Found, conversation: Conversation | None = None) -> Desk:
    desk = knowing(conversation=conversation)
    assert isinstance(desk.knowledge, KnowingOffices)
    desk.knowledge.found = found
    return desk


async def test_three_short_questions_then_the_list() -> None:
    desk = knowing(offices=(HANOI, SAIGON))
    case = await press(desk, choices.for_errand(ErrandStep(STAY.code)))
    way = await press(desk, value_of(case, "Đăng ký theo danh sách"))
    office = await press(desk, value_of(way, "Đến nộp trực tiếp"))
    told = await press(desk, value_of(office, "Trụ sở Hà Nội"))

    assert [reply.blocks for reply in (case, way, office)] == [(WHICH_CASE,), (WHICH_WAY,), (WHICH_OFFICE,)]
    assert all(reply.outcome is Outcome.CLARIFYING for reply in (case, way, office))
    assert told.outcome is Outcome.ANSWERED
    text = text_of(told)
    assert "Danh sách người tạm trú" in text
    assert "Hợp đồng thuê nhà" not in text
    assert "15.000 đồng" in text.split("So sánh")[0]
    assert "44 Trần Phú" in text
    assert "333 Nguyễn Trãi" not in text
    assert "thứ Năm 26/11/2026" in text  # Friday + 3 working days, over the weekend and 24 November
    assert told.errand == "e:1.004194:2:d:1"
    assert told.refs == (STAY.code,)


async def test_online_asks_for_no_office() -> None:
    told = await press(knowing(offices=(HANOI, SAIGON)), "e:1.004194:1:o")

    assert told.outcome is Outcome.ANSWERED
    assert "Trần Phú" not in text_of(told)


async def test_what_there_is_only_one_of_is_not_asked() -> None:
    told = await press(knowing(), choices.for_errand(ErrandStep(ONE_WAY.code)))

    assert told.outcome is Outcome.ANSWERED
    assert "So sánh" not in text_of(told)


async def test_who_does_not_know_gets_every_case_and_every_way() -> None:
    desk = knowing()
    case = await press(desk, "e:1.004194")
    way = await press(desk, value_of(case, ANY_CASE))
    told = await press(desk, value_of(way, ANY_WAY))

    text = text_of(told)
    assert "Đăng ký cá nhân:" in text
    assert "Đăng ký theo danh sách:" in text
    assert "7.000 đồng" in text
    assert "15.000 đồng" in text


async def test_a_procedure_that_is_gone_says_so() -> None:
    reply = await press(knowing(), "e:9.999999:1:o")

    assert reply.outcome is Outcome.NOT_FOUND
    assert reply.blocks == (errand.GONE,)


async def test_numbers_that_are_gone_do_no_harm() -> None:
    told = await press(knowing(), "e:1.004194:77:p:88")

    assert told.outcome is Outcome.ANSWERED


WAYS = (
    Choice("Nộp trực tuyến", "e:1.004194:1:o"),
    Choice("Đến nộp trực tiếp", "e:1.004194:1:d"),
    Choice(ANY_WAY, "e:1.004194:1:-"),
)
CASES = (
    Choice("Đăng ký cá nhân", "e:1.004194:1"),
    Choice("Đăng ký theo danh sách", "e:1.004194:2"),
    Choice(ANY_CASE, "e:1.004194:0"),
)


async def typed(text: str, offered: tuple[Choice, ...], *, fresh: bool = True) -> Reply | None:
    conversation = Conversation(offered=offered, updated_at=NOON if fresh else None)
    return await errand.go_on(a_message(text), knowing(conversation=conversation))


@pytest.mark.parametrize(
    ("text", "offered", "expected"),
    [
        ("trực tuyến", WAYS, "e:1.004194:1:o:0"),
        ("nộp qua mạng ạ", WAYS, "e:1.004194:1:o:0"),
        ("em ra nộp trực tiếp", WAYS, "e:1.004194:1:d:0"),
        ("chưa biết", WAYS, "e:1.004194:1:-:0"),
    ],
)
async def test_a_typed_answer_counts_as_the_button(text: str, offered: tuple[Choice, ...], expected: str) -> None:
    reply = await typed(text, offered)

    assert reply is not None
    assert reply.errand == expected


async def test_a_case_may_be_typed_in_few_words() -> None:
    reply = await typed("theo danh sách", CASES)

    assert reply is not None
    assert reply.choices[0].value.startswith("e:1.004194:2:")


@pytest.mark.parametrize(
    "text",
    ["qua bưu điện", "lệ phí khai sinh bao nhiêu", "trực tuyến có mất phí không?", "đăng ký", "thôi", "xin chào"],
)
async def test_anything_else_leaves_the_errand(text: str) -> None:
    assert await typed(text, WAYS) is None
    assert await typed(text, CASES) is None


async def test_after_half_an_hour_a_typed_answer_is_none() -> None:
    assert await typed("trực tuyến", WAYS, fresh=False) is None


async def test_buttons_of_others_are_left_alone() -> None:
    assert await errand.go_on(a_message(choice="p:1.004194:f"), knowing()) is None
    assert await typed("trực tuyến", (Choice("Nộp trực tuyến", "p:1.004194:o"),)) is None


PLAIN = "em muốn đi làm tạm trú, cần chuẩn bị những gì"


async def test_asked_for_directly_the_papers_come_at_once_and_the_first_question_below() -> None:
    found = replace(finding(STAY.code, confidence=0.9), aspects=(Aspect.DOSSIER,), question="tạm trú")
    reply = await errand.answer(a_message(PLAIN), asked_about(found))

    assert reply is not None
    assert reply.outcome is Outcome.ANSWERED
    assert reply.aspects == (Aspect.DOSSIER,)
    assert "Tờ khai CT01" in text_of(reply)
    assert reply.blocks[-1].endswith(WHICH_CASE)
    assert [choices.errand(choice.value) is not None for choice in reply.choices] == [True] * 3


async def test_asked_for_directly_with_nothing_to_ask_back_the_list_comes_at_once() -> None:
    reply = await errand.answer(a_message(PLAIN), asked_about(finding(ONE_WAY.code)))

    assert reply is not None
    assert reply.errand == "e:1.000001:0:-:0"


async def test_when_several_fit_each_leads_to_its_errand() -> None:
    reply = await errand.answer(a_message(PLAIN), asked_about(finding(STAY.code, ONE_WAY.code, confidence=0.4)))

    assert reply is not None
    assert reply.outcome is Outcome.CLARIFYING
    assert [choice.value for choice in reply.choices] == ["e:1.004194", "e:1.000001"]


async def test_nothing_found_is_left_to_the_next_handler() -> None:
    assert await errand.answer(a_message(PLAIN), asked_about(Found())) is None


@pytest.mark.parametrize("text", ["chuẩn bị gì?", "cần chuẩn bị những gì ạ", "chuẩn bị hồ sơ", "the can chuan bi gi"])
async def test_what_to_prepare_is_about_what_was_talked_of(text: str) -> None:
    talked = Conversation(topic=Topic(ref=STAY.code, question="tạm trú"), updated_at=NOON)
    reply = await errand.answer(a_message(text), asked_about(Found(), talked))

    assert reply is not None
    assert reply.blocks == (WHICH_CASE,)
    assert await errand.answer(a_message(text), asked_about(Found())) is None


@pytest.mark.parametrize(
    "text",
    [
        "đi làm căn cước thì sao",
        "mai tôi đi đăng ký kết hôn cần chuẩn bị những gì",
        "muốn đi xin cấp lại giấy khai sinh thì phải mang theo gì",
        "giúp tôi chuẩn bị hồ sơ đăng ký kết hôn",
    ],
)
async def test_plain_words_of_an_errand_begin_one(text: str) -> None:
    assert await errand.answer(a_message(text), asked_about(finding(STAY.code))) is not None


@pytest.mark.parametrize(
    "text",
    [
        "đăng ký kết hôn cần giấy tờ gì",
        "làm căn cước cần giấy tờ gì",
        "lệ phí đăng ký tạm trú",
        "hồ sơ khai sinh gồm những gì",
        "đi làm ở nước ngoài cần giấy tờ gì",
        "",
    ],
)
async def test_a_question_about_a_part_is_no_errand(text: str) -> None:
    assert await errand.answer(a_message(text), asked_about(finding(STAY.code))) is None
