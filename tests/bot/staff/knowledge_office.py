"""A staff desk over a running service with a few entries, whose clock the test sets."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.app import App
from bot.config import Settings
from bot.staff import make_room, make_staff
from bot.storage.engine import make_engine, make_sessions
from bot.storage.schema import upgrade
from handlers.messages import IncomingMessage
from knowledge.entries import Faq, Level, Method, Procedure, Source, SubmissionChannel
from knowledge.tables import Kind
from knowledge.versions import own_draft
from tests.bot.staff.office import Clock, StaffDesk, StaffVisitor, quick_hasher
from tests.fakes import CITIZEN
from tests.knowledge.writers import publish

CARD = Faq(
    id="the-thu-vien",
    question="Làm thẻ thư viện ở đâu?",
    answer="Anh/Chị đến quầy số 3 của Thư viện tỉnh.",
    topic="thu-vien",
    variants=("làm thẻ đọc sách chỗ nào",),
    sources=(Source(title="Nội quy Thư viện", as_of=date(2026, 10, 1)),),
)
ROOM = Procedure(
    code="1.900001",
    name="Đăng ký sử dụng phòng đọc",
    field="Thư viện",
    level=Level.PROVINCE,
    executing_agency="Thư viện tỉnh",
    subjects=("Công dân Việt Nam",),
    methods=(Method(channel=SubmissionChannel.DIRECT, note="Nộp tại quầy."),),
    steps="Bước 1: Điền phiếu.\nBước 2: Nhận thẻ.",
    data_date=date(2026, 10, 1),
)
OTHER = Procedure(code="1.900002", name="Cấp bản sao tài liệu", field="Lưu trữ", level=Level.COMMUNE)
QUESTION = "Làm thẻ thư viện ở đâu?"


@dataclass
class WritingDesk(StaffDesk):
    """A staff desk with the service that answers."""

    service: App = None  # type: ignore[assignment]

    async def asked(self, question: str = QUESTION) -> str:
        """What a citizen is told now."""
        message = IncomingMessage(id="1", citizen=CITIZEN, text=question, received_at=self.clock())
        return (await self.service.traceless_dispatch().answer(message)).as_text()

    async def draft(self, kind: Kind, code: str) -> tuple[int, int]:
        """The number of the draft's row and of its version."""
        async with self.room.sessions() as session:
            told = await own_draft(session, kind, code)
        assert told is not None
        return told.id, told.stored.number


@asynccontextmanager
async def a_writing_desk(folder: Path) -> AsyncIterator[WritingDesk]:
    """The desk at noon of the tests' day over a new SQLite file."""
    url = f"sqlite+aiosqlite:///{folder / 'motcua.db'}"
    await asyncio.to_thread(upgrade, url)
    engine = make_engine(url)
    await publish(make_sessions(engine), Kind.FAQ, CARD)
    await publish(make_sessions(engine), Kind.PROCEDURE, ROOM, OTHER)
    await engine.dispose()
    clock = Clock()
    service = await App.open(Settings(database_url=url, index_file=str(folder / "index.npz")), clock)
    room = make_room(service.engine, lambda: service.base, service.base.profile, clock, hasher=quick_hasher())
    desk = WritingDesk(room, make_staff(room), clock, service=service)
    try:
        yield desk
    finally:
        await desk.close()
        await service.close()


async def numbers(visitor: StaffVisitor, path: str) -> dict[str, str]:
    """The hidden numbers of an editing form, as its page gives them."""
    page = (await visitor.get(path)).text
    return dict(re.findall(r'<input type="hidden" name="(ban_nhap|ban_goc|ban_hien|phan)" value="([^"]*)"', page))
