"""News items and directives: written or registered by address, published by somebody else, taken down on their day."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.storage.audit import Deed, note
from bot.storage.engine import StorageProblem, make_sessions
from bot.storage.news_tables import news_item, news_picture
from knowledge.store import VIETNAM

MONTHLY_TARGET = 4
"""News items a month that plans of public information ask of an office."""
LONGEST_TITLE, LONGEST_TEXT, LONGEST_LINK = 200, 10_000, 500
OWN_WORK = "Người viết hoặc trình không tự đăng; cần người duyệt khác."
NOT_WAITING = "Tin này không còn ở bước ấy; hãy tải lại trang."
NO_TITLE = f"Tiêu đề có từ 5 đến {LONGEST_TITLE} ký tự."
NO_CONTENT = "Cần nội dung, hoặc đường dẫn tới tin đã đăng trên trang của cơ quan."
TOO_LONG = "Nội dung dài quá 10.000 ký tự."
BAD_LINK = "Đường dẫn phải bắt đầu bằng https:// hoặc http:// và dài nhất 500 ký tự."
BAD_DAYS = "Ngày hết đăng phải sau ngày bắt đầu."
NO_DESCRIPTION = "Hãy mô tả hình trong một câu, cho người không nhìn thấy hình."


class NewsKind(StrEnum):
    """What an item is."""

    NEWS = "news"
    DIRECTIVE = "directive"


class NewsAudience(StrEnum):
    """For whom an item is written."""

    EVERYONE = "everyone"
    CITIZENS = "citizens"
    BUSINESS = "business"
    OFFICIALS = "officials"


class NewsStatus(StrEnum):
    """Where an item stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


KIND_NAMES = {NewsKind.NEWS: "Tin", NewsKind.DIRECTIVE: "Văn bản chỉ đạo"}
AUDIENCE_NAMES = {
    NewsAudience.EVERYONE: "Mọi người",
    NewsAudience.CITIZENS: "Người dân",
    NewsAudience.BUSINESS: "Doanh nghiệp",
    NewsAudience.OFFICIALS: "Cán bộ, công chức",
}


class NewsProblem(StorageProblem):
    """What was asked for cannot be done; the message is Vietnamese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsText:
    """What is written of an item.

    link: of the item on the department's site; picture: "HASH.png" as it is kept; document: number of a directive.
    """

    kind: NewsKind = NewsKind.NEWS
    title: str
    text: str = ""
    link: str = ""
    picture: str = ""
    picture_says: str = ""
    field: str = ""
    audience: NewsAudience = NewsAudience.EVERYONE
    unit: str = ""
    document: str = ""
    starts_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem(NewsText):
    """One item."""

    id: int
    status: NewsStatus
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str
    sent_by: str
    published_at: datetime | None
    published_by: str


@dataclass(frozen=True, slots=True)
class Passage:
    """What is passed on of an item, for example by a campaign. link: where all of it is read, "/…" on our own site."""

    title: str
    text: str
    link: str


class StoredNews:
    """The items. Every change is recorded in the same transaction; `by` is whose deed it is (actor, place)."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    async def add(self, written: NewsText, *, by: Deed, now: datetime) -> int:
        """Writes a draft; returns its id. Raises NewsProblem."""
        _check(written)
        values = {**asdict(written), "status": NewsStatus.DRAFT, "created_at": now, "created_by": by.actor}
        values |= {"changed_at": now, "changed_by": by.actor}
        async with self._sessions.begin() as session:
            made: int = (await session.execute(insert(news_item).values(values).returning(news_item.c.id))).scalar_one()
            await note(session, replace(by, subject=f"news:{made}"), now)
        return made

    async def change(self, known: NewsItem, written: NewsText, *, by: Deed, now: datetime) -> None:
        """Writes a draft anew. Raises NewsProblem."""
        _check(written)
        values = {**asdict(written), "changed_at": now, "changed_by": by.actor}
        await self._move(known.id, (NewsStatus.DRAFT,), values, by, now)

    async def send(self, known: NewsItem, *, by: Deed, now: datetime) -> None:
        """Hands a draft to the approver. Raises NewsProblem."""
        values = {"status": NewsStatus.IN_REVIEW, "sent_by": by.actor}
        await self._move(known.id, (NewsStatus.DRAFT,), values, by, now)

    async def give_back(self, known: NewsItem, *, by: Deed, now: datetime) -> None:
        """Gives an item back to its author, also one that was taken down. Raises NewsProblem."""
        values = {"status": NewsStatus.DRAFT, "sent_by": ""}
        await self._move(known.id, (NewsStatus.IN_REVIEW, NewsStatus.WITHDRAWN), values, by, now)

    async def publish(self, known: NewsItem, *, by: Deed, now: datetime) -> None:
        """Publishes an item that somebody else has written. Raises NewsProblem."""
        values = {"status": NewsStatus.PUBLISHED, "published_at": now, "published_by": by.actor}
        others = and_(
            news_item.c.created_by != by.actor, news_item.c.changed_by != by.actor, news_item.c.sent_by != by.actor
        )
        if by.actor in (known.created_by, known.changed_by, known.sent_by):
            raise NewsProblem(OWN_WORK)
        await self._move(known.id, (NewsStatus.IN_REVIEW,), values, by, now, others)

    async def withdraw(self, known: NewsItem, *, by: Deed, now: datetime) -> None:
        """Takes an item down. Raises NewsProblem."""
        await self._move(known.id, (NewsStatus.PUBLISHED,), {"status": NewsStatus.WITHDRAWN}, by, now)

    async def get(self, number: int) -> NewsItem | None:
        """One item, whatever its state."""
        async with self._sessions() as session:
            row = (await session.execute(select(news_item).where(news_item.c.id == number))).mappings().one_or_none()
        return _item(row) if row else None

    async def all(self, status: NewsStatus | None = None, *, limit: int, offset: int = 0) -> tuple[list[NewsItem], int]:
        """Items of a state (None = of every), the newest first, and how many there are."""
        wanted = [news_item.c.status == status] if status else []
        query = select(news_item).where(*wanted).order_by(news_item.c.id.desc()).limit(limit).offset(offset)
        async with self._sessions() as session:
            rows = (await session.execute(query)).mappings().all()
            total = await session.scalar(select(func.count()).select_from(news_item).where(*wanted))
        return [_item(row) for row in rows], total or 0

    async def waiting(self) -> int:
        """How many wait for an approver."""
        query = select(func.count()).where(news_item.c.status == NewsStatus.IN_REVIEW)
        async with self._sessions() as session:
            return await session.scalar(query) or 0

    async def public(self, today: date, *, limit: int, offset: int = 0) -> tuple[list[NewsItem], int]:
        """What is on the public page on a day, the newest first, and how many there are."""
        query = select(news_item).where(_shown(today))
        order = (news_item.c.published_at.desc(), news_item.c.id.desc())
        async with self._sessions() as session:
            rows = (await session.execute(query.order_by(*order).limit(limit).offset(offset))).mappings().all()
            total = await session.scalar(select(func.count()).select_from(news_item).where(_shown(today)))
        return [_item(row) for row in rows], total or 0

    async def public_item(self, number: int, today: date) -> NewsItem | None:
        """One item, if it is on the public page on this day."""
        query = select(news_item).where(news_item.c.id == number, _shown(today))
        async with self._sessions() as session:
            row = (await session.execute(query)).mappings().one_or_none()
        return _item(row) if row else None

    async def passage(self, number: int, today: date) -> Passage | None:
        """What a campaign says of an item; None unless it is on the public page on this day."""
        found = await self.public_item(number, today)
        if found is None:
            return None
        return passage_of(found)

    async def counted(self, year: int) -> tuple[list[str], dict[tuple[int, str], int]]:
        """The units that published anything in a year (Viet Nam's), and how many items by month and unit."""
        query = select(news_item.c.published_at, news_item.c.unit).where(
            news_item.c.status == NewsStatus.PUBLISHED,
            news_item.c.published_at >= datetime(year, 1, 1, tzinfo=VIETNAM),
            news_item.c.published_at < datetime(year + 1, 1, 1, tzinfo=VIETNAM),
        )
        found: Counter[tuple[int, str]] = Counter()
        async with self._sessions() as session:
            for at, unit in await session.execute(query):
                found[at.astimezone(VIETNAM).month, unit] += 1
        return sorted({unit for _, unit in found}), dict(found)

    async def between(self, first: date, last: date) -> int:
        """How many items were published on these days (Viet Nam's), both included."""
        query = select(func.count()).where(
            news_item.c.status == NewsStatus.PUBLISHED,
            news_item.c.published_at >= datetime.combine(first, time.min, VIETNAM),
            news_item.c.published_at < datetime.combine(last + timedelta(days=1), time.min, VIETNAM),
        )
        async with self._sessions() as session:
            return await session.scalar(query) or 0

    async def keep_picture(self, sha256: str, type_: str, content: bytes, now: datetime) -> None:
        """Keeps a picture; one that is there already stays."""
        row = self._insert(news_picture).values(sha256=sha256, type=type_, content=content, created_at=now)
        async with self._sessions.begin() as session:
            await session.execute(row.on_conflict_do_nothing(index_elements=["sha256"]))

    async def picture(self, sha256: str) -> tuple[str, bytes] | None:
        """Type ("png", "jpeg", "webp") and content of a picture."""
        query = select(news_picture.c.type, news_picture.c.content).where(news_picture.c.sha256 == sha256)
        async with self._sessions() as session:
            row = (await session.execute(query)).one_or_none()
        return (row.type, row.content) if row else None

    async def _move(
        self,
        number: int,
        states: Sequence[NewsStatus],
        values: Mapping[str, Any],
        by: Deed,
        now: datetime,
        condition: ColumnElement[bool] | None = None,
    ) -> None:
        conditions = [] if condition is None else [condition]
        async with self._sessions.begin() as session:
            await _moved(session, number, states, values, conditions)
            await note(session, replace(by, subject=f"news:{number}"), now)


async def _moved(
    session: AsyncSession,
    number: int,
    states: Sequence[NewsStatus],
    values: Mapping[str, Any],
    conditions: Sequence[ColumnElement[bool]],
) -> None:
    moved = await session.execute(
        update(news_item)
        .where(news_item.c.id == number, news_item.c.status.in_(states), *conditions)
        .values(values)
        .returning(news_item.c.id)
    )
    if moved.one_or_none() is None:
        raise NewsProblem(NOT_WAITING)


def passage_of(item: NewsItem) -> Passage:
    """What is passed on of an item."""
    return Passage(item.title, shortened(item.text), item.link or f"/tin-tuc/{item.id}")


def shortened(text: str, most: int = 300) -> str:
    """The beginning of a text, ended at a word."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _shown(today: date) -> ColumnElement[bool]:
    return and_(
        news_item.c.status == NewsStatus.PUBLISHED,
        or_(news_item.c.starts_on.is_(None), news_item.c.starts_on <= today),
        or_(news_item.c.expires_on.is_(None), news_item.c.expires_on >= today),
    )


def _check(written: NewsText) -> None:
    """Raises NewsProblem for what cannot be published."""
    if not 5 <= len(written.title) <= LONGEST_TITLE:
        raise NewsProblem(NO_TITLE)
    if len(written.text) > LONGEST_TEXT:
        raise NewsProblem(TOO_LONG)
    if written.link and not _is_link(written.link):
        raise NewsProblem(BAD_LINK)
    if not written.text and not written.link:
        raise NewsProblem(NO_CONTENT)
    if written.picture and not written.picture_says:
        raise NewsProblem(NO_DESCRIPTION)
    if written.starts_on and written.expires_on and written.expires_on < written.starts_on:
        raise NewsProblem(BAD_DAYS)


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    plain = len(link) <= LONGEST_LINK and not re.search(r"[\s\"'<>\\^`{}|\x00-\x1f]", link)
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username


def _item(row: Mapping[Any, Any]) -> NewsItem:
    kept = {name: row[name] for name in NewsItem.__dataclass_fields__}
    kept |= {
        "kind": NewsKind(row["kind"]),
        "audience": NewsAudience(row["audience"]),
        "status": NewsStatus(row["status"]),
    }
    return NewsItem(**kept)
