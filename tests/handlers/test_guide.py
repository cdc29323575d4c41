"""The guided way: from the menu to an answer by buttons."""

from dataclasses import replace

import pytest

from handlers import choices, guide
from handlers.choices import Place
from handlers.messages import Desk, Outcome, Reply
from knowledge.entries import Level, OfficeProfile, Procedure
from tests.fakes import FakeKnowledge, a_desk, a_message
from tests.knowledge import catalogue


def knowing(*procedures: Procedure, profile: OfficeProfile | None = None) -> Desk:
    known = {entry.code: entry for entry in procedures}
    return a_desk(FakeKnowledge(procedures=known, profile=profile or OfficeProfile()))


def many(count: int) -> list[Procedure]:
    return [
        catalogue.procedure(f"1.{number:06}", f"Cấp giấy phép số {number:03}", "Thuế", Level.PROVINCE)
        for number in range(count)
    ]


def labels(reply: Reply) -> list[str]:
    return [choice.label for choice in reply.choices]


async def press(desk: Desk, value: str) -> Reply:
    reply = await guide.answer(a_message(choice=value), desk)
    assert reply is not None
    return reply


async def say(desk: Desk, text: str) -> Reply | None:
    return await guide.answer(a_message(text), desk)


@pytest.mark.parametrize("text", ["menu", "MENU", "Bắt đầu", "danh mục", "bat dau", "/start", guide.START.label])
async def test_a_word_for_the_menu_opens_it(text: str) -> None:
    reply = await say(knowing(*catalogue.ALL), text)

    assert reply is not None
    assert reply.outcome is Outcome.CLARIFYING
    assert reply.blocks == (guide.BEGIN,)


@pytest.mark.parametrize("text", ["chọn lĩnh vực", "các lĩnh vực", "chọn theo lĩnh vực"])
async def test_fields_can_be_asked_for_at_once(text: str) -> None:
    reply = await say(knowing(*catalogue.ALL), text)

    assert reply is not None
    assert reply.blocks == (guide.WHICH_FIELD,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "danh mục hồ sơ đăng ký kết hôn",
        "bắt đầu nộp hồ sơ thế nào",
        "tôi muốn ăn theo menu",
        "lĩnh vực đất đai",
        "theo danh sách",
    ],
)
async def test_a_question_is_no_call_for_the_menu(text: str) -> None:
    assert await say(knowing(*catalogue.ALL), text) is None


async def test_buttons_of_others_are_left_alone() -> None:
    assert await guide.answer(a_message(choice="p:1.001193:f"), knowing(*catalogue.ALL)) is None


async def test_only_events_with_procedures_in_the_base_are_shown() -> None:
    reply = await say(knowing(catalogue.MARRIAGE), "menu")

    assert reply is not None
    assert labels(reply) == ["Kết hôn, ly hôn", guide.ALL_FIELDS]


async def test_an_event_names_its_procedures_as_people_do() -> None:
    reply = await press(knowing(*catalogue.ALL), "g:e:ket-hon")

    assert labels(reply)[:2] == ["Đăng ký kết hôn", "Kết hôn có yếu tố nước ngoài"]
    assert labels(reply)[-1] == guide.BACK
    assert reply.choices[0].value == choices.for_procedure(catalogue.MARRIAGE.code)
    assert reply.refs[0] == catalogue.MARRIAGE.code


async def test_a_department_sees_its_own_fields_first() -> None:
    profile = OfficeProfile(agencies=("Sở Tần số vô tuyến điện",))
    reply = await say(knowing(*catalogue.ALL, profile=profile), "menu")

    assert reply is not None
    assert labels(reply) == ["Tần số vô tuyến điện", guide.ALL_EVENTS, guide.ALL_FIELDS]


async def test_the_way_by_fields_leads_to_procedures() -> None:
    desk = knowing(*catalogue.ALL)
    sectors = await press(desk, "g:s")
    sector = next(choice for choice in sectors.choices if choice.label.startswith("Hộ tịch"))
    fields = await press(desk, sector.value)

    assert "Đăng ký khai sinh" in labels(fields)  # the only field of its sector is opened at once


async def test_a_long_list_is_paged_and_no_entry_stands_alone() -> None:
    desk = knowing(*many(19))
    shelf = desk.knowledge.shelves().sectors[0].shelves[0]
    first = await press(desk, choices.for_place(Place("f", shelf.id)))
    second = await press(desk, choices.for_place(Place("f", shelf.id, page=2)))

    assert labels(first)[guide.PER_PAGE :] == [f"{guide.MORE} (10)", guide.BACK]
    assert len(labels(second)) == 10 + 1
    assert len({*labels(first)[:9], *labels(second)[:10]}) == 19


async def test_a_large_field_is_laid_out_by_what_is_to_be_done() -> None:
    again = [replace(p, code=f"2.{n:06}", name=f"Cấp lại {p.name}") for n, p in enumerate(many(4))]
    desk = knowing(*many(40), *again)
    shelf = desk.knowledge.shelves().sectors[0].shelves[0]
    first = await press(desk, choices.for_place(Place("f", shelf.id)))
    groups = await press(desk, first.choices[guide.PER_PAGE].value)
    last = await press(desk, groups.choices[0].value)

    assert labels(first)[guide.PER_PAGE :] == [guide.BY_OPERATION, guide.BACK]
    assert f"{guide.OPERATION_NAMES['again']} (4)" in labels(groups)
    assert len(last.choices) == 5


@pytest.mark.parametrize("value", ["g:e:xa-xoi", "g:s:khong-co", "g:f:00000000", "g:e:ket-hon.9", "g:o:00000000:again"])
async def test_a_page_that_is_gone_leads_to_the_beginning(value: str) -> None:
    reply = await press(knowing(*catalogue.ALL), value)

    assert reply.blocks == (guide.GONE,)
    assert guide.ALL_FIELDS in labels(reply)


async def test_an_empty_base_says_so() -> None:
    reply = await say(knowing(), "menu")

    assert reply is not None
    assert reply.blocks == (guide.EMPTY,)
    assert reply.outcome is Outcome.NOT_FOUND


async def test_an_old_code_leads_to_the_new_one() -> None:
    desk = a_desk(FakeKnowledge(procedures={"1.000894": replace(catalogue.MARRIAGE, code="9.000894")}))
    reply = await press(desk, "g:e:ket-hon")

    assert reply.choices[0].value == "p:9.000894:"
