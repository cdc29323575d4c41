"""Tables of the warnings about the knowledge: what the nightly look found, what was set aside, links looked at."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from bot.storage.tables import metadata
from knowledge.tables import Moment

warning = Table(
    "warning",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("subject", String(70), nullable=False),
    Column("version", Integer),
    Column("other", String(70), nullable=False, default=""),
    Column("other_version", Integer),
    Column("detail", Text, nullable=False, default=""),
    Column("weight", Integer, nullable=False, default=0),
    Column("found_at", Moment, nullable=False),
    Column("key", String(64), nullable=False),
    Index("ix_warning_order", "kind", "weight", "subject"),
)
"""subject, other: a procedure's code or "faq:ID"; version: the one that was looked at, so that a warning goes when the
entry changes. weight: the heavier is shown first; key: as in warning_silence."""

warning_silence = Table(
    "warning_silence",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("until", Moment),
    Column("by", String(100), nullable=False),
)
"""What somebody has looked at and left as it is. key: SHA-256 of kind, subject, other; until: NULL = for good."""

link_look = Table(
    "link_look",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url_hash", String(64), nullable=False),
    Column("url", Text, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("reason", String(100), nullable=False, default=""),
    Column("refs", Text, nullable=False, default=""),
    Column("failures", Integer, nullable=False, default=0),
    Column("looked_at", Moment, nullable=False, index=True),
    UniqueConstraint("url_hash"),
)
"""Addresses that entries name. outcome: good, dead, away (the server did not answer), unfit (not to be visited);
failures: looks in a row without success; refs: entries that name it, parted by blanks."""
