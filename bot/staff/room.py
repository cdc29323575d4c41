"""What every page of the staff desk may use, put together once."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from bot.campaigns.plans.calendar import NewsCount
from bot.channel_states import ChannelWatch
from bot.handover import Handovers
from bot.handover.post import Post
from bot.staff.campaigning import Campaigning
from bot.staff.passwords import Passwords
from bot.staff.shown import SHOWN
from bot.storage.audit import StoredAudit
from bot.storage.engine import make_sessions
from bot.storage.staff import StoredAccounts
from bot.storage.staff_attempts import StoredAttempts
from bot.storage.staff_sessions import Lasting, StoredStaffSessions
from bot.storage.suggestions import StoredSuggestions
from bot.web.frame import Frame
from handlers.messages import Citizen, Reply
from knowledge.base import KnowledgeBase
from knowledge.entries import OfficeProfile

Send = Callable[[Citizen, Reply], Awaitable[None]]
"""Writes to a citizen; raises what `bot.channels.Channel.send` does."""
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class TalkRoom:
    """Talks with citizens, and the way their answers go."""

    handovers: Handovers
    post: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The desk's own things.

    base: what is published now; sessions: of the database; signed_in: of people; secure_cookies: the site is reached
    by https even where a request does not say so; channels: how citizens are written to, by the channel's name;
    agreement: citizens who have to agree on a word before staff are asked, 0 = nobody is asked; news: counts what was
    published on some days, None = nobody does; talks: None = citizens are not handed over; watch: None = the chat
    channels are not known here; campaigning: what campaigns need of the channels.
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
    suggestions: StoredSuggestions
    secure_cookies: bool = False
    channels: Mapping[str, Send] = field(default_factory=dict)
    agreement: int = 0
    news: NewsCount | None = None
    talks: TalkRoom | None = None
    watch: ChannelWatch | None = None
    campaigning: Campaigning = Campaigning()  # noqa: RUF009 - frozen


def make_room(
    engine: AsyncEngine,
    base: Callable[[], KnowledgeBase],
    profile: OfficeProfile,
    now: Callable[[], datetime],
    *,
    lasting: Lasting = Lasting(),  # noqa: B008 - frozen
    secure_cookies: bool = False,
    talks: TalkRoom | None = None,
    watch: ChannelWatch | None = None,
    hasher: PasswordHasher | None = None,
    channels: Mapping[str, Send] | None = None,
    agreement: int = 0,
    news: NewsCount | None = None,
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
        suggestions=StoredSuggestions(engine, lambda question: base().worded(question)),
        secure_cookies=secure_cookies,
        channels=channels or {},
        agreement=agreement,
        news=news,
        talks=talks,
        watch=watch,
        campaigning=campaigning,
    )
