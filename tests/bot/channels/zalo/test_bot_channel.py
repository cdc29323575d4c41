"""The bot platform as a channel: a webhook with a secret or polling, and every refusal told in the desk's words."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
import structlog

from bot.channels import MaybeSent, Refused, TryLater, Unreachable
from bot.channels.reception import NOT_READ, Thing
from bot.channels.rendering import MENU_HINT
from bot.channels.zalo_bot import NAME
from handlers.messages import Citizen, Outcome, Reply
from tests.bot.channels.scripted import DOSSIER, LONG, WHICH
from tests.bot.channels.zalo.desk import BOT_SECRET, GREETING, BotDesk, a_bot, recorded, running
from tests.doubles.loopback import DROPPED, GATEWAY, Given
from tests.doubles.zalo_bot import CITIZEN, error

NEWS = Reply(blocks=("Bộ phận Một cửa nghỉ lễ ngày 24/11/2026.",), outcome=Outcome.ANSWERED)
SOMEBODY = Citizen(NAME, CITIZEN)


@pytest.fixture
async def bot() -> AsyncIterator[BotDesk]:
    async with a_bot() as desk:
        yield desk


async def test_the_webhook_is_set_and_a_question_answered_after_the_first_words(bot: BotDesk) -> None:
    first = await bot.says("Làm khai sinh cần giấy tờ gì?")
    second = await bot.says("đăng ký kết hôn")

    assert bot.zalo.secret == BOT_SECRET
    assert GREETING in first[0]
    assert DOSSIER.citation in first[1]
    assert f"{MENU_HINT}\n1. {WHICH.choices[0].label}" in second[0]
    assert [message.citizen for message in bot.line.desk.seen] == [SOMEBODY, SOMEBODY]
    assert bot.zalo.statuses == [200, 200]


@pytest.mark.parametrize("secret", ["", "other", BOT_SECRET + "x", BOT_SECRET[:-1], "ế"])
async def test_without_our_secret_nothing_is_taken(bot: BotDesk, secret: str) -> None:
    assert await bot.zalo.deliver(recorded("bot-text"), secret) == 403
    assert bot.line.events == {}


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'"x"', b"[" * 9999])
async def test_what_is_no_event_is_refused(bot: BotDesk, body: bytes) -> None:
    assert await bot.zalo.deliver(body) == 400


@pytest.mark.parametrize("body", [b"{}", b'{"ok":true,"result":{"event_name":"x"}}', recorded("bot-group")])
async def test_what_wants_no_answer_is_told_200_and_not_stored(bot: BotDesk, body: bytes) -> None:
    assert await bot.zalo.deliver(body) == 200
    assert bot.line.events == {}


async def test_an_event_without_its_envelope_is_read_too(bot: BotDesk) -> None:
    await bot.zalo.deliver(json.dumps(json.loads(recorded("bot-text"))["result"]).encode())

    assert len(bot.line.events) == 1


@pytest.mark.parametrize("text", ["\\ud800 chào", "\\u0000 chào", "😀 chào"])
async def test_letters_that_no_database_keeps_are_taken_all_the_same(bot: BotDesk, text: str) -> None:
    body = recorded("bot-text").decode().replace("Làm khai sinh", text).encode()

    assert await bot.zalo.deliver(body) == 200
    (event,) = bot.line.waiting
    assert event.payload.isascii()
    assert "\0" not in event.payload


@pytest.mark.parametrize("name", ["", "ế", "a\\nb", "\\ud800", "a" * 300])
async def test_a_message_without_a_usable_id_gets_one(bot: BotDesk, name: str) -> None:
    body = recorded("bot-text").decode().replace("2d758cb5e222177a4e35", name).encode()
    for _ in range(2):
        assert await bot.zalo.deliver(body) == 200

    (event_id,) = bot.line.events
    assert len(event_id) == 64


async def test_a_repeated_event_is_stored_once(bot: BotDesk) -> None:
    for _ in range(3):
        await bot.zalo.deliver(recorded("bot-text"))
    await bot.line.work(bot.channel)

    assert len(bot.line.desk.seen) == 1


async def test_while_nothing_can_be_stored_the_platform_is_told(bot: BotDesk) -> None:
    bot.line.away = True

    assert await bot.zalo.deliver(recorded("bot-text")) == 503


@pytest.mark.parametrize(
    ("form", "thing"),
    [
        ("sticker", Thing.STICKER),
        ("voice", Thing.VOICE),
        ("unsupported", Thing.OTHER),
    ],
)
async def test_what_the_desk_cannot_read_is_explained(bot: BotDesk, form: str, thing: Thing) -> None:
    await bot.zalo.deliver(recorded(f"bot-{form}"))
    await bot.line.work(bot.channel)

    assert NOT_READ.format(thing=thing) in bot.zalo.sent[-1].text
    assert len(bot.zalo.sent) == 2
    assert bot.line.desk.seen == []


async def test_words_beside_a_photo_are_a_question(bot: BotDesk) -> None:
    await bot.zalo.deliver(recorded("bot-image"))
    await bot.line.work(bot.channel)

    assert [message.text for message in bot.line.desk.seen] == ["giấy này"]
    assert NOT_READ.format(thing=Thing.PHOTO) in bot.zalo.sent[-1].text


async def test_a_protected_account_is_answered_once_or_not_at_all(bot: BotDesk) -> None:
    bot.zalo.faults["sendMessage"].append(error(403))
    await bot.zalo.deliver(recorded("bot-unsupported"))
    await bot.line.work(bot.channel)

    assert (bot.line.outcomes, bot.zalo.sent) == (["ignored"], [])


async def test_polling_brings_one_event_after_the_other_and_none_is_lost() -> None:
    async with a_bot(polling=True) as bot:
        bot.zalo.webhook = "http://127.0.0.1:1/"
        bot.zalo.faults["deleteWebhook"] += [error(500), DROPPED]
        bot.zalo.faults["getUpdates"] += [error(408), GATEWAY, error(401)]
        async with running(bot.channel, bot.line):
            await bot.clock.rested.wait()
            bot.zalo.webhook = ""
            bot.line.away = True
            await bot.zalo.says("một")
            await bot.zalo.says("hai")
            bot.clock.rested.clear()
            await bot.clock.rested.wait()
            bot.line.away = False
            while len(bot.line.events) < 2:
                bot.line.arrived.clear()
                await bot.line.arrived.wait()
        await bot.line.work(bot.channel)

    assert [message.text for message in bot.line.desk.seen] == ["một", "hai"]
    assert bot.channel.routes(bot.line.receive) == ()
    assert max(bot.clock.slept) == 900.0


async def test_what_broke_off_goes_on_where_it_was(bot: BotDesk) -> None:
    whole = await bot.says("cho tôi các bước")
    assert len(whole) > 2
    bot.zalo.sent.clear()
    bot.friends.greeted.clear()
    bot.zalo.on_sent = lambda _: (
        bot.zalo.faults["sendMessage"].append(Given(b"busy", 503)) if len(bot.zalo.sent) == 2 else None
    )
    await bot.says("cho tôi các bước")
    await bot.line.work(bot.channel)

    assert [message.text for message in bot.zalo.sent] == whole
    assert "\n\n".join(whole[1:]) == "\n\n".join(block.strip() for block in LONG.blocks)
    (later,) = [outcome for outcome in bot.line.outcomes if isinstance(outcome, TryLater)]
    assert later.sent == 2


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (error(400), Refused),
        (error(401), TryLater),
        (error(403), TryLater),
        (error(404), Unreachable),
        (error(408), MaybeSent),
        (error(429), TryLater),
        (error(999), TryLater),
        (DROPPED, MaybeSent),
        (GATEWAY, TryLater),
    ],
)
async def test_every_refusal_is_told_in_the_words_of_the_desk(
    bot: BotDesk, fault: Given, told: type[Exception]
) -> None:
    bot.zalo.faults["sendMessage"].append(fault)

    with pytest.raises(told):
        await bot.channel.send(SOMEBODY, NEWS)
    assert bot.friends.standing == ({SOMEBODY: "404"} if told is Unreachable else {})


async def test_the_desk_may_write_first(bot: BotDesk) -> None:
    await bot.channel.send(SOMEBODY, NEWS)

    assert [message.text for message in bot.zalo.sent] == [NEWS.blocks[0]]


async def test_with_the_database_away_the_answer_still_goes_out(bot: BotDesk) -> None:
    bot.friends.away = True

    assert [DOSSIER.citation in text for text in await bot.says("khai sinh")] == [True]


async def test_the_state_is_told_in_vietnamese(bot: BotDesk) -> None:
    well = await bot.channel.check()
    bot.zalo.faults["getMe"] += [error(401), DROPPED]
    refused, away = await bot.channel.check(), await bot.channel.check()

    assert (well.well, well.detail) == (True, "bot.motcua")
    assert ("401" in refused.detail, "MOTCUA_ZALO_BOT__TOKEN" in refused.mend) == (True, True)
    assert "không tới được Zalo Bot từ mạng này" in away.detail


async def test_nothing_of_a_citizen_is_logged(bot: BotDesk) -> None:
    with structlog.testing.capture_logs() as logs:
        await bot.zalo.deliver(recorded("bot-group"))
        await bot.zalo.deliver(recorded("bot-text"), "wrong")
        bot.zalo.faults["sendMessage"] += [error(401), error(404)]
        for _ in range(2):
            await bot.says("số của tôi là 0912345678")

    assert len(logs) >= 3
    assert not any(word in json.dumps(logs) for word in ("0912345678", CITIZEN, "token-of", BOT_SECRET))


async def test_only_posts_are_taken(bot: BotDesk) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(bot.zalo.webhook)).status_code == 405
