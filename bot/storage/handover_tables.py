"""Tables of the talks between citizens and the office's people: who waits, what is said, and ready-made words."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from bot.storage.tables import metadata
from knowledge.tables import Moment

UNDER_WAY = text("state IN ('waiting', 'taken')")
OURS = text("message_id != ''")
UNSENT = text("delivery IN ('queued', 'sending')")

handover = Table(
    "handover",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("citizen", String(200), nullable=False),
    Column("state", String(10), nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("urgent", Boolean, nullable=False, default=False),
    Column("unit", String(100), nullable=False, default=""),
    Column("taken_by", String(40), nullable=False, default=""),
    Column("opened_at", Moment, nullable=False),
    Column("taken_at", Moment),
    Column("told_at", Moment, nullable=False),
    Column("heard_at", Moment, nullable=False),
    Column("said_at", Moment),
    Column("active_at", Moment, nullable=False, index=True),
    Column("ended_at", Moment),
    Column("ended_by", String(10), nullable=False, default=""),
    Index(
        "uq_handover_under_way",
        "channel",
        "citizen",
        unique=True,
        postgresql_where=UNDER_WAY,
        sqlite_where=UNDER_WAY,
    ),
)
"""One row per talk. asked: for a person, not only a photo sent; unit: whose work it is, "" = anybody's; told_at: when
the citizen was last told that they wait; heard_at, said_at: the citizen's and the staff's last word; active_at: the
later of both."""

handover_line = Table(
    "handover_line",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("handover_id", ForeignKey("handover.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", String(100), nullable=False, default=""),
    Column("speaker", String(10), nullable=False),
    Column("by", String(40), nullable=False, default=""),
    Column("body", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("delivery", String(12), nullable=False, default=""),
    Column("reason", String(60), nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("not_before", Moment),
    Index("ix_handover_line_order", "handover_id", "id"),
    Index(
        "uq_handover_line_message",
        "handover_id",
        "message_id",
        unique=True,
        postgresql_where=OURS,
        sqlite_where=OURS,
    ),
    Index("ix_handover_line_unsent", "id", postgresql_where=UNSENT, sqlite_where=UNSENT),
)
"""What was said in a talk. message_id: of the citizen's message, so that none is noted twice; body: personal numbers
masked, in what staff write once it is sent; delivery: "" for what is not to be sent; not_before: the next try, or the
end of the one under way."""

handover_template = Table(
    "handover_template",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", String(100), nullable=False),
    Column("body", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", String(40), nullable=False),
    UniqueConstraint("title"),
)
"""Ready-made words that staff put into an answer."""
