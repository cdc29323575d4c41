"""From the menu to an answer, and an errand from its first words to the list, over a real desk and real channels."""

import gzip
import html
import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import uuid4

import pytest
from rich.console import Console

from bot.app import App
from bot.channels import at_once
from bot.channels.console import ConsoleChannel
from bot.channels.web import WebOptions, make_web
from bot.pages import PublicPages
from handlers import choices, guide
from handlers.messages import Citizen, Desk, IncomingMessage, Outcome, Reply
from knowledge.entries import Level, OfficeProfile, Procedure
from knowledge.importing.snapshot import procedure_of
from knowledge.shelves import Shelves
from tests.bot.channels.web.browserless import Visitor, a_client
from tests.fakes import NOON, FakeKnowledge, a_desk, a_message
from tests.places import SNAPSHOT, needs_shared

MOST_TAPS = 4
ASIDE = (guide.MORE, guide.BY_OPERATION, guide.BACK)
"""Buttons that turn the page or go back: no step on the way."""
DEPARTMENT = OfficeProfile(agencies=("Sở Khoa học và Công nghệ",), province="Sơn La", level=Level.PROVINCE)
COMMUNE = OfficeProfile(province="Sơn La", level=Level.COMMUNE)


class National(FakeKnowledge):
    """The whole catalogue, laid out once."""

    def __init__(self, procedures: dict[str, Procedure], profile: OfficeProfile) -> None:
        super().__init__(procedures=procedures, profile=profile)
        self._laid = super().shelves()

    def shelves(self) -> Shelves:
        return self._laid


@dataclass
class Walk:
    """Every way from the menu. taps: to each procedure, at least; dead: values that led nowhere."""

    taps: dict[str, int] = field(default_factory=dict)
    straight: dict[str, int] = field(default_factory=dict)
    dead: list[str] = field(default_factory=list)


async def walked(desk: Desk) -> Walk:
    """Presses every button there is, the fewest taps first; `straight` counts ways without turning a page."""
    walk, seen = Walk(), set[str]()
    first = await guide.answer(a_message("menu"), desk)
    assert first is not None
    waiting = [(choice, 1, not choice.label.startswith(ASIDE)) for choice in first.choices]
    while waiting:
        choice, taps, straight = waiting.pop(0)
        if pick := choices.decode(choice.value):
            walk.taps.setdefault(pick.ref, taps)
            if straight:
                walk.straight.setdefault(pick.ref, taps)
            continue
        if choice.value in seen:
            continue
        seen.add(choice.value)
        reply = await guide.answer(a_message(choice=choice.value), desk)
        if reply is None or reply.blocks == (guide.GONE,):
            walk.dead.append(choice.value)
            continue
        assert len({offered.label for offered in reply.choices}) == len(reply.choices)
        waiting += [(c, taps + 1, straight and not c.label.startswith(ASIDE)) for c in reply.choices]
    return walk


@pytest.fixture(scope="module")
def national() -> dict[str, Procedure]:
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as lines:
        found = (procedure_of(json.loads(line), date(2026, 7, 1)) for line in lines)
        return {procedure.code: procedure for procedure in found}


@needs_shared
@pytest.mark.parametrize("profile", [OfficeProfile(), DEPARTMENT, COMMUNE], ids=["country", "department", "commune"])
async def test_every_way_ends_in_an_answer_within_four_taps(
    national: dict[str, Procedure], profile: OfficeProfile
) -> None:
    walk = await walked(a_desk(National(national, profile)))

    assert walk.dead == []
    assert max(walk.straight.values()) <= MOST_TAPS
    assert len(walk.taps) > 4700  # with pages turned, every procedure that this office lists
    assert sum(taps <= MOST_TAPS for taps in walk.taps.values()) > 1100


@needs_shared
async def test_the_whole_catalogue_can_be_reached(national: dict[str, Procedure]) -> None:
    walk = await walked(a_desk(National(national, OfficeProfile())))

    assert walk.taps.keys() == national.keys()


async def _turn(desk: App, text: str = "", choice: str | None = None, after: timedelta = timedelta()) -> Reply:
    citizen = Citizen("test", "citizen-1")
    return await desk.dispatch().answer(
        IncomingMessage(id=uuid4().hex, citizen=citizen, text=text, received_at=NOON + after, choice=choice)
    )


async def test_by_numbers_typed_from_the_menu_to_one_part(desk: App) -> None:
    await _turn(desk, "menu")
    events = await _turn(desk, "1")
    procedure = await _turn(desk, "2")
    label = procedure.choices[0].label
    part = await _turn(desk, "1")

    assert events.choices[1].label == "Đăng ký khai sinh"
    assert procedure.outcome is Outcome.ANSWERED
    assert procedure.refs[0] == "1.001193"
    assert (label, part.outcome, part.refs[0]) == ("Giấy tờ cần có", Outcome.ANSWERED, "1.001193")


async def test_every_procedure_offered_from_the_menu_is_answered(desk: App) -> None:
    walk = await walked(Desk(knowledge=desk.base, conversation=a_desk().conversation, today=date(2026, 11, 21)))
    answers = [await _turn(desk, choice=choices.for_procedure(code)) for code in walk.taps]

    assert set(walk.taps) == set(desk.base.codes())
    assert max(walk.straight.values()) <= MOST_TAPS
    assert {reply.outcome for reply in answers} == {Outcome.ANSWERED}


async def test_an_answer_offers_to_prepare_and_the_errand_ends_in_a_list(desk: App) -> None:
    answer = await _turn(desk, "đăng ký tạm trú mất mấy ngày")
    (prepare,) = (choice for choice in answer.choices if choice.label == "Chuẩn bị hồ sơ")
    reply = await _turn(desk, choice=prepare.value)
    asked = 0
    while reply.outcome is Outcome.CLARIFYING:
        asked += 1
        reply = await _turn(desk, "1")

    assert 1 <= asked <= 3
    assert reply.outcome is Outcome.ANSWERED
    assert reply.blocks[0] == "Phiếu chuẩn bị: Đăng ký tạm trú"
    assert "thứ Sáu 27/11/2026" in reply.as_text()  # Saturday; received on Monday; 24 November is off


async def test_leaving_an_errand_by_asking_something_else(desk: App) -> None:
    await _turn(desk, choice="e:1.004194")
    reply = await _turn(desk, "đăng ký kết hôn cần giấy tờ gì")

    assert reply.outcome is Outcome.ANSWERED
    assert reply.refs[0] == "1.000894"


async def test_an_errand_lapses_after_half_an_hour(desk: App) -> None:
    question = await _turn(desk, choice="e:1.004194:1")
    going_on = await _turn(desk, "qua mạng")
    await _turn(desk, choice="e:1.004194:1")
    lapsed = await _turn(desk, "qua mạng", after=timedelta(minutes=31))
    pressed = await _turn(desk, choice="e:1.004194:1:o", after=timedelta(minutes=62))

    assert question.outcome is Outcome.CLARIFYING
    assert going_on.errand
    assert not lapsed.errand
    assert pressed.errand  # a button says all by itself


async def test_by_the_console(desk: App) -> None:
    async def typed() -> AsyncIterator[str]:
        for line in ("menu", "4", "1", "chuẩn bị hồ sơ", "1", "1"):
            yield line

    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=False)
    channel = ConsoleChannel(desk.base.profile, lines=typed(), console=console, now=lambda: NOON)
    await channel.run(at_once(channel.handle, desk.traceless_dispatch().answer))

    assert "1. Sinh con, nhận con nuôi" in out.getvalue()
    assert "Phiếu chuẩn bị: " in out.getvalue()
    assert "Quá ngày hẹn mà chưa có kết quả" in out.getvalue()


async def test_by_the_web_page_with_a_list_to_print(desk: App) -> None:
    web = make_web(
        desk.dispatch().answer,
        desk.conversations,
        desk.base.profile,
        now=lambda: NOON,
        options=WebOptions(kept_days=30, record_days=365),
        site=PublicPages(lambda: desk.base, desk.base.profile, now=lambda: NOON, counts=desk),
    )
    async with a_client(web) as client:
        visitor = Visitor(client)
        await visitor.open()
        menu = await visitor.ask("menu")
        shown = await visitor.ask(_number(menu, "Thường trú, tạm trú"))
        assert "Đăng ký tạm trú" in shown
        page = await visitor.post({"choice": "e:1.004194:1:o\tNộp trực tuyến"})
        page = await visitor.open(page.headers["location"])
        (address,) = re.findall(r'href="(/the/1\.004194\?viec=[^"]+)"', page.text)
        card = await client.get(html.unescape(address))

    assert card.status_code == 200
    assert "Phiếu chuẩn bị: Đăng ký tạm trú" in card.text
    assert "thứ Sáu 27/11/2026" in card.text


def _number(page: str, label: str) -> str:
    buttons = re.findall(r'name="choice" value="[^"]*">([^<]+)<', page)
    return str(buttons.index(label) + 1)
