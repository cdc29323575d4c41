"""A whole desk over a real database, with a few procedures and questions, at a moment that tests move."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import App
from bot.config import Settings
from bot.storage import schema
from bot.storage.engine import make_engine, make_sessions
from handlers.messages import Citizen, IncomingMessage, Reply
from knowledge.entries import (
    Document,
    DocumentCase,
    Fee,
    Method,
    Procedure,
    SubmissionChannel,
    TimeLimit,
    TimeUnit,
)
from knowledge.importing import import_file
from knowledge.serialising import to_json
from tests.fakes import HOW_TO_SUBMIT, NOON
from tests.knowledge import catalogue

THREE_DAYS = TimeLimit(amount=3, unit=TimeUnit.WORKING_DAY)
STAY = replace(
    catalogue.STAY,
    methods=(
        Method(channel=SubmissionChannel.DIRECT, time=THREE_DAYS, fees=(Fee(amount=15000),)),
        Method(channel=SubmissionChannel.ONLINE, time=THREE_DAYS, fees=(Fee(amount=7000),)),
    ),
    cases=(
        DocumentCase(title="Trường hợp đăng ký cá nhân", documents=(Document(name="Tờ khai CT01", originals=1),)),
        DocumentCase(
            title="Trường hợp đăng ký theo danh sách",
            documents=(Document(name="Tờ khai CT01", originals=1), Document(name="Danh sách người tạm trú")),
        ),
    ),
    decision_number="9354/QĐ-BCA-C06",
    data_date=date(2026, 7, 31),
)
PROCEDURES = (STAY, *(entry for entry in catalogue.ALL if entry.code != STAY.code))


@dataclass
class SmallDesk:
    """One desk and the citizens who talk to it."""

    app: App
    folder: Path
    moment: datetime = NOON
    said: int = 0

    async def says(self, text: str = "", choice: str | None = None, citizen: str = "c1") -> Reply:
        """What the desk replies to a message sent now."""
        self.said += 1
        return await self.app.dispatch().answer(
            IncomingMessage(
                id=f"m{self.said}",
                citizen=Citizen("test", citizen),
                text=text,
                received_at=self.moment,
                choice=choice,
            )
        )

    def later(self, **span: float) -> None:
        """Lets time pass."""
        self.moment += timedelta(**span)

    async def publishes(self, *entries: Procedure) -> None:
        """Publishes entries, and the desk notices."""
        await _publish(self.app.settings.database_url, self.folder, entries, self.moment)
        await self.app.refresh()


@asynccontextmanager
async def a_small_desk(url: str, folder: Path, **more: Any) -> AsyncIterator[SmallDesk]:
    """A desk over a fresh database. more: settings."""
    await asyncio.to_thread(schema.upgrade, url)
    await _publish(url, folder, PROCEDURES, NOON)
    await _import(url, folder / "faq.jsonl", to_json(HOW_TO_SUBMIT), NOON)
    settings = Settings(database_url=url, index_file=str(folder / "index.npz"), **more)
    desks: list[SmallDesk] = []
    app = await App.open(settings, now=lambda: desks[0].moment if desks else NOON)
    desks.append(SmallDesk(app, folder))
    try:
        yield desks[0]
    finally:
        await app.close()


async def _publish(url: str, folder: Path, entries: Iterable[Procedure], now: datetime) -> None:
    lines = (json.dumps(json.loads(to_json(entry)), ensure_ascii=False) for entry in entries)
    await _import(url, folder / "procedures.jsonl", "\n".join(lines).encode(), now)


async def _import(url: str, file: Path, content: bytes, now: datetime) -> None:
    await asyncio.to_thread(file.write_bytes, content)
    engine = make_engine(url)
    try:
        report = await import_file(make_sessions(engine), file, publish=True, dry_run=False, now=now)
    finally:
        await engine.dispose()
    assert not report.refused
