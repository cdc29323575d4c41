"""What citizens write is masked before it is stored, complaints are not stored at all, and the night takes the rest."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import MetaData, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.app import App
from bot.channels.reception import House, Reception
from bot.channels.telegram import TelegramChannel, TelegramOptions, connected, secret_of
from handlers.messages import Citizen, IncomingMessage, Outcome, Reply
from tests.bot.channels.running import Kept, address_of, at_work, listen
from tests.doubles.telegram import TOKEN, a_telegram
from tests.fakes import NOON

CHANNELS = ("web", "api", "console")
NUMBERS = {
    "0912345678": "đăng ký khai sinh hết bao nhiêu tiền, gọi cho tôi số 0912345678",
    "987 654 321": "sđt +84 987 654 321 hỏi thủ tục đăng ký tạm trú",
    "001099012345": "cccd001099012345 của tôi hết hạn, đổi thẻ căn cước cần giấy tờ gì",
    "001.088.077.066": "căn cước 001.088.077.066 làm lại ở đâu",
    "nguyen.van.a@example.vn": "gửi kết quả khai sinh về nguyen.van.a@example.vn được không",
    "19034567890123": "chuyển lệ phí vào tài khoản 19034567890123 phải không",
    "C7654321": "hộ chiếu C7654321 gia hạn thế nào",
    "180054321": "chứng minh nhân dân 180054321",
    "0934567890": "0934567890",
    "0945678901": "thế còn phí thì sao, máy 0945678901 nhé",
    "0956789012": "cháy nhà rồi cứu với, tôi ở số 3 ngõ 5, điện thoại 0956789012",
    "0967890123": "cảm ơn, số tôi 0967890123",
    "0978901234": "phản ánh cán bộ phường thái độ hách dịch, liên hệ 0978901234",
}
COMPLAINTS = {
    "Trần Bá Hổ": "tôi tố cáo ông Trần Bá Hổ nhận hối lộ 50 triệu của nhà tôi",
    "thửa đất 345": "tôi khiếu nại quyết định thu hồi thửa đất 345 của gia đình",
}
PRESSED = "p:0989012345:f"


async def _say(
    desk: App,
    text: str,
    *,
    at: datetime = NOON,
    channel: str = "web",
    choice: str | None = None,
    who: str = "citizen-1",
) -> Reply:
    message = IncomingMessage(id=uuid4().hex, citizen=Citizen(channel, who), text=text, received_at=at, choice=choice)
    return await desk.dispatch().answer(message)


async def _texts(engine: AsyncEngine) -> list[tuple[str, str]]:
    """Every text that is in the database, with the table and column where it stands."""
    async with engine.connect() as connection:
        found = []
        for table in await _tables(connection):
            for row in (await connection.execute(select(table))).mappings():
                found += [(f"{table.name}.{name}", str(value)) for name, value in row.items() if value is not None]
    return found


async def _tables(connection: AsyncConnection) -> list[Table]:
    seen = MetaData()
    await connection.run_sync(seen.reflect)
    return list(seen.sorted_tables)


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


@pytest.mark.parametrize("channel", CHANNELS)
async def test_no_personal_number_and_no_complaint_is_in_any_column(desk: App, channel: str) -> None:
    outcomes = [(await _say(desk, text, channel=channel)).outcome for text in NUMBERS.values()]
    refused = [(await _say(desk, text, channel=channel)).outcome for text in COMPLAINTS.values()]
    await _say(desk, "lệ phí", channel=channel, choice=PRESSED)
    await _say(desk, "0990123456 " * 500, channel=channel)

    kept = await _texts(desk.engine)
    said = [text for where, text in kept if where.startswith(("conversation", "answer"))]
    assert {Outcome.ANSWERED, Outcome.EMERGENCY, Outcome.FEEDBACK} <= set(outcomes)
    assert refused == [Outcome.COMPLAINT, Outcome.COMPLAINT]
    assert len([where for where, _ in kept if where == "answer.id"]) == len(NUMBERS) + len(COMPLAINTS) + 2
    assert sum("•••" in text for text in said) >= len(NUMBERS)
    secret = (*NUMBERS, *COMPLAINTS, "0989012345", "0990123456")
    assert [(where, word) for where, text in kept for word in secret if word in text] == []
    joined = _digits(" ".join(said))
    assert [number for number in map(_digits, NUMBERS) if len(number) > 8 and number in joined] == []


async def test_a_complaint_is_only_counted(desk: App) -> None:
    await _say(desk, "đăng ký khai sinh cần gì")
    for text in COMPLAINTS.values():
        await _say(desk, text)
    await _say(desk, "phí thì sao")

    lines = await desk.conversations.history(Citizen("web", "citizen-1"))
    assert [line.said for line in lines if line.reply is None] == ["đăng ký khai sinh cần gì", "", "", "phí thì sao"]
    outcomes = [text for where, text in await _texts(desk.engine) if where == "answer.outcome"]
    assert outcomes.count("complaint") == 2
    assert lines[-1].reply is not None
    assert "khai sinh" in lines[-1].reply.citation.lower()


async def test_of_what_came_by_telegram_only_the_same_is_kept(desk: App) -> None:
    kept, listener = Kept(desk.engine), listen("127.0.0.1", 0)
    said = [*NUMBERS.values(), *COMPLAINTS.values()]
    async with a_telegram() as telegram, connected(TOKEN, telegram.address) as bot:
        channel = TelegramChannel(
            bot,
            Reception(House(profile=desk.base.profile), "Telegram", buttons=True),
            acquaintances=kept.subscribers,
            buttons=kept.buttons,
            now=desk.now,
            options=TelegramOptions(webhook=address_of(listener), secret=secret_of(TOKEN)),
        )
        async with at_work(channel, desk.dispatch().answer, kept, desk.now, listener):
            await telegram.called["setWebhook"].wait()
            for text in said:
                assert await telegram.says(text) == 200
            await telegram.tell(message=telegram.message(contact={"phone_number": "0990123456", "first_name": "Hổ"}))
            await kept.outcomes(len(said) + 1)

    texts = await _texts(desk.engine)
    assert [text for where, text in texts if where == "inbox.payload"] == [""] * (len(said) + 1)
    secret = (*NUMBERS, *COMPLAINTS, "0990123456", "Ẩn danh", TOKEN)
    assert [(where, word) for where, text in texts for word in secret if word in text] == []


async def test_the_night_deletes_what_is_older_than_the_settings_allow(desk: App) -> None:
    kept = desk.settings.retention
    old, older = NOON - timedelta(days=kept.conversation_days + 1), NOON - timedelta(days=kept.answer_days + 1)
    await _say(desk, "đăng ký kết hôn", at=older, who="oldest")
    await _say(desk, "đăng ký tạm trú", at=old, who="older")
    await _say(desk, "đăng ký khai sinh", who="today")

    await desk.purge()

    assert await _citizens(desk) == ["today"]
    assert sorted(
        text for where, text in await _texts(desk.engine) if where == "conversation_line.body" and text[0] != "{"
    ) == ["đăng ký khai sinh"]
    assert await _count(desk, "answer") == 2


async def test_what_a_citizen_has_deleted_is_in_no_column(desk: App) -> None:
    await _say(desk, "đăng ký thường trú cho con nuôi", who="gone")
    await _say(desk, "đăng ký khai sinh", who="stays")

    await desk.conversations.forget(Citizen("web", "gone"))

    assert await _citizens(desk) == ["stays"]
    assert [where for where, text in await _texts(desk.engine) if text == "đăng ký thường trú cho con nuôi"] == []


async def _citizens(desk: App) -> list[str]:
    return [text for where, text in await _texts(desk.engine) if where == "conversation.citizen"]


async def _count(desk: App, name: str) -> int:
    async with desk.engine.connect() as connection:
        (table,) = (table for table in await _tables(connection) if table.name == name)
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())
