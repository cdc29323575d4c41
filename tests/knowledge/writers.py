"""Something published for tests that write and approve, and short ways to do both."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.approving import approve
from knowledge.drafting import save_draft, send_in
from knowledge.entries import Faq, Procedure
from knowledge.importing.harvest import proposal_of
from knowledge.revising import carry_out, claim, plan, raise_revision
from knowledge.serialising import Entry, Written
from knowledge.store import Kind, calendar_day
from knowledge.versions import own_draft, published
from tests.knowledge.databases import NOW, Sessions

FEES = Faq(id="phi-ho-so", question="Nộp hồ sơ có mất phí không?", answer="Phí 20.000 đồng.", topic="phi")
BIRTH = Procedure(code="1.001193", name="Đăng ký khai sinh", field="Hộ tịch", steps="Bước 1: Nộp hồ sơ.")
AN, BINH, CHI = "an", "binh", "chi"


async def publish(sessions: Sessions, kind: Kind, *entries: Entry, by: str = "import", draft: bool = False) -> None:
    """Puts entries in force as an import does, or leaves them as its drafts."""
    proposals = [proposal_of(getattr(one, "id", "") or getattr(one, "code", ""), one) for one in entries]
    async with sessions.begin() as session:
        await claim(session)
        made = await plan(session, kind, proposals, publish=not draft)
        if await carry_out(session, made, source="file.xlsx", by=by, now=NOW):
            await raise_revision(session)


async def write(
    session: AsyncSession, kind: Kind, code: str, shall: Written, *, by: str = AN, on: date | None = None
) -> int:
    """Saves a draft upon whatever there is."""
    draft, base = await own_draft(session, kind, code), await published(session, kind, code, calendar_day(NOW))
    return await save_draft(
        session,
        kind,
        shall,
        by=by,
        why="sửa",
        now=NOW,
        seen_draft=draft.stored.number if draft else 0,
        seen_base=base.number,
        publish_on=on,
    )


async def settle(
    sessions: Sessions, kind: Kind, code: str, shall: Written, *, on: date | None = None, now: datetime = NOW
) -> int:
    """An wrote it, Binh approves it."""
    async with sessions.begin() as session:
        number = await write(session, kind, code, shall)
        await send_in(session, kind, code, number, by=AN, now=now)
        await approve(session, kind, code, number, by=BINH, now=now, on=on)
    return number
