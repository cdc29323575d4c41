"""The chat page without JavaScript, and what its script is given."""

import pytest

from bot.channels.web.forms import EMPTY, LONGEST_TEXT
from bot.channels.web.pages import FAILED, FORGOTTEN, NO_HISTORY, NOT_FORGOTTEN
from bot.channels.web.views import NOT_KEPT
from tests.bot.channels.scripted import FEE, WHICH, ScriptedDesk
from tests.bot.channels.web.browserless import JSON, Visitor, a_client, a_web
from tests.fakes import MemoryTranscripts


@pytest.mark.parametrize("path", ["/", "/chat"])
async def test_the_page_introduces_the_machine_and_the_office(visitor: Visitor, path: str) -> None:
    page = (await visitor.open(path)).text

    assert '<html lang="vi">' in page
    assert "máy trả lời tự động của Sở Khoa học và Công nghệ tỉnh Sơn La" in page
    assert "tự xóa sau 30 ngày" in page
    assert 'href="tel:115"' in page
    assert 'value="Đăng ký khai sinh cần gì?"' in page


async def test_a_question_is_answered_by_a_full_page(visitor: Visitor, desk: ScriptedDesk) -> None:
    page = await visitor.ask("làm khai sinh cần gì")

    assert "<!doctype html>" in page
    assert "<li>Tờ khai đăng ký khai sinh theo mẫu</li>" in page
    assert '<a href="https://dichvucong.gov.vn" rel="noopener noreferrer">' in page
    assert '<p class="citation">Đăng ký khai sinh (mã 1.001193); dữ liệu ngày 15/07/2026.</p>' in page
    assert desk.seen[0].text == "làm khai sinh cần gì"
    assert desk.seen[0].choice is None
    assert desk.seen[0].received_at.tzinfo is not None


async def test_a_choice_is_a_button_that_works_as_a_form(visitor: Visitor, desk: ScriptedDesk) -> None:
    page = await visitor.ask("đăng ký kết hôn")
    assert all(f">{choice.label}</button>" in page for choice in WHICH.choices)

    await visitor.post({"choice": "p:1.000892:f\tĐăng ký kết hôn có yếu tố nước ngoài"})

    assert desk.seen[-1].choice == "p:1.000892:f"
    assert desk.seen[-1].text == "Đăng ký kết hôn có yếu tố nước ngoài"
    assert FEE.blocks[0] in (await visitor.open()).text


@pytest.mark.parametrize("choice", ["có dấu\tnhãn", "a" * 65 + "\tnhãn", "a b\tnhãn", ""])
async def test_a_choice_that_cannot_be_ours_is_not_passed_on(visitor: Visitor, desk: ScriptedDesk, choice: str) -> None:
    response = await visitor.post({"choice": choice})

    assert response.status_code == 422
    assert desk.seen == []


async def test_the_conversation_survives_a_reload(visitor: Visitor) -> None:
    await visitor.ask("làm khai sinh cần gì")

    page = (await visitor.open("/")).text

    assert "làm khai sinh cần gì" in page
    assert "Giấy chứng sinh do cơ sở y tế cấp" in page
    assert '<time datetime="2026-11-21T12:00:00+07:00">12:00</time>' in page


async def test_another_browser_sees_nothing_of_it(
    visitor: Visitor, desk: ScriptedDesk, transcripts: MemoryTranscripts
) -> None:
    await visitor.ask("làm khai sinh cần gì")

    async with a_client(a_web(desk, transcripts)) as other:
        assert "làm khai sinh cần gì" not in (await other.get("/")).text


async def test_an_answer_is_shown_even_when_nothing_can_be_kept(
    visitor: Visitor, transcripts: MemoryTranscripts
) -> None:
    transcripts.away = True

    page = await visitor.ask("làm khai sinh cần gì")

    assert "làm khai sinh cần gì" in page
    assert "Giấy chứng sinh do cơ sở y tế cấp" in page
    assert NO_HISTORY in page


async def test_a_text_that_was_not_kept_is_said_to_be_so(visitor: Visitor) -> None:
    page = await visitor.ask("tôi muốn khiếu nại ông A")

    assert "khiếu nại ông A" not in page
    assert NOT_KEPT in page


async def test_a_script_gets_one_line_as_json(visitor: Visitor) -> None:
    answered = (await visitor.post({"text": "kết hôn"}, **JSON)).json()

    assert answered["line"].startswith('<li class="line desk">')
    assert answered["token"] == visitor.token
    assert 'name="choice"' in answered["line"]


async def test_a_form_sent_twice_keeps_its_id(visitor: Visitor, desk: ScriptedDesk) -> None:
    for _ in range(2):
        await visitor.post({"text": "khai sinh", "message_id": "0" * 32})
    await visitor.post({"text": "khai sinh", "message_id": "not an id"})

    first, second, third = (message.id for message in desk.seen)
    assert first == second == "0" * 32
    assert len(third) == 32


@pytest.mark.parametrize("text", ["", "   ", "\r\n", "\u200b\u200d", "\x00"])
async def test_an_empty_question_gets_a_hint(visitor: Visitor, desk: ScriptedDesk, text: str) -> None:
    page = await visitor.post({"text": text})
    told = await visitor.post({"text": text}, **JSON)

    assert page.status_code == told.status_code == 422
    assert EMPTY in page.text
    assert 'aria-invalid="true"' in page.text
    assert told.json()["problem"] == EMPTY
    assert desk.seen == []


async def test_a_text_that_is_too_long_is_kept_in_the_form(visitor: Visitor, desk: ScriptedDesk) -> None:
    page = await visitor.post({"text": "ế" * 10_000})

    assert page.status_code == 422
    assert "dài 10.000 ký tự" in page.text
    assert "ế" * 10_000 in page.text
    assert desk.seen == []


async def test_the_longest_text_that_may_be_sent(visitor: Visitor, desk: ScriptedDesk) -> None:
    await visitor.post({"text": "é" * LONGEST_TEXT}, **JSON)
    await visitor.post({"text": "e\u0301" * LONGEST_TEXT}, **JSON)
    await visitor.post({"text": "một\r\n" * (LONGEST_TEXT // 4)}, **JSON)

    assert [len(message.text) for message in desk.seen] == [LONGEST_TEXT] * 3


async def test_a_flood_of_text_is_refused_unread(visitor: Visitor, desk: ScriptedDesk) -> None:
    response = await visitor.post({"text": "a." * 300_000})

    assert response.status_code == 413
    assert "Nội dung quá dài" in response.text
    assert desk.seen == []


async def test_a_fault_gives_the_typed_text_back(visitor: Visitor) -> None:
    page = await visitor.post({"text": "câu này hỏng <b>"})
    told = await visitor.post({"text": "câu này hỏng"}, **JSON)

    assert page.status_code == told.status_code == 500
    assert FAILED[1] in page.text
    assert "câu này hỏng &lt;b&gt;</textarea>" in page.text
    assert FAILED[1] in told.json()["problem"]


async def test_forgetting_deletes_and_gives_a_new_id(visitor: Visitor, transcripts: MemoryTranscripts) -> None:
    await visitor.ask("làm khai sinh cần gì")
    (before,) = transcripts.lines

    response = await visitor.post({}, "/chat/forget")
    page = (await visitor.open(response.headers["location"])).text
    await visitor.ask("kết hôn")

    assert FORGOTTEN in page
    assert "làm khai sinh cần gì" not in page
    assert before not in transcripts.lines
    assert len(transcripts.lines) == 1


async def test_forgetting_says_when_it_could_not(visitor: Visitor, transcripts: MemoryTranscripts) -> None:
    await visitor.ask("làm khai sinh cần gì")
    transcripts.away = True

    response = await visitor.post({}, "/chat/forget")

    assert response.status_code == 503
    assert NOT_FORGOTTEN in response.text
    assert transcripts.lines


async def test_an_unknown_page_is_told_in_vietnamese(visitor: Visitor) -> None:
    missing = await visitor.client.get("/khong-co")
    wrong = await visitor.client.get("/chat/forget")

    assert missing.status_code == 404
    assert "Không có trang này" in missing.text
    assert wrong.status_code == 405


async def test_health(desk: ScriptedDesk, transcripts: MemoryTranscripts, visitor: Visitor) -> None:
    async def not_ready() -> bool:
        return False

    healthy = await visitor.client.get("/healthz")
    async with a_client(a_web(desk, transcripts, ready=not_ready)) as client:
        waiting = await client.get("/healthz")

    assert (healthy.status_code, healthy.json()) == (200, {"status": "ok"})
    assert waiting.status_code == 503
    assert "set-cookie" not in healthy.headers


async def test_people_see_what_is_kept_and_for_how_long(visitor: Visitor) -> None:
    before = (await visitor.open("/dulieu")).text
    await visitor.ask("làm khai sinh cần gì")
    after = (await visitor.open("/dulieu")).text

    assert "tự xóa sau 30 ngày" in before
    assert "xóa sau 365 ngày" in before
    assert "Không có tin nhắn nào" in before
    assert "làm khai sinh cần gì" in after
    assert "2 tin nhắn" in after
    assert 'action="/chat/forget"' in after


async def test_a_question_may_come_with_the_address(visitor: Visitor) -> None:
    page = (await visitor.client.get("/chat", params={"hoi": "<b>khai sinh</b>" + "a" * 500})).text

    assert "&lt;b&gt;khai sinh&lt;/b&gt;aaa" in page
    assert "a" * 301 not in page[page.index("<textarea") :]
