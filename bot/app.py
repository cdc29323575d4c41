"""The only place where everything is put together."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.campaigns.choosing import Reach
from bot.campaigns.plans.reminding import REMIND_SECONDS, Reminders
from bot.campaigns.plans.reminding import Rules as ReminderRules
from bot.campaigns.runs import StoredRuns
from bot.channel_states import ChannelWatch
from bot.clock import Clock
from bot.collecting import set_aside
from bot.config import Settings
from bot.dispatch import Base, Conversations, Dispatch, Lessons, Records, Shortcomings
from bot.handover import Handovers
from bot.handover.post import Post
from bot.mail import Smtp
from bot.moment import VIETNAM, utc_now
from bot.sending import Outgoing
from bot.storage.answers import StoredAnswers
from bot.storage.buttons import StoredButtons
from bot.storage.conversations import StoredConversations
from bot.storage.engine import make_engine, make_sessions
from bot.storage.figures import StoredFigures
from bot.storage.handover_post import StoredPost
from bot.storage.handovers import StoredHandovers
from bot.storage.inbox import StoredInbox
from bot.storage.memory import MemoryConversations, NoRecords
from bot.storage.service_state import StoredSends
from bot.storage.staff_attempts import StoredAttempts
from bot.storage.staff_sessions import Lasting, StoredStaffSessions
from bot.storage.suggestions import StoredSuggestions
from bot.storage.unanswered import StoredUnanswered
from bot.storage.unanswered_groups import StoredGroups
from bot.tending import TEND_SECONDS, Tending
from bot.upkeep import DROP_SECONDS, PORTAL_SECONDS, Upkeep
from handlers.messages import Citizen, IncomingMessage, People, Subscriptions
from knowledge import text
from knowledge.base import KnowledgeBase
from knowledge.opening import OfficeHours, hours_of
from knowledge.store import load_publication, published_revision
from knowledge.workdays import Workdays

REFRESH_SECONDS = 5
GATHER_SECONDS = 30
POST_SECONDS = 5
TALKS_SECONDS = 30
FIGURES_SECONDS = 60
WATCH_SECONDS = 120
PURGE_AT = (2, 30)
MOST_ASKED_WITHIN = timedelta(days=30)
FIRST_QUESTIONS = ("Làm khai sinh cho con cần giấy tờ gì, nộp ở đâu?", "le phi dang ky tam tru bao nhieu", "Cảm ơn")
MOST_ASKED_LEAST = 5
"""Answers about a procedure from which on it counts as asked for: a chance is no trend, and no one person is seen."""

log = structlog.get_logger(__name__)


class App:
    """The desk put together over one database: the published base in memory, dispatch, and the nightly work."""

    def __init__(
        self, settings: Settings, engine: AsyncEngine, base: KnowledgeBase, now: Callable[[], datetime]
    ) -> None:
        self.settings = settings
        self.engine = engine
        self.now = now
        self._base = base
        self._on = _today(now())
        self.conversations = StoredConversations(engine)
        self.answers = StoredAnswers(engine)
        self.suggestions = StoredSuggestions(engine, lambda question: self._base.worded(question))
        self.unanswered = StoredUnanswered(engine)
        self.inbox = StoredInbox(engine)
        self.buttons = StoredButtons(engine)
        self.upkeep = Upkeep(settings.portal, engine, now)
        self.tending = Tending(settings.portal, engine, lambda: self._base, now, links=settings.knowledge.check_links)
        self.outgoing = Outgoing(StoredSends(engine), now)
        self.watch = ChannelWatch(lambda: self.outgoing.channels, self.inbox, StoredSends(engine))
        self.figures = StoredFigures(engine)
        self.talks = StoredHandovers(engine)
        self.post = Post(StoredPost(engine), self.outgoing.send, now)
        self.handovers = self._handovers() if settings.hands_over else None

    def _handovers(self) -> Handovers:
        idle = timedelta(minutes=self.settings.handover.idle_minutes)
        return Handovers(self.talks, self.office_hours, self.outgoing.reaches, idle)

    def office_hours(self) -> OfficeHours:
        """The office's hours as they are published now."""
        profile = self._base.profile
        workdays = Workdays(profile.days_off, profile.working_days, profile.announced_until)
        return hours_of(profile, self._base.offices(), workdays)

    @classmethod
    async def open(cls, settings: Settings, now: Callable[[], datetime] = utc_now) -> "App":
        """Loads what is published today; the database must be at the newest migration."""
        engine = make_engine(settings.database_url)
        try:
            base = await _load(settings, engine, _today(now()))
        except BaseException:
            await engine.dispose()
            raise
        await asyncio.to_thread(text.warm_up)
        return cls(settings, engine, base, now)

    async def close(self) -> None:
        """Breaks off the upkeep and gives the database connections back."""
        await self.post.stop()
        await self.upkeep.stop()
        await self.tending.stop()
        await self.engine.dispose()

    @property
    def base(self) -> KnowledgeBase:
        """The published base in force now."""
        return self._base

    def dispatch(self, subscriptions: Subscriptions | None = None) -> Dispatch:
        """The way of one message, kept and recorded in the database. subscriptions: None = nobody can subscribe."""
        lessons = self.suggestions if self.settings.learning.agreement else None
        return self._dispatch(self.conversations, self.answers, lessons, self.unanswered, self.handovers, subscriptions)

    def traceless_dispatch(self, conversations: MemoryConversations | None = None) -> Dispatch:
        """The same way, leaving no trace in the database; conversations: to look into them afterwards."""
        return self._dispatch(conversations or MemoryConversations(), NoRecords())

    async def warm(self) -> None:
        """Answers a few questions without a trace, so that the first citizen does not wait for what is loaded late."""
        dispatch = self.traceless_dispatch()
        for number, question in enumerate(FIRST_QUESTIONS):
            citizen = Citizen("warm-up", "0")
            await dispatch.answer(
                IncomingMessage(id=str(number), citizen=citizen, text=question, received_at=self.now())
            )

    def _dispatch(
        self,
        conversations: Conversations,
        records: Records,
        lessons: Lessons | None = None,
        shortcomings: Shortcomings | None = None,
        people: People | None = None,
        subscriptions: Subscriptions | None = None,
    ) -> Dispatch:
        return Dispatch(
            self._current,
            conversations,
            records,
            self.now,
            lessons=lessons,
            shortcomings=shortcomings,
            people=people,
            subscriptions=subscriptions,
        )

    def _current(self) -> Base:
        return self._base

    async def _mind_talks(self) -> None:
        if self.handovers is not None and await self.handovers.tick(self.now()):
            await self.post.deliver()

    async def refresh(self) -> bool:
        """Loads the base again when a published revision or the day has changed; True when it did."""
        on = _today(self.now())
        async with make_sessions(self.engine)() as session:
            revision = await published_revision(session)
        if revision == self._base.revision and on == self._on:
            return False
        self._base = await _load(self.settings, self.engine, on)
        self._on = on
        set_aside()
        log.info("knowledge loaded", revision=revision, on=on.isoformat())
        return True

    async def ready(self) -> bool:
        """True while the database answers."""
        try:
            async with make_sessions(self.engine)() as session:
                await published_revision(session)
        except DBAPIError:
            return False
        return True

    async def most_asked(self, limit: int) -> list[str]:
        """Codes of the procedures asked most in the last 30 days; none while too few have been asked."""
        try:
            return await self.answers.most_asked(self.now() - MOST_ASKED_WITHIN, limit, MOST_ASKED_LEAST)
        except DBAPIError:
            log.warning("answers cannot be counted")
            return []

    async def purge(self) -> None:
        """Deletes what has been kept for longer than the retention times."""
        now, kept = self.now(), self.settings.retention
        conversations = await self.conversations.purge(now - timedelta(days=kept.conversation_days))
        answers = await self.answers.purge(now - timedelta(days=kept.answer_days))
        lessons = await self.suggestions.purge(now - timedelta(days=kept.conversation_days))
        questions = await self.unanswered.purge(now - timedelta(days=kept.conversation_days))
        events = await self.inbox.purge(now - timedelta(days=kept.conversation_days))
        buttons = await self.buttons.purge(now - timedelta(days=kept.answer_days))
        await StoredRuns(self.engine, Reach()).purge(now - timedelta(days=kept.answer_days))
        await StoredStaffSessions(self.engine, self.staff_lasting).purge(now)
        await StoredAttempts(self.engine).purge(now)
        await self.figures.purge(_today(now - timedelta(days=kept.answer_days)))
        await self.talks.purge(now - timedelta(days=kept.conversation_days))
        log.info(
            "purged",
            conversations=conversations,
            answers=answers,
            lessons=lessons,
            questions=questions,
            events=events,
            buttons=buttons,
        )

    async def gather(self) -> None:
        """Puts questions that were answered badly into groups, for staff to settle."""
        try:
            await StoredGroups(self.engine).gather(self.now(), self._base.worded)
        except DBAPIError:
            log.warning("unanswered questions cannot be grouped")

    @property
    def staff_lasting(self) -> Lasting:
        """How long people stay signed in at the staff desk."""
        staff = self.settings.staff
        return Lasting(timedelta(minutes=staff.idle_minutes), timedelta(hours=staff.session_hours))

    def clock(self) -> Clock:
        """The ticks of this desk, not yet started."""
        clock = Clock()
        clock.every(REFRESH_SECONDS, self.refresh, "refresh")
        clock.daily(*PURGE_AT, self.purge, "purge")
        clock.every(GATHER_SECONDS, self.gather, "unanswered questions")
        clock.every(PORTAL_SECONDS, self.upkeep.read_portal, "portal")
        clock.every(TEND_SECONDS, self.tending.nightly, "tending")
        clock.every(FIGURES_SECONDS, self.figures.keep_up, "figures")
        clock.every(WATCH_SECONDS, self.watch.look, "channels")
        if self.handovers is not None:
            clock.every(POST_SECONDS, self.post.deliver, "talks sent")
            clock.every(TALKS_SECONDS, self._mind_talks, "talks")
        if self.settings.portal.drop_folder:
            clock.every(DROP_SECONDS, self.upkeep.take_in, "drop folder")
        if self.settings.mail.host:
            clock.every(REMIND_SECONDS, self.reminders().run, "reminders")
        return clock

    def reminders(self) -> Reminders:
        """Letters about overdue tasks of the plans; they need a mail server."""
        mail, plans, calendar = self.settings.mail, self.settings.plans, self.settings.calendar
        password = mail.password.get_secret_value()
        smtp = Smtp(**mail.model_dump(), password=password)
        rules = ReminderRules(
            every_days=plans.remind_every_days,
            from_hour=plans.remind_hour,
            address=self.settings.web.address,
            office=self.settings.office.name,
        )
        workdays = Workdays(calendar.days_off, calendar.working_days, calendar.announced_until)
        return Reminders(self.engine, smtp.send, self.now, rules, workdays.is_working)


def _today(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()


async def prepare_index(settings: Settings) -> None:
    """Builds and stores the search index of what is published today, so that the service starts with it."""
    engine = make_engine(settings.database_url)
    try:
        await _load(settings, engine, _today(utc_now()))
    finally:
        await engine.dispose()


async def _load(settings: Settings, engine: AsyncEngine, on: date) -> KnowledgeBase:
    async with make_sessions(engine)() as session:
        publication = await load_publication(session, on)
    return await asyncio.to_thread(KnowledgeBase.build, publication, settings.profile(), Path(settings.index_file))
