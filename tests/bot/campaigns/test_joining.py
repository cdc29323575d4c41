"""From “/dangky” to a recorded yes, and from “HỦY” to silence, over a real database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from bot.campaigns.followers import StoredFollowers
from bot.campaigns.joining import StoredSubscriptions
from bot.campaigns.topics import TOPICS, WORDING
from bot.storage import schema
from bot.storage.audit import Deed
from bot.storage.engine import make_engine
from handlers import subscription
from handlers.messages import Choice, Citizen, Conversation, IncomingMessage, Reply
from handlers.subscription import wording
from handlers.subscription.values import invitation, packed
from tests.fakes import NOON, a_desk, a_message

ANN = Citizen("telegram", "4711")


@dataclass
class Talk:
    """One citizen's talk. last: the reply before."""

    known: StoredSubscriptions
    followers: StoredFollowers
    citizen: Citizen = ANN
    conversation: Conversation = field(default_factory=Conversation)

    async def says(self, text: str = "", choice: str | None = None) -> Reply | None:
        """The reply of the handler."""
        message: IncomingMessage = a_message(text, choice, citizen=self.citizen)
        desk = replace(a_desk(conversation=self.conversation), subscriptions=self.known)
        reply = await subscription.answer(message, desk)
        if reply is not None:
            self.conversation = self.conversation.after(reply, NOON)
        return reply

    async def presses(self, label: str) -> Reply:
        """The reply to the offered button that begins like this."""
        button = next(one for one in self.conversation.offered if label in one.label)
        reply = await self.says(button.label, button.value)
        assert reply is not None
        return reply


@asynccontextmanager
async def a_talk(url: str) -> AsyncIterator[Talk]:
    await asyncio.to_thread(schema.upgrade, url)
    engine = make_engine(url)
    try:
        yield Talk(StoredSubscriptions(engine, lambda: NOON, ["telegram"]), StoredFollowers(engine))
    finally:
        await engine.dispose()


async def test_a_yes_is_recorded_with_its_words_and_huy_ends_it_at_once(database_url: str) -> None:
    async with a_talk(database_url) as talk:
        begun = await talk.says("/dangky")
        assert begun is not None
        assert [c.label[0] for c in begun.choices] == ["☐"] * len(TOPICS) + ["X"]
        nothing = await talk.presses("Xong")
        assert nothing.blocks[0] == wording.NOTHING_CHOSEN
        chosen = await talk.presses("Dịch vụ công")
        assert [c.label[0] for c in chosen.choices].count("☑") == 1
        await talk.says("2, 3")
        asked = await talk.presses("Xong")
        words = WORDING.format(topics=", ".join([*TOPICS.values()][:3]))
        assert asked.blocks == (words,)
        assert await talk.followers.of(ANN) is None
        agreed = await talk.presses("Tôi đồng ý")
        assert "HỦY" in agreed.as_text()
        followed = await talk.followers.of(ANN)
        assert followed is not None
        assert set(followed.topics) == {"online", "procedures", "fees"}

        await talk.presses("nơi ở")
        kept = await talk.says("phường Tô Hiệu, Sơn La")
        assert kept is not None
        assert kept.blocks == ("Đã ghi nơi ở: phường Tô Hiệu, Sơn La.",)
        await talk.says("/dangky")
        await talk.presses("Giờ không")
        await talk.presses("Ngoài giờ")
        state = await talk.says("đăng ký nhận thông báo")
        assert state is not None
        assert "từ 17 giờ đến 8 giờ" in state.as_text()
        await talk.presses("lĩnh vực")
        words_of_field = await talk.says("hộ tịch")
        assert words_of_field is not None
        assert "Hộ tịch" in words_of_field.blocks[0]
        await talk.presses("Tôi đồng ý")
        followed = await talk.followers.of(ANN)
        assert followed is not None
        assert "field:Hộ tịch" in followed.topics
        assert (followed.province, followed.commune, followed.quiet) == ("Sơn La", "phường Tô Hiệu", (17, 8))

        stopped = await talk.says("Hủy")
        assert stopped is not None
        assert stopped.blocks == (wording.STOPPED,)
        again = await talk.says("HỦY")
        assert again is not None
        assert again.blocks == (wording.NOT_SUBSCRIBED,)
        ended = await talk.followers.of(ANN)
        assert ended is not None
        assert not ended.active
        proof = await talk.followers.proof(ANN)
        assert [(one.given, one.said) for one in proof] == [
            (True, "Tôi đồng ý"),
            (True, "Tôi đồng ý"),
            (False, "Hủy"),
            (False, "HỦY"),
        ]
        assert proof[0].wording == words


async def test_officials_join_by_the_invitation_of_their_unit(sqlite_url: str) -> None:
    async with a_talk(sqlite_url) as talk:
        made = await talk.followers.invite("Phòng Hành chính", "", Deed(actor="an", action=""), NOON)
        assert await talk.says(f"tham gia {made.code}") is not None
        assert (await talk.presses("Không đồng ý")).blocks == (wording.DECLINED,)
        assert await talk.followers.of(ANN) is None
        await talk.says("/start mr", invitation(made.code))
        joined = await talk.presses("Tôi đồng ý")
        assert "Phòng Hành chính" in joined.blocks[0]
        assert [one.joined for one in await talk.followers.invitations()] == [1]
        await talk.followers.close_invitation(made.code, Deed(actor="an", action=""), NOON)
        late = await talk.says(choice=invitation(made.code))
        assert late is not None
        assert late.blocks == (wording.NO_INVITATION,)


@pytest.mark.parametrize("text", ["hủy", "HUỶ.", "huy", "/huy", "STOP", "ngừng nhận thông báo", "thôi nhận tin"])
def test_words_that_stop(text: str) -> None:
    assert wording.stops(text)


@pytest.mark.parametrize("text", ["hủy đăng ký kết hôn", "hủy hồ sơ", "thủ tục hủy thẻ", "dừng xe ở đâu"])
def test_words_that_ask_for_something_else(text: str) -> None:
    assert not wording.stops(text)
    assert not wording.begins(text)


async def test_it_keeps_out_of_what_is_not_its_own(sqlite_url: str) -> None:
    async with a_talk(sqlite_url) as talk:
        assert await talk.says("hộ tịch") is None
        assert await talk.says("Sơn La") is None
        assert await talk.says("Hủy", "p:1.001193:s") is None
        assert await subscription.answer(a_message("HỦY"), a_desk()) is None
        talk.citizen = Citizen("web", "1")
        assert await talk.says("HỦY") is None
        told = await talk.says("/dangky")
        assert told is not None
        assert told.blocks == (wording.NOT_HERE,)
        talk.conversation = Conversation(offered=(Choice("x", "n:p:-"),))
        assert await talk.says("Sơn La") is None


def test_topics_fit_into_a_button() -> None:
    assert len({key[:2] for key in TOPICS}) == len(TOPICS)
    assert len(packed(list(TOPICS))) + 20 <= 64
