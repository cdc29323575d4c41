"""The page against forged forms, hostile text and leaking logs."""

import logging
import re
from pathlib import Path

import pytest

from bot.channels.web.pages import FOREIGN, STALE
from handlers.messages import Choice, IncomingMessage, Link, Outcome, Reply
from tests.bot.channels.scripted import ScriptedDesk
from tests.bot.channels.web.browserless import JSON, Visitor, a_client, a_web
from tests.fakes import MemoryTranscripts

BOT = Path(__file__).parents[4] / "bot"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }}"


async def test_a_form_of_another_site_is_refused(visitor: Visitor, desk: ScriptedDesk) -> None:
    crossed = await visitor.post({"text": "khai sinh"}, sec_fetch_site="cross-site")
    forged = await visitor.post({"text": "khai sinh"}, origin="https://evil.example")
    forgotten = await visitor.post({}, "/chat/forget", sec_fetch_site="cross-site")

    assert {crossed.status_code, forged.status_code, forgotten.status_code} == {403}
    assert FOREIGN[0] in crossed.text
    assert desk.seen == []


async def test_a_form_without_this_browsers_token_is_asked_again(visitor: Visitor, desk: ScriptedDesk) -> None:
    page = await visitor.post({"text": "khai sinh", "token": "0" * 64})
    told = await visitor.post({"text": "khai sinh", "token": ""}, **JSON)

    assert page.status_code == told.status_code == 403
    assert STALE in page.text
    assert "khai sinh</textarea>" in page.text
    assert told.json() == {"problem": STALE, "token": visitor.token}
    assert desk.seen == []


async def test_forgetting_needs_the_token_too(visitor: Visitor, transcripts: MemoryTranscripts) -> None:
    await visitor.ask("khai sinh")

    response = await visitor.post({"token": "0" * 64}, "/chat/forget")

    assert response.status_code == 403
    assert transcripts.lines


async def test_a_browser_that_refuses_cookies_is_answered_all_the_same(visitor: Visitor, desk: ScriptedDesk) -> None:
    visitor.client.cookies.clear()

    page = await visitor.post({"text": "khai sinh"}, sec_fetch_site="same-origin")
    visitor.client.cookies.clear()

    assert page.status_code in {200, 303}
    assert len(desk.seen) == 1


async def test_the_cookie_is_closed_to_scripts_and_other_sites(desk: ScriptedDesk) -> None:
    web = a_web(desk, MemoryTranscripts())
    async with a_client(web) as plain, a_client(web, "https://desk.example") as safe:
        open_cookie = (await plain.get("/")).headers["set-cookie"].lower()
        safe_cookie = (await safe.get("/")).headers["set-cookie"].lower()

    assert "httponly" in open_cookie
    assert "samesite=lax" in open_cookie
    assert "secure" not in open_cookie
    assert "secure" in safe_cookie


@pytest.mark.parametrize("path", ["/", "/khong-co", "/healthz", "/static/web/chat.css"])
async def test_every_response_carries_the_safety_headers(visitor: Visitor, path: str) -> None:
    headers = (await visitor.client.get(path)).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


async def test_conversations_are_not_cached_but_versioned_files_are(visitor: Visitor) -> None:
    page = await visitor.open()
    (style,) = re.findall(r'href="(/static/web/chat.css\?v=\w+)"', page.text)

    assert page.headers["cache-control"] == "no-store"
    assert "immutable" in (await visitor.client.get(style)).headers["cache-control"]
    assert (await visitor.client.get("/static/web/none.css?v=1")).headers["cache-control"] == "no-store"


async def test_hostile_text_is_shown_as_text(visitor: Visitor) -> None:
    page = await visitor.ask(HOSTILE)

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page


async def test_a_hostile_reply_is_shown_as_text(transcripts: MemoryTranscripts) -> None:
    class HostileDesk(ScriptedDesk):
        async def answer(self, message: IncomingMessage) -> Reply:
            return Reply(
                blocks=(message.text, f"• {HOSTILE}"),
                outcome=Outcome.ANSWERED,
                citation=HOSTILE,
                choices=(Choice(HOSTILE, "p:1:f"),),
                links=(Link(HOSTILE, "https://a.vn/?\"'><script>"), Link("xấu", "javascript:alert(1)")),
            )

    async with a_client(a_web(HostileDesk(), transcripts)) as client:
        visitor = Visitor(client)
        await visitor.open()
        told = (await visitor.post({"text": HOSTILE}, **JSON)).json()["line"]
        page = (await visitor.open()).text

    for shown in (told, page):
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "javascript:" not in shown


@pytest.mark.parametrize(
    "body", [b"text=%ED%A0%80", b"text=%FF%FE", b"\xff\xfe", b"text", b"&&&=;", b"text=a&text=b&token"]
)
async def test_broken_bodies_are_no_fault_of_ours(visitor: Visitor, body: bytes) -> None:
    response = await visitor.client.post("/chat", content=body)

    assert response.status_code in {403, 422}


async def test_no_log_line_holds_what_was_typed(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await visitor.ask("số căn cước 012345678901 của tôi")
        await visitor.ask("hỏng 012345678901")
        await visitor.ask("012345678901 " * 500)

    assert "012345678901" not in caplog.text


def test_no_page_names_an_outside_address_or_holds_inline_code() -> None:
    rooms = [BOT / "web", BOT / "pages", BOT / "channels" / "web"]
    files = [file for room in rooms for file in room.rglob("*.*") if file.parent.name in ("templates", "static")]
    assert len(files) >= 20

    for file in files:
        text = file.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"https?://|@import|url\(", text), file.name
        assert not re.search(r"""<style|<script(?! src=| type="application/ld)|\son\w+=|\sstyle=""", text), file.name
