"""What campaigns are given by the running service."""

from bot.commands.campaigning import campaigning, stopping_first
from bot.config import Settings
from handlers.messages import IncomingMessage, Outcome, Reply
from tests.fakes import NOON, a_message


async def test_huy_is_heard_while_the_desk_is_closed() -> None:
    async def open_desk(message: IncomingMessage) -> Reply:
        return Reply(blocks=("mở",), outcome=Outcome.SMALLTALK)

    async def closed_desk(message: IncomingMessage) -> Reply:
        return Reply(blocks=("đóng",), outcome=Outcome.SMALLTALK)

    answer = stopping_first(open_desk, closed_desk)

    assert (await answer(a_message("HỦY"))).blocks == ("mở",)
    assert (await answer(a_message("làm khai sinh"))).blocks == ("đóng",)


async def test_a_link_inside_the_network_is_never_called() -> None:
    made = campaigning(Settings(), [], lambda: NOON)

    assert "địa chỉ nội bộ" in await made.answers("http://127.0.0.1:9/")
    assert made.invitations("abc") == {}
