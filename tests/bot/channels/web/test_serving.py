"""The real server on a free loopback port."""

import asyncio
import logging
import socket

import httpx
import pytest

from bot.channels.web import listen, serve
from tests.bot.channels.scripted import ScriptedDesk
from tests.bot.channels.web.browserless import a_web
from tests.fakes import MemoryTranscripts


async def test_it_serves_until_cancelled_and_frees_the_port(caplog: pytest.LogCaptureFixture) -> None:
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    started = asyncio.Event()
    web = a_web(ScriptedDesk(), MemoryTranscripts())

    with caplog.at_level(logging.DEBUG):
        serving = asyncio.create_task(serve(web, listener, started.set))
        await started.wait()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            asked = await client.post("/chat", data={"text": "câu bí mật"}, headers={"accept": "application/json"})
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving

    assert asked.status_code == 200
    assert "bí mật" not in caplog.text
    listen("127.0.0.1", port).close()


async def test_a_port_in_use_is_told_at_once() -> None:
    taken = listen("127.0.0.1", 0)
    try:
        with pytest.raises(OSError, match="in use"):
            listen("127.0.0.1", taken.getsockname()[1])
    finally:
        taken.close()


def test_responses_do_not_wait_for_acknowledgements() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        listener.settimeout(5)
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
