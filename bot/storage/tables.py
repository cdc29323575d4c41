"""Tables of the running service: what comes in, conversations, answers, keys of the JSON API, what citizens teach."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("citizen", String(200), nullable=False),
    Column("state", Text, nullable=False, default="{}"),
    Column("updated_at", DateTime(timezone=True), nullable=False, index=True),
    UniqueConstraint("channel", "citizen"),
)

line = Table(
    "conversation_line",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("speaker", String(10), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_conversation_line_order", "conversation_id", "id"),
)
"""body: a citizen's masked text, or a reply as JSON. Lines live as long as retention.conversation_days."""

answer = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("refs", Text, nullable=False),
    Column("versions", Text, nullable=False),
    Column("aspects", String(20), nullable=False),
    Column("choice", String(64), nullable=False, default=""),
    Column("confidence", Float, nullable=False),
    Column("milliseconds", Float, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("engine", String(40), nullable=False),
    Column("text_hash", String(64), nullable=False),
)
"""One row per reply, without any word of the citizen: enough to show again, from the versions, what was said."""

api_key = Table(
    "api_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("key_hash", String(64), nullable=False),
    Column("per_minute", Integer, nullable=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True), nullable=True),
    Column("used_on", Date, nullable=True),
    UniqueConstraint("key_hash"),
)
"""key_hash: SHA-256 (hex) of a random key, which itself is nowhere; rows stay after a key is revoked."""

alias_vote = Table(
    "alias_vote",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("question", String(200), nullable=False),
    Column("wording", String(200), nullable=False),
    Column("ref", String(70), nullable=False),
    Column("verdict", String(10), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    UniqueConstraint("conversation_id", "question", "ref"),
    Index("ix_alias_vote_question", "question", "ref"),
)
"""One citizen's word on what a question means; goes with the conversation. question: folded subject words of the
masked text; wording: the same as it was said."""

alias_decision = Table(
    "alias_decision",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("accepted", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", String(100), nullable=False),
)
"""What staff decided on a suggestion, so that it does not come again. key: SHA-256 of entry and question, no words."""

OPEN = text("state IN ('waiting', 'working')")

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("event_id", String(100), nullable=False),
    Column("conversation", String(200), nullable=False),
    Column("payload", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("sent", Integer, nullable=False, default=0),
    Column("claimed_until", DateTime(timezone=True), nullable=True),
    Column("not_before", DateTime(timezone=True), nullable=True),
    Column("ended_at", DateTime(timezone=True), nullable=True, index=True),
    Column("outcome", String(40), nullable=False, default=""),
    Column("error", String(100), nullable=False, default=""),
    UniqueConstraint("channel", "event_id"),
    Index("ix_inbox_open", "channel", "conversation", "id", postgresql_where=OPEN, sqlite_where=OPEN),
    Index("ix_inbox_order", "id", postgresql_where=OPEN, sqlite_where=OPEN),
)
"""One row per event of a platform. payload: as it came, "" once it has been answered; attempts: how often it was
claimed; sent: how many messages of the answer have arrived."""

subscriber = Table(
    "subscriber",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("citizen", String(200), nullable=False),
    Column("greeted_by", String(100), nullable=False, default=""),
    Column("reachable", Boolean, nullable=False),
    Column("reason", String(40), nullable=False, default=""),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("channel", "citizen"),
)
"""Whom the desk has met on a platform, and whether it may write to them. greeted_by: the id of the message that they
were greeted at, "" = not yet; reason: why they cannot be reached, "" = they can."""

service_state = Table(
    "service_state",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""What is the same for all replicas. "paused": the desk answers with this message only."""

button = Table(
    "button",
    metadata,
    Column("ref", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)
"""Values of buttons too long for a platform, under what it carries instead."""
