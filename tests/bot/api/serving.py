"""The real API over a real desk with the starter knowledge, served by uvicorn on a free loopback port."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from bot.api import PREFIX, Rules, make_api, mounted
from bot.app import App
from bot.config import Settings
from bot.storage import schema
from bot.storage.api_keys import StoredApiKeys
from bot.storage.engine import make_engine, make_sessions
from knowledge.importing import import_starter
from tests.bot.api.conftest import nowhere
from tests.fakes import NOON


async def open_desk(url: str, folder: Path) -> App:
    """A desk over a new database with the starter knowledge, at noon of the tests' day."""
    await asyncio.to_thread(schema.upgrade, url)
    engine = make_engine(url)
    await import_starter(make_sessions(engine), publish=True, dry_run=False, now=NOON)
    await engine.dispose()
    return await App.open(Settings(database_url=url, index_file=str(folder / "index.npz")), now=lambda: NOON)


@contextmanager
def served(folder: Path, rules: Rules) -> Iterator[tuple[str, str]]:
    """The address of the API, and a key for it; the server has a thread and a loop of its own."""
    ready = threading.Event()
    told: list[str] = []
    stop: list[Callable[[], None]] = []

    async def serve() -> None:
        app = await open_desk(f"sqlite+aiosqlite:///{folder / 'motcua.db'}", folder)
        keys = StoredApiKeys(app.engine)
        secret = await keys.add("tests", NOON, per_minute=100_000)
        api = make_api(app.dispatch().answer, lambda: app.base, keys=keys, now=app.now, rules=rules)
        config = uvicorn.Config(
            mounted(nowhere, api, PREFIX), port=0, log_config=None, access_log=False, lifespan="off"
        )
        server = uvicorn.Server(config)
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup()
        port = server.servers[0].sockets[0].getsockname()[1]
        told.extend((f"http://127.0.0.1:{port}{PREFIX}", secret))
        stop.append(lambda: setattr(server, "should_exit", True))
        ready.set()
        await server.main_loop()
        await server.shutdown()
        await app.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        ready.wait(60)
        yield told[0], told[1]
    finally:
        for end in stop:
            end()
        thread.join(30)
