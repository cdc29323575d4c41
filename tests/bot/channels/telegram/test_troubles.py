"""Whatever Telegram, the network, citizens and groups do: each has its end, and nothing is lost."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels import MaybeSent, Receive, Refused, TryLater, Unreachable
from bot.channels.reception import House, Reception, Thing
from bot.channels.telegram import SECRET_HEADER, TelegramChannel, connected, secret_of
from bot.events import Event
from bot.storage.subscribers import Standing
from handlers.messages import Citizen, Outcome, Reply
from knowledge.entries import OfficeProfile
from tests.bot.channels.scripted import DOSSIER
from tests.bot.channels.telegram.conftest import Bot, a_bot, ready
from tests.doubles.loopback import CUT_OFF, DROPPED, GATEWAY, SLOW, Given
from tests.doubles.telegram import BAD_GATEWAY, BLOCKED, CITIZEN, TOKEN, Telegram, error, too_many

NEWS = Reply(blocks=("Bộ phận Một cửa nghỉ lễ.",), outcome=Outcome.ANSWERED)
SOMEBODY = Citizen("telegram", str(CITIZEN))
GROUP = -100200300


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (too_many(7), TryLater),
        (BAD_GATEWAY, TryLater),
        (GATEWAY, TryLater),
        (error(500, "Internal Server Error"), TryLater),
        (error(401, "Unauthorized"), TryLater),
        (error(409, "Conflict: terminated by other getUpdates request"), TryLater),
        (BLOCKED, Unreachable),
        (error(403, "Forbidden: user is deactivated"), Unreachable),
        (error(403, "Forbidden: bot was kicked from the supergroup chat"), Unreachable),
        (error(400, "Bad Request: chat not found"), Unreachable),
        (error(400, "Bad Request: not enough rights to send text messages to the chat"), Unreachable),
        (error(400, "Bad Request: message is too long"), Refused),
        (DROPPED, MaybeSent),
        (CUT_OFF, MaybeSent),
        (SLOW, MaybeSent),
        (Given(b"<html>login</html>"), MaybeSent),
    ],
)
async def test_each_fault_is_called_by_its_name(bot: Bot, fault: Given, raised: type[Exception]) -> None:
    bot.telegram.faults["sendMessage"] = [fault]

    with pytest.raises(raised) as trouble:
        await bot.channel.send(SOMEBODY, NEWS)

    assert TOKEN not in repr(trouble.value) + str(trouble.value.__cause__)
    if fault is BLOCKED:
        assert await bot.kept.subscribers.standing(SOMEBODY) == Standing(False, "blocked")


async def test_a_429_says_how_long(bot: Bot) -> None:
    bot.telegram.faults["sendMessage"] = [too_many(7)]

    with pytest.raises(TryLater) as later:
        await bot.channel.send(SOMEBODY, NEWS)

    assert (later.value.after, later.value.reason) == (7, "429")


async def test_one_chat_that_is_too_fast_slows_no_other_but_two_slow_the_bot(bot: Bot) -> None:
    bot.telegram.faults["sendMessage"] = [too_many(60), None, too_many(20)]

    async def write_to(number: int) -> None:
        await bot.channel.send(Citizen("telegram", str(number)), NEWS)

    with pytest.raises(TryLater):
        await write_to(1)
    await write_to(2)
    with pytest.raises(TryLater):
        await write_to(3)
    asked = len(bot.telegram.asked)
    with pytest.raises(TryLater) as later:
        await write_to(2)
    assert len(bot.telegram.asked) == asked
    assert later.value.after == 20

    bot.clock.at += timedelta(seconds=21)
    await write_to(2)


async def test_nobody_there_is_later(bot: Bot) -> None:
    async with connected(TOKEN, "http://127.0.0.1:1") as connection:
        alone = TelegramChannel(
            connection,
            Reception(House(profile=OfficeProfile()), "Telegram", buttons=True),
            acquaintances=bot.kept.subscribers,
            buttons=bot.kept.buttons,
            now=bot.clock,
        )
        with pytest.raises(TryLater):
            await alone.send(SOMEBODY, NEWS)
        health = await alone.check()

    assert not health.well
    assert "không tới được Telegram từ mạng này" in health.detail


async def test_a_token_that_telegram_does_not_know_is_told(bot: Bot) -> None:
    bot.telegram.faults["getMe"] = [error(401, "Unauthorized")]

    health = await bot.channel.check()

    assert "MOTCUA_TELEGRAM__TOKEN" in health.mend
    assert TOKEN not in str(health)


async def test_a_group_that_grew_is_written_to_under_its_new_number(bot: Bot) -> None:
    bot.telegram.migrated[-5] = GROUP

    await bot.channel.send(Citizen("telegram", "-5/1001"), NEWS)

    assert [shown.chat for shown in bot.telegram.shown] == [GROUP]


async def test_an_answer_in_doubt_is_sent_once_more_and_no_more(bot: Bot) -> None:
    await bot.reads("làm khai sinh cần gì")
    bot.clock.step = 0.2
    bot.telegram.faults["sendMessage"] = [DROPPED] * 5

    await bot.telegram.says("làm khai sinh cần gì")
    await bot.told("maybe_sent")

    assert len(bot.telegram.faults["sendMessage"]) == 3


async def test_an_answer_after_a_bad_gateway_comes_once(bot: Bot) -> None:
    await bot.reads("làm khai sinh cần gì")
    bot.clock.step = 0.5
    bot.telegram.faults["sendMessage"] = [BAD_GATEWAY, too_many(2), BAD_GATEWAY]

    (answer,) = await bot.reads("làm khai sinh cần gì")

    assert DOSSIER.citation in answer.text
    assert len({message.id for message in bot.desk.seen}) == 2


async def test_who_blocks_and_comes_back(bot: Bot) -> None:
    await bot.reads("/start")
    await bot.telegram.blocks()
    await bot.told("blocked")
    assert await bot.kept.subscribers.standing(SOMEBODY) == Standing(False, "blocked")

    await bot.telegram.blocks(again=True)
    await bot.told("unblocked")
    assert await bot.kept.subscribers.standing(SOMEBODY) == Standing(True)


async def test_who_blocks_before_the_answer_ends_it(bot: Bot) -> None:
    bot.telegram.gone.add(CITIZEN)

    await bot.telegram.says("làm khai sinh cần gì")
    await bot.told("unreachable")

    assert await bot.kept.subscribers.standing(SOMEBODY) == Standing(False, "blocked")


# The door


async def _post(bot: Bot, body: bytes, headers: dict[str, str]) -> int:
    async with httpx.AsyncClient(trust_env=False) as http:
        return (await http.post(bot.telegram.webhook, content=body, headers=headers)).status_code


@pytest.mark.parametrize("secret", ["", "wrong", secret_of("other"), secret_of(TOKEN)[:-1], "đ"])
async def test_only_telegram_may_call(bot: Bot, secret: str) -> None:
    update = {"update_id": 1, "message": bot.telegram.message(text="giả mạo")}

    headers = {SECRET_HEADER: secret.encode()} if secret else {}
    assert await _post(bot, json.dumps(update).encode(), headers) == 403  # type: ignore[arg-type]
    assert (await bot.kept.events.figures("telegram")).last_event is None


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"{}", b'{"update_id": "1"}', b"\xff", b"x" * 300_000])
async def test_what_is_no_update_is_refused(bot: Bot, body: bytes) -> None:
    assert await _post(bot, body, {SECRET_HEADER: secret_of(TOKEN)}) == 400
    assert await bot.telegram.says("làm khai sinh cần gì") == 200


async def test_the_secret_is_not_the_token() -> None:
    assert TOKEN.partition(":")[2] not in secret_of(TOKEN)


async def test_an_update_of_unknown_shape_is_left_alone(bot: Bot) -> None:
    await bot.telegram.deliver({"update_id": 5, "message": {"message_id": "x", "chat": {"id": 1, "type": "private"}}})
    await bot.told("ignored")
    await bot.reads("làm khai sinh cần gì")


# What is not text


THINGS: dict[str, Any] = {
    "photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}],
    "voice": {"file_id": "v", "file_unique_id": "v", "duration": 1},
    "sticker": {"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1, "is_animated": False,
                "is_video": False, "type": "regular"},
    "document": {"file_id": "d", "file_unique_id": "d"},
}  # fmt: skip
WORDS = {"photo": "ảnh", "voice": "tin nhắn thoại", "sticker": "nhãn dán", "document": "tệp đính kèm"}


@pytest.mark.parametrize("kind", THINGS)
async def test_what_the_desk_cannot_read_is_explained(bot: Bot, kind: str) -> None:
    await bot.reads("/start")
    await bot.telegram.tell(message=bot.telegram.message(**{kind: THINGS[kind]}))
    await bot.told("refused")

    assert f"chưa xem được {WORDS[kind]}" in bot.telegram.in_chat()[-1].text
    assert bot.desk.seen == []


async def test_an_album_is_explained_once(bot: Bot) -> None:
    await bot.reads("/start")
    for _ in range(3):
        await bot.telegram.tell(message=bot.telegram.message(photo=THINGS["photo"], media_group_id="77"))
    await bot.told("refused")
    await bot.reads("/tro_giup")

    assert sum("chưa xem được ảnh" in shown.text for shown in bot.telegram.in_chat()) == 1


async def test_the_words_under_a_photo_are_answered(bot: Bot) -> None:
    await bot.reads("/start")
    await bot.telegram.tell(message=bot.telegram.message(photo=THINGS["photo"], caption="làm khai sinh cần gì"))
    await bot.told("answered")

    assert bot.desk.seen[-1].text == "làm khai sinh cần gì"
    shown = bot.telegram.in_chat()[-1].text
    assert shown.index("chưa xem được ảnh") < shown.index(DOSSIER.blocks[0])


class Colleagues:
    """Staff who are there."""

    def __init__(self) -> None:
        self.taken: list[tuple[Citizen, Thing, str]] = []

    async def take(self, citizen: Citizen, thing: Thing, file: str, at: datetime) -> bool:
        self.taken.append((citizen, thing, file))
        return True


async def test_staff_are_given_what_the_desk_cannot_read(tmp_path: Path) -> None:
    staff = Colleagues()
    async with a_bot(tmp_path, staff=staff) as bot:
        await ready(bot)
        await bot.telegram.tell(message=bot.telegram.message(voice=THINGS["voice"]))
        await bot.told("smalltalk")

        assert "Đã báo cán bộ là Anh/Chị gửi tin nhắn thoại" in bot.telegram.in_chat()[-1].text
    assert staff.taken == [(SOMEBODY, Thing.VOICE, "v")]


# Edits and groups


async def test_an_edited_question_is_answered_anew(bot: Bot) -> None:
    await bot.reads("/start")
    await bot.telegram.tell(edited_message=bot.telegram.message(text="làm khai sinh cần gì", edit_date=5))
    await bot.told("answered")

    assert bot.telegram.in_chat()[-1].quote > 0


async def test_in_a_group_only_who_speaks_to_the_desk_is_answered(bot: Bot) -> None:
    name = [{"type": "mention", "offset": 0, "length": 15}]
    for text, entities in (("mai họp nhé", []), ("@motcua_thu_bot làm khai sinh cần gì", name)):
        await bot.telegram.tell(message=bot.telegram.message(group=GROUP, text=text, entities=entities))
    await bot.told("ignored", "answered")

    (message,) = bot.desk.seen
    assert (message.text, message.citizen.id) == ("làm khai sinh cần gì", f"{GROUP}/{CITIZEN}")
    assert bot.telegram.in_chat(GROUP)[0].quote > 0
    assert bot.telegram.in_chat(CITIZEN) == []


async def test_a_group_that_takes_the_desk_in_is_greeted(bot: Bot) -> None:
    change = {
        "chat": {"id": GROUP, "type": "supergroup", "title": "Tổ dân phố"},
        "from": {"id": CITIZEN, "is_bot": False, "first_name": "A"},
        "date": 1,
        "old_chat_member": {"user": {"id": 1, "is_bot": True, "first_name": "B"}, "status": "left"},
        "new_chat_member": {"user": {"id": 1, "is_bot": True, "first_name": "B"}, "status": "member"},
    }
    await bot.telegram.tell(my_chat_member=change)
    await bot.told("smalltalk")

    assert "máy trả lời tự động" in bot.telegram.in_chat(GROUP)[0].text


# Polling


async def test_polling_takes_what_has_come_and_waits_out_what_is_wrong(tmp_path: Path) -> None:
    telegram = Telegram(longest_poll=0.01, webhook="https://an-older-place", secret="x")  # noqa: S106
    telegram.faults["getMe"] = [BAD_GATEWAY, too_many(40)]
    telegram.faults["getUpdates"] = [error(409, "Conflict"), DROPPED]
    async with a_bot(tmp_path, polling=True, telegram=telegram) as bot:
        await ready(bot)
        _, answer = await bot.reads("làm khai sinh cần gì")
        await bot.reads("/start")

    assert DOSSIER.blocks[0] in answer.text
    assert telegram.webhook == ""
    assert bot.slept[:2] == [1.0, 40.0]
    assert len(bot.desk.seen) == 1


def nowhere_to_keep(times: int) -> Callable[[Receive], Receive]:
    """An inbox that first takes nothing, so many times."""

    def through(receive: Receive) -> Receive:
        left = times

        async def refusing(event: Event) -> bool:
            nonlocal left
            left -= 1
            if left >= 0:
                raise ConnectionError("away")
            return await receive(event)

        return refusing

    return through


async def test_what_cannot_be_kept_stays_with_telegram(tmp_path: Path) -> None:
    telegram = Telegram(longest_poll=0.01)
    async with a_bot(tmp_path, polling=True, telegram=telegram, through=nowhere_to_keep(3)) as bot:
        await ready(bot)
        await bot.reads("làm khai sinh cần gì")

    assert len(bot.desk.seen) == 1
    assert bot.slept == [1.0, 5.0, 30.0]


async def test_telegram_is_told_to_come_again(tmp_path: Path) -> None:
    async with a_bot(tmp_path, through=nowhere_to_keep(1)) as bot:
        await ready(bot)
        assert await bot.telegram.says("làm khai sinh cần gì") == 503
        assert await bot.telegram.repeat() == 200
        await bot.told("answered")


async def test_no_log_holds_the_token_or_what_was_said(
    bot: Bot, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, logger="bot")
    bot.clock.step = 0.5
    for fault in (error(401, "Unauthorized"), DROPPED, BLOCKED):
        bot.telegram.faults["sendMessage"] = [fault]
        await bot.reads("bí mật của tôi")
    await bot.channel.check()

    written = "".join(capsys.readouterr())
    assert TOKEN not in written
    assert "bí mật" not in written
