"""The Zalo Bot platform's API: errors in the body, 408 as no news, and a token that shows nowhere."""

import logging
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.channels.calling import PlatformDown
from bot.channels.zalo_bot.client import BotClient, BotRefusal, make_http, proxy_for
from tests.doubles.loopback import CUT_OFF, DROPPED, Given
from tests.doubles.zalo_bot import CITIZEN, TOKEN, ZaloBot, a_zalo_bot, error


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloBot]:
    async with a_zalo_bot() as double:
        yield double


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with make_http(TOKEN) as made:
        yield made


async def test_a_message_is_sent(zalo: ZaloBot, http: httpx.AsyncClient) -> None:
    message_id = await BotClient(http, base_url=zalo.address).send_text(CITIZEN, "chào e\u0302\u0301")

    assert [(sent.chat_id, sent.text, sent.id) for sent in zalo.sent] == [(CITIZEN, "chào ế", message_id)]


async def test_an_error_in_the_body_is_an_error(zalo: ZaloBot, http: httpx.AsyncClient) -> None:
    client = BotClient(http, base_url=zalo.address)
    refused = []
    for fault in (error(400), error(401), error(403), error(404), error(429), Given({"ok": False}, 418)):
        zalo.faults["sendMessage"].append(fault)
        with pytest.raises(BotRefusal) as refusal:
            await client.send_text(CITIZEN, "chào")
        refused.append(refusal.value.code)
    with pytest.raises(BotRefusal) as too_long:
        await client.send_text(CITIZEN, "ế" * 2001)

    assert refused == [400, 401, 403, 404, 429, 418]
    assert too_long.value.code == 400
    assert zalo.sent == []


async def test_a_poll_without_news_is_normal(zalo: ZaloBot, http: httpx.AsyncClient) -> None:
    client = BotClient(http, base_url=zalo.address)

    assert await client.update(0) is None
    await zalo.says("chào")
    update = await client.update(0)

    assert update is not None
    assert update["event_name"] == "message.text.received"
    assert await client.update(0) is None


@pytest.mark.parametrize("result", [None, [], {}, "?"])
async def test_an_empty_poll_in_any_shape_is_no_event(zalo: ZaloBot, http: httpx.AsyncClient, result: object) -> None:
    zalo.faults["getUpdates"].append(Given({"ok": True, "result": result}))

    assert await BotClient(http, base_url=zalo.address).update(0) is None


async def test_a_list_of_one_is_that_one(zalo: ZaloBot, http: httpx.AsyncClient) -> None:
    zalo.faults["getUpdates"].append(Given({"ok": True, "result": [{"event_name": "x"}]}))

    assert await BotClient(http, base_url=zalo.address).update(0) == {"event_name": "x"}


async def test_while_a_webhook_is_set_nothing_is_polled(zalo: ZaloBot, http: httpx.AsyncClient) -> None:
    client = BotClient(http, base_url=zalo.address)
    await client.set_webhook("https://motcua.example.vn/webhook", "a-secret-of-ours")

    with pytest.raises(BotRefusal):
        await client.update(0)
    await client.delete_webhook()
    assert await client.update(0) is None
    with pytest.raises(BotRefusal):
        await client.set_webhook("https://motcua.example.vn/webhook", "short")


async def test_who_we_are(zalo: ZaloBot, http: httpx.AsyncClient) -> None:
    assert (await BotClient(http, base_url=zalo.address).me()).name == "bot.motcua"


async def test_another_token_is_refused(zalo: ZaloBot) -> None:
    async with make_http("1:other") as http:
        with pytest.raises(BotRefusal) as refusal:
            await BotClient(http, base_url=zalo.address).me()

    assert refusal.value.code == 401


async def test_the_token_is_logged_and_raised_nowhere(
    zalo: ZaloBot, http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = BotClient(http, base_url=zalo.address)
    await client.send_text(CITIZEN, "một câu riêng")
    zalo.faults["sendMessage"] += [DROPPED, CUT_OFF, Given(b"{}", 500)]
    raised = []
    for _ in range(3):
        with pytest.raises((PlatformDown, BotRefusal)) as failure:
            await client.send_text(CITIZEN, "một câu riêng")
        raised.append(f"{failure.value!r} {failure.value.__cause__!r} {failure.value.__context__!r}")
    with pytest.raises(httpx.HTTPError) as plain:
        await http.get("http://127.0.0.1:1/bot/getMe")

    told = f"{caplog.text} {raised} {plain.value.request.url}"
    assert "/bot/sendMessage" in caplog.text
    assert "token-of-the-double" not in told
    assert "riêng" not in told


def test_a_proxy_of_the_environment_is_used_for_the_world_outside_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example.vn:3128")
    monkeypatch.setenv("http_proxy", "http://proxy.example.vn:3128")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")

    assert proxy_for("https://bot-api.zaloplatforms.com") == "http://proxy.example.vn:3128"
    assert proxy_for("http://127.0.0.1:9000") is None
