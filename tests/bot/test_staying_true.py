"""What has grown old is answered with a caution, what has ended is not answered, and an old code leads to the new."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.config import KnowledgeSettings, Settings
from handlers.messages import Citizen, IncomingMessage, Reply
from knowledge import confirming
from knowledge.additions import set_code_alias
from knowledge.importing import import_file
from knowledge.revising import claim
from knowledge.tables import Kind
from tests.knowledge.databases import NOW, Sessions, a_base
from tests.knowledge.importing.files import a_file, own_row

STALE = "được xác nhận lần cuối ngày"
FAQ = {
    "id": "nop-ho",
    "question": "Nhờ người khác nộp hồ sơ thay có được không?",
    "answer": "Được, nếu có giấy ủy quyền.",
    "topic": "one-stop",
    "sources": [{"title": "Quy chế", "as_of": "2026-11-01"}],
}
ROWS = [
    own_row("1.000001", "Cấp lại thẻ hướng dẫn viên", steps="Nộp tại Trung tâm.", data_date="2026-11-01"),
    own_row("1.000002", "Cấp phép khai thác nước ngầm", steps="Nộp tại Sở.", effective_to="2026-12-31"),
]


@pytest.fixture
async def base(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Sessions]:
    async with a_base(sqlite_url) as sessions:
        for number, rows in enumerate((ROWS, [FAQ])):
            file = a_file(tmp_path, rows, f"{number}.jsonl")
            await import_file(sessions, file, publish=True, dry_run=False, now=NOW)
        yield sessions


@asynccontextmanager
async def a_desk(url: str, folder: Path, now: datetime, days: int = 180) -> AsyncIterator[App]:
    settings = Settings(
        database_url=url, index_file=str(folder / "index.npz"), knowledge=KnowledgeSettings(confirm_days=days)
    )
    app = await App.open(settings, lambda: now)
    try:
        yield app
    finally:
        await app.close()


async def ask(app: App, text: str, choice: str | None = None) -> Reply:
    citizen = Citizen("test", "a")
    message = IncomingMessage(id="1", citizen=citizen, text=text, received_at=app.now(), choice=choice)
    return await app.traceless_dispatch().answer(message)


async def test_old_data_is_answered_with_a_caution(base: Sessions, sqlite_url: str, tmp_path: Path) -> None:
    for days, said in ((30, False), (200, True)):
        async with a_desk(sqlite_url, tmp_path, NOW + timedelta(days=days)) as app:
            replies = [await ask(app, "mã 1.000001 làm thế nào"), await ask(app, "Nộp thay", "q:nop-ho")]
            assert [reply.refs[0] for reply in replies] == ["1.000001", "faq:nop-ho"]
            assert [STALE in reply.as_text() for reply in replies] == [said, said]
    async with a_desk(sqlite_url, tmp_path, NOW + timedelta(days=200), days=0) as app:
        assert STALE not in (await ask(app, "mã 1.000001 làm thế nào")).as_text()


async def test_confirmed_data_is_fresh_and_says_so(base: Sessions, sqlite_url: str, tmp_path: Path) -> None:
    later = NOW + timedelta(days=200)
    async with base() as session, session.begin():
        await claim(session)
        rows = await confirming.due(session, Kind.PROCEDURE, {"1.000001": later.date() - timedelta(days=5)})
        await confirming.write_down(session, rows)

    async with a_desk(sqlite_url, tmp_path, later) as app:
        said = (await ask(app, "mã 1.000001 làm thế nào")).as_text()

    assert STALE not in said
    assert "dữ liệu 06/2027" in said


async def test_what_has_ended_stops_answering(base: Sessions, sqlite_url: str, tmp_path: Path) -> None:
    async with a_desk(sqlite_url, tmp_path, NOW) as app:
        assert (await ask(app, "mã 1.000002 làm thế nào")).refs[:1] == ("1.000002",)
    async with a_desk(sqlite_url, tmp_path, datetime(2027, 1, 1, 3, tzinfo=NOW.tzinfo)) as app:
        assert "1.000002" not in (await ask(app, "mã 1.000002 làm thế nào")).refs


async def test_an_old_code_leads_to_the_new_one(base: Sessions, sqlite_url: str, tmp_path: Path) -> None:
    async with base() as session, session.begin():
        await set_code_alias(session, "9.999999", "1.000001", by="thử", now=NOW)

    async with a_desk(sqlite_url, tmp_path, NOW) as app:
        assert (await ask(app, "mã 9.999999 làm thế nào")).refs[:1] == ("1.000001",)
