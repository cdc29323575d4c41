"""What every page of the staff desk may use, put together once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from bot.staff.campaigning import Campaigning
from bot.staff.passwords import Passwords
from bot.staff.shown import SHOWN
from bot.storage.audit import StoredAudit
from bot.storage.engine import make_sessions
from bot.storage.staff import StoredAccounts
from bot.storage.staff_attempts import StoredAttempts
from bot.storage.staff_sessions import Lasting, StoredStaffSessions
from bot.web.frame import Frame
from knowledge.base import KnowledgeBase
from knowledge.entries import OfficeProfile

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The desk's own things.

    base: what is published now; sessions: of the database; signed_in: of people; secure_cookies: the site is reached
    by https even where a request does not say so; campaigning: what campaigns need of the channels.
    """

    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    base: Callable[[], KnowledgeBase]
    profile: OfficeProfile
    now: Callable[[], datetime]
    frame: Frame
    accounts: StoredAccounts
    signed_in: StoredStaffSessions
    attempts: StoredAttempts
    audit: StoredAudit
    passwords: Passwords
    secure_cookies: bool = False
    campaigning: Campaigning = Campaigning()  # noqa: RUF009 - frozen


def make_room(
    engine: AsyncEngine,
    base: Callable[[], KnowledgeBase],
    profile: OfficeProfile,
    now: Callable[[], datetime],
    *,
    lasting: Lasting = Lasting(),  # noqa: B008 - frozen
    secure_cookies: bool = False,
    hasher: PasswordHasher | None = None,
    campaigning: Campaigning = Campaigning(),  # noqa: B008 - frozen
) -> Room:
    """Everything over one database. hasher: how passwords are hashed, None = as strong as is advised today."""
    return Room(
        engine=engine,
        sessions=make_sessions(engine),
        base=base,
        profile=profile,
        now=now,
        frame=Frame(profile, TEMPLATES, SHOWN),
        accounts=StoredAccounts(engine),
        signed_in=StoredStaffSessions(engine, lasting),
        attempts=StoredAttempts(engine),
        audit=StoredAudit(engine),
        passwords=Passwords(hasher or PasswordHasher()),
        secure_cookies=secure_cookies,
        campaigning=campaigning,
    )
