"""Opening the desk for one command, with a clear word when it is not ready."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot import logs
from bot.config import Settings
from bot.storage import schema
from bot.storage.engine import StorageProblem, database_url, is_sqlite, sqlite_file

if TYPE_CHECKING:
    from bot.app import App

NO_DATABASE = "Chưa có cơ sở dữ liệu. Chạy: motcua import starter --publish (hoặc: make run)."
OLD_DATABASE = "Cơ sở dữ liệu cũ hơn chương trình. Sao lưu (motcua db backup FILE) rồi chạy: motcua db upgrade."


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator["App"]:
    """The desk over an existing, up-to-date database. Raises StorageProblem otherwise."""
    from bot.app import App  # all of the desk, which most commands of this room have no use for

    logs.set_up(settings.log_level if settings.log_level == "debug" else "error")
    await require_newest(settings.database_url)
    app = await App.open(settings)
    try:
        yield app
    finally:
        await app.close()


async def require_newest(url: str) -> None:
    """Raises StorageProblem unless the database has the newest tables."""
    parsed = database_url(url)
    if is_sqlite(parsed) and not sqlite_file(parsed).exists():
        raise StorageProblem(NO_DATABASE)
    state = await asyncio.to_thread(schema.current_and_head, url)
    if state.current is None:
        raise StorageProblem(NO_DATABASE)
    if not state.up_to_date:
        raise StorageProblem(OLD_DATABASE)


async def upgrade_if_empty(url: str) -> None:
    """Makes the tables of an empty database; an older one has to be upgraded on purpose. Raises StorageProblem."""
    state = await asyncio.to_thread(schema.current_and_head, url)
    if state.current is None:
        await asyncio.to_thread(schema.upgrade, url)
    elif not state.up_to_date:
        raise StorageProblem(OLD_DATABASE)
