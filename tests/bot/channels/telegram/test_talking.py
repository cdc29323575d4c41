"""A citizen on Telegram asks, presses and reads, through real HTTP and a real database."""

from pathlib import Path

import pytest

from bot.channels.reception import FORGET, SUBSCRIPTIONS, link_to
from bot.channels.telegram.posting import MARK
from handlers import guide, voting
from handlers.messages import Choice, Citizen, IncomingMessage, Link, Outcome, Reply
from tests.bot.channels.scripted import DOSSIER, FEE, LONG, WHICH, ScriptedDesk
from tests.bot.channels.telegram.conftest import Bot, a_bot, ready
from tests.doubles.telegram import CITIZEN, LONGEST_TEXT


class Saying(ScriptedDesk):
    """A desk that always says the same."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply

    async def answer(self, message: IncomingMessage) -> Reply:
        await super().answer(message)
        return self.reply


async def test_the_first_words_then_the_answer(bot: Bot) -> None:
    greeting, answer = await bot.reads("làm khai sinh cần gì")

    assert "máy trả lời tự động của UBND phường Tô Hiệu" in greeting.text
    assert all(number in greeting.text for number in ("113", "114", "115"))
    assert "tài khoản Telegram" in greeting.text
    assert DOSSIER.blocks[0] in answer.text
    assert [data for _, data in answer.buttons] == [choice.value for choice in DOSSIER.choices]

    (again,) = await bot.reads("làm khai sinh cần gì")
    assert again.text == answer.text


async def test_a_button_brings_the_answer_and_stops_waiting(bot: Bot) -> None:
    *_, which = await bot.reads("đăng ký kết hôn")

    await bot.telegram.presses(which, 2)
    await bot.told("answered")

    pressed = bot.desk.seen[-1]
    assert (pressed.choice, pressed.text) == (WHICH.choices[1].value, WHICH.choices[1].label)
    assert FEE.blocks[0] in bot.telegram.in_chat()[-1].text
    assert len(bot.telegram.acknowledged) == 1
    assert bot.telegram.toasts == []


async def test_a_long_answer_comes_whole_in_its_order(bot: Bot) -> None:
    _, *parts = await bot.reads("cho tôi các bước")

    whole = "\n\n".join(part.text for part in parts)
    assert len(parts) > 1
    assert all(len(part.text) <= LONGEST_TEXT for part in parts)
    assert whole == "\n\n".join(block.strip() for block in LONG.blocks)


async def test_nothing_in_an_answer_is_taken_for_layout(tmp_path: Path) -> None:
    text = "Phí <b>5.000 & 'x'</b> <script> &lt; 1 > 0 \"y\""
    reply = Reply(
        blocks=(text,),
        outcome=Outcome.ANSWERED,
        citation="Nguồn <i>A&B</i>",
        links=(Link("Trang <1>", 'https://a.vn/?a="1"&b=2'),),
    )
    async with a_bot(tmp_path, desk=Saying(reply)) as bot:
        await ready(bot)
        *_, answer = await bot.reads("phí?")

    assert answer.text == f"{text}\n\nNguồn <i>A&B</i>\n\nTrang <1>"
    assert '<a href="https://a.vn/?a=&quot;1&quot;&amp;b=2">' in answer.html
    assert "<i>Nguồn" in answer.html


async def test_emojis_count_as_telegram_counts_them(tmp_path: Path) -> None:
    reply = Reply(blocks=("🏠" * 4000,), outcome=Outcome.ANSWERED)
    async with a_bot(tmp_path, desk=Saying(reply)) as bot:
        await ready(bot)
        _, *parts = await bot.reads("nhà?")

    assert "".join(part.text for part in parts) == "🏠" * 4000


async def test_a_button_may_carry_any_value(tmp_path: Path) -> None:
    long, hidden = "p:" + "mã-rất-dài-" * 20, f"{MARK}looks-like-a-reference"
    choices = (Choice("Dài", long), Choice("Giả", hidden), Choice("64", "x" * 64))
    async with a_bot(tmp_path, desk=Saying(Reply(blocks=("?",), outcome=Outcome.CLARIFYING, choices=choices))) as bot:
        await ready(bot)
        *_, asked = await bot.reads("gì?")
        for number in (1, 2, 3):
            await bot.telegram.presses(asked, number)
        await bot.told(*["clarifying"] * 3)

    assert [message.choice for message in bot.desk.seen[-3:]] == [long, hidden, "x" * 64]


async def test_an_old_button_is_told_as_such(bot: Bot) -> None:
    *_, which = await bot.reads("đăng ký kết hôn")
    old = type(which)(id=which.id, chat=which.chat, text="", html="", buttons=(("Cũ", f"{MARK}gone"),))

    await bot.telegram.presses(old, 1)
    await bot.told("not_found")

    assert "Nút này đã cũ" in bot.telegram.in_chat()[-1].text


VOTED = Reply(blocks=("Lệ phí: 15.000 đồng.",), outcome=Outcome.ANSWERED, refs=("1.001193",))
THANKS = Reply(blocks=(voting.THANKS,), outcome=Outcome.VOTED, refs=("1.001193",))


class Voting(ScriptedDesk):
    """A desk whose answers are voted on."""

    async def answer(self, message: IncomingMessage) -> Reply:
        await super().answer(message)
        return THANKS if message.choice else VOTED


async def test_thanks_for_a_vote_are_a_small_note(tmp_path: Path) -> None:
    async with a_bot(tmp_path, desk=Voting()) as bot:
        await ready(bot)
        *_, answer = await bot.reads("phí khai sinh")
        assert [label for label, _ in answer.buttons] == [voting.HELPFUL, voting.NOT_RIGHT]
        before = len(bot.telegram.shown)

        await bot.telegram.presses(answer, 1)
        await bot.told("voted")

    assert bot.desk.seen[-1].choice == "v:+:1.001193"
    assert bot.telegram.toasts == [voting.THANKS]
    assert len(bot.telegram.shown) == before


@pytest.mark.parametrize(("emoji", "vote"), [("👍", "v:+:1.001193"), ("❤️", "v:+:1.001193"), ("👎", "v:-:1.001193")])
async def test_a_thumb_on_an_answer_is_a_vote(tmp_path: Path, emoji: str, vote: str) -> None:
    async with a_bot(tmp_path, desk=Voting()) as bot:
        await ready(bot)
        *_, answer = await bot.reads("phí khai sinh")
        change = {
            "chat": {"id": CITIZEN, "type": "private", "first_name": "A"},
            "message_id": answer.id,
            "date": 1,
            "old_reaction": [],
            "user": {"id": CITIZEN, "is_bot": False, "first_name": "A"},
        }
        await bot.telegram.tell(message_reaction={**change, "new_reaction": [{"type": "emoji", "emoji": emoji}]})
        await bot.told("voted")
        await bot.telegram.tell(message_reaction={**change, "new_reaction": []})
        await bot.telegram.tell(
            message_reaction={**change, "message_id": 1, "new_reaction": [{"type": "emoji", "emoji": "👍"}]}
        )
        await bot.told("reaction", "reaction")

    assert [message.choice for message in bot.desk.seen if message.choice] == [vote]


# Commands and links


async def test_commands_are_set_in_vietnamese_and_only_those_that_work(bot: Bot) -> None:
    for language in ("", "vi"):
        names = [name for name, _ in bot.telegram.commands[language]]
        assert names == ["start", "thutuc", "hoidap", "gopy", "dulieu", "tro_giup"]
    assert all(
        "Đ" in told or "ư" in told or any(ord(letter) > 127 for letter in told)
        for _, told in bot.telegram.commands["vi"]
    )


async def test_commands_of_modules_that_are_on_are_shown(tmp_path: Path) -> None:
    async with a_bot(tmp_path, modules=[SUBSCRIPTIONS]) as bot:
        await ready(bot)
        assert {"dangky", "huy"} <= {name for name, _ in bot.telegram.commands["vi"]}
        await bot.reads("/dangky")
    assert bot.desk.seen[-1].text == "/dangky"


@pytest.mark.parametrize(
    ("said", "text", "choice"),
    [
        ("/thutuc", guide.START.label, guide.START.value),
        ("/thutuc căn cước", "căn cước", None),
        ("/thutuc@motcua_thu_bot căn cước", "căn cước", None),
        ("/hoidap lệ phí khai sinh?", "lệ phí khai sinh?", None),
        ("/gopy", "Tôi muốn góp ý, phản ánh", None),
        ("/GOPY đường thiếu đèn", "đường thiếu đèn", None),
        ("/start tt-1_001193", "/start tt-1_001193", "p:1.001193:"),
        ("/start hd-nop-truc-tuyen", "/start hd-nop-truc-tuyen", "q:nop-truc-tuyen"),
    ],
)
async def test_commands_ask_the_desk(bot: Bot, said: str, text: str, choice: str | None) -> None:
    await bot.reads(said)

    (message,) = bot.desk.seen
    assert (message.text, message.choice) == (text, choice)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("/start", "máy trả lời tự động"),
        ("/tro_giup", "/thutuc: Tra cứu"),
        ("/hoidap", "Anh/Chị gõ câu hỏi"),
        ("/dangky", "chưa mở mục này"),
        ("/lenh_la", "không có lệnh này"),
        ("/start cd-ngay-hoi", "không còn dùng được"),
        ("/start tt-", "không còn dùng được"),
        ("/start v-%%%", "không còn dùng được"),
        ("/dulieu", "tự xóa sau 30 ngày"),
    ],
)
async def test_commands_that_the_reception_answers(bot: Bot, said: str, words: str) -> None:
    assert words in (await bot.reads(said))[-1].text
    assert bot.desk.seen == []


async def test_start_greets_once_each_time_it_is_pressed(bot: Bot) -> None:
    (first,) = await bot.reads("/start")
    (second,) = await bot.reads("/start")

    assert first.text == second.text
    assert first.buttons == ((guide.START.label, guide.START.value),)


async def test_links_of_modules_lead_to_them(tmp_path: Path) -> None:
    links = {"cd": lambda id_: f"campaign:{id_}", "ks": lambda _: None}
    async with a_bot(tmp_path, links=links) as bot:
        await ready(bot)
        await bot.reads("/start cd-2026-11")
        assert bot.desk.seen[-1].choice == "campaign:2026-11"
        assert "không còn dùng được" in (await bot.reads("/start ks-7"))[-1].text


@pytest.mark.parametrize(
    "value", ["p:1.001193:", "p:1.001193:f", "q:nop-ho-so-truc-tuyen", "e:1.001193:2:o", "p:a_b-c.d:"]
)
async def test_every_button_has_a_link(bot: Bot, value: str) -> None:
    link = link_to(value)
    assert len(link) <= 64
    assert all(letter.isascii() and (letter.isalnum() or letter in "_-") for letter in link)

    await bot.reads(f"/start {link}")

    assert bot.desk.seen[-1].choice == value


async def test_people_see_and_delete_what_is_kept(bot: Bot) -> None:
    *_, told = await bot.reads("/dulieu")
    assert told.buttons == ((FORGET.label, FORGET.value),)

    await bot.telegram.presses(told, 1)
    await bot.told("smalltalk")
    await bot.reads("/dulieu xoa")

    assert bot.forgotten == [Citizen("telegram", str(CITIZEN))] * 2
    assert "Đã xóa" in bot.telegram.in_chat()[-1].text
    assert bot.desk.seen == []
