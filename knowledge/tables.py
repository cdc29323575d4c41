"""The tables of the knowledge base: entries with their versions, what the office adds, and one revision number."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """An aware moment. Kept as UTC, because SQLite drops the zone; comes back aware on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Kind(StrEnum):
    """What an entry is. OVERLAY and PHRASES: what the office adds to a procedure, as it is written and approved; what
    answers stands in tables of its own."""

    PROCEDURE = "procedure"
    FAQ = "faq"
    OFFICE = "office"
    LEGAL_DOCUMENT = "legal_document"
    OVERLAY = "overlay"
    PHRASES = "phrases"


class Status(StrEnum):
    """Where a version stands. Only PUBLISHED answers, and only on the days of its effective dates."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    EXPIRED = "expired"
    REPLACED = "replaced"


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

entry = Table(
    "entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("code", String(60), nullable=False),
    UniqueConstraint("kind", "code"),
)
"""code: a procedure's code, a FAQ's or office's id, a legal document's number."""

version = Table(
    "version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", ForeignKey("entry.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("effective_from", Date),
    Column("effective_to", Date),
    Column("body", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("review_reasons", Text, nullable=False, default="[]"),
    Column("decision", String(200), nullable=False, default=""),
    Column("source", String(300), nullable=False, default=""),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("published_at", Moment),
    Column("closed_at", Moment),
    UniqueConstraint("entry_id", "number"),
    Index("ix_version_status", "status"),
    Index("ix_version_effective_to", "effective_to"),
)
"""body: the entry as JSON (knowledge.serialising). published_at to closed_at: the moments between which it could
answer; effective_from to effective_to: the days, both included, on which it is law, NULL = no bound.
review_reasons: JSON list of Vietnamese sentences."""

code_alias = Table(
    "code_alias",
    metadata,
    Column("old_code", String(60), primary_key=True),
    Column("new_code", String(60), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(100), nullable=False),
)

overlay = Table(
    "overlay",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(60), nullable=False),
    Column("number", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("effective_from", Date),
    UniqueConstraint("code", "number"),
)
"""What the office adds to a procedure; of those that have begun the one that began last counts, the others are its
history. effective_from: the day on which it begins, NULL = on that of its writing."""

alias = Table(
    "alias",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ref", String(70), nullable=False),
    Column("phrase", String(200), nullable=False),
    Column("ambiguous", Boolean, nullable=False, default=False),
    Column("origin", String(100), nullable=False, default=""),
    UniqueConstraint("ref", "phrase"),
)
"""Everyday words that staff have taught the desk. ref: a procedure's code or "faq:ID"."""

knowledge_state = Table(
    "knowledge_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
)
"""One row, id 1. The revision goes up with every change of what is published."""

import_run = Table(
    "import_run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("source", String(300), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("published", Boolean, nullable=False),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
)

confirmation = Table(
    "confirmation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("code", String(60), nullable=False),
    Column("day", Date, nullable=False),
    UniqueConstraint("kind", "code", "day"),
)
"""Days on which a source still said what is published; never changed, so that an answer can be shown again."""

portal_item = Table(
    "portal_item",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("code", String(60), nullable=False),
    Column("mark", String(60), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("mapping", Integer, nullable=False),
    Column("read_at", Moment, nullable=False),
)
"""What was last read of each procedure of the national portal. id: the portal's own; mark: what its list said then."""

portal_run = Table(
    "portal_run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("started_at", Moment, nullable=False, index=True),
    Column("finished_at", Moment),
    Column("trigger", String(10), nullable=False),
    Column("scope", String(300), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("listed", Integer, nullable=False, default=0),
    Column("read", Integer, nullable=False, default=0),
    Column("new", Integer, nullable=False, default=0),
    Column("changed", Integer, nullable=False, default=0),
    Column("unchanged", Integer, nullable=False, default=0),
    Column("refused", Integer, nullable=False, default=0),
    Column("error", String(500), nullable=False, default=""),
)
"""Readings of the national portal, and the days on which the nightly one was switched on or off."""

form_file = Table(
    "form_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(60), nullable=False),
    Column("url_hash", String(64), nullable=False),
    Column("url", Text, nullable=False),
    Column("name", String(300), nullable=False),
    Column("path", String(200), nullable=False, default=""),
    Column("sha256", String(64), nullable=False, default=""),
    Column("size", Integer, nullable=False, default=0),
    Column("type", String(10), nullable=False, default=""),
    Column("outcome", String(10), nullable=False),
    Column("reason", String(500), nullable=False, default=""),
    Column("fetched_at", Moment, nullable=False),
    UniqueConstraint("code", "url_hash"),
)
"""Local copies of form files. url_hash: SHA-256 of the address, which is too long for an index; path: below the
folder of forms, "" where the file was refused."""
