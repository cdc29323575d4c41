"""A scripted desk, its transcripts and a visitor of its page."""

from collections.abc import AsyncIterator

import pytest

from tests.bot.channels.scripted import ScriptedDesk
from tests.bot.channels.web.browserless import Visitor, a_client, a_web
from tests.fakes import MemoryTranscripts


@pytest.fixture
def desk() -> ScriptedDesk:
    return ScriptedDesk()


@pytest.fixture
def transcripts() -> MemoryTranscripts:
    return MemoryTranscripts()


@pytest.fixture
async def visitor(desk: ScriptedDesk, transcripts: MemoryTranscripts) -> AsyncIterator[Visitor]:
    async with a_client(a_web(desk, transcripts)) as client:
        visitor = Visitor(client)
        await visitor.open()
        yield visitor
