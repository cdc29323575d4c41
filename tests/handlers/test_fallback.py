"""The last handler always says something."""

import pytest

from handlers import fallback
from handlers.messages import Reply
from tests.fakes import a_desk, a_message


@pytest.mark.parametrize(("text", "choice"), [("", None), ("?!", None), ("việc gì đó lạ", None), ("", "p:9.999999:s")])
async def test_the_last_handler_always_says_something(text: str, choice: str | None) -> None:
    reply: Reply = await fallback.answer(a_message(text, choice), a_desk())

    assert reply.kind == "refuse"
    assert reply.blocks
