"""Tables of the campaigns: who agreed to receive what, campaigns, their runs, one row per delivery, and the budget."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.storage.tables import metadata
from knowledge.tables import Moment

follower = Table(
    "follower",
    metadata,
    Column("subscriber_id", ForeignKey("subscriber.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("active", Boolean, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("unit", String(100), nullable=False, default=""),
    Column("province", String(40), nullable=False, default=""),
    Column("commune", String(80), nullable=False, default=""),
    Column("quiet_from", SmallInteger),
    Column("quiet_until", SmallInteger),
    Column("since", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_reason", String(40), nullable=False, default=""),
    Column("ended_by_run", Integer, index=True),
)
"""Who agreed to be written to. kind: bot.campaigns.audience.Kind; unit: of an official; quiet_from, quiet_until: hours
of the Vietnamese day in which they want nothing, NULL = none; ended_by_run: the run whose message made them stop."""

follower_topic = Table(
    "follower_topic",
    metadata,
    Column("subscriber_id", ForeignKey("follower.subscriber_id", ondelete="CASCADE"), primary_key=True),
    Column("topic", String(80), primary_key=True),
    Index("ix_follower_topic_topic", "topic", "subscriber_id"),
)
"""What they chose. topic: a key of bot.campaigns.topics, or "field:" and the name of a field of procedures."""

consent = Table(
    "consent",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("citizen", String(200), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("topics", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Column("said", String(40), nullable=False),
    Column("message_id", String(100), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_consent_citizen", "channel", "citizen", "id"),
)
"""Each yes and each no, only added to. wording: the words that were shown and agreed to; said: what they pressed or
typed; message_id: the platform's own id of that message."""

unit_invitation = Table(
    "unit_invitation",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("unit", String(100), nullable=False),
    Column("email", String(200), nullable=False, default=""),
    Column("created_by", String(40), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    UniqueConstraint("unit"),
)
"""The link or QR code with which the officials of a unit join. email: the unit's official address."""

campaign = Table(
    "campaign",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("texts", Text, nullable=False),
    Column("links", Text, nullable=False),
    Column("procedures", Text, nullable=False),
    Column("file_id", ForeignKey("campaign_file.id", ondelete="SET NULL")),
    Column("task_id", Integer, index=True),
    Column("audience", Text, nullable=False),
    Column("starts_at", Moment),
    Column("recurrence", String(500), nullable=False, default=""),
    Column("expires_at", Moment),
    Column("lasts_hours", Integer, nullable=False),
    Column("emergency", Boolean, nullable=False),
    Column("zalo", Text, nullable=False),
    Column("spent", BigInteger, nullable=False, default=0),
    Column("author", String(40), nullable=False),
    Column("approver", String(40), nullable=False, default=""),
    Column("state", String(12), nullable=False, index=True),
    Column("reason", String(200), nullable=False, default=""),
    Column("next_at", Moment, index=True),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", String(40), nullable=False),
)
"""texts, links, procedures, audience, zalo: JSON (bot.campaigns.campaign); expires_at: not after; lasts_hours: how long
one occurrence may be sent; next_at: when the next run is due, NULL = none; spent: VND on paid messages; reason: why it
stands as it stands (paused by itself, sent back)."""

campaign_file = Table(
    "campaign_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)

campaign_link = Table(
    "campaign_link",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("campaign_id", ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False),
    Column("url", String(2000), nullable=False),
    Column("clicks", Integer, nullable=False, default=0),
    Index("ix_campaign_link_campaign_id", "campaign_id"),
)
"""Own address of a link, and how often it was opened in all: no click is tied to a person."""

campaign_run = Table(
    "campaign_run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign_id", ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("open", Boolean, nullable=False, index=True),
    Column("outcome", String(12), nullable=False, default=""),
    Column("audience_size", Integer, nullable=False, default=0),
    Column("article", String(12), nullable=False, default=""),
    Column("article_error", String(100), nullable=False, default=""),
    Column("article_until", Moment),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    UniqueConstraint("campaign_id", "due_at"),
)
"""One occurrence of a campaign. article: how its article to a demographic target stands (a delivery's state), "" where
there is none: it is counted once, not per person."""

PENDING = text("state = 'pending'")
SENDING = text("state = 'sending'")

delivery = Table(
    "delivery",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("run_id", ForeignKey("campaign_run.id", ondelete="CASCADE"), nullable=False),
    Column("subscriber_id", ForeignKey("subscriber.id", ondelete="SET NULL"), index=True),
    Column("channel", String(20), nullable=False),
    Column("route", String(10), nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("not_before", Moment),
    Column("claimed_until", Moment),
    Column("at", Moment),
    Column("error", String(60), nullable=False, default=""),
    Column("platform_id", String(60), nullable=False, default=""),
    UniqueConstraint("run_id", "subscriber_id"),
    Index("ix_delivery_pending", "run_id", "channel", "id", postgresql_where=PENDING, sqlite_where=PENDING),
    Index("ix_delivery_sending", "claimed_until", postgresql_where=SENDING, sqlite_where=SENDING),
)
"""One row per run and citizen. at: when it came to its end; error: a short word, never a text; platform_id: the
platform's own name of a paid message, which has no other trace. A citizen who has
everything deleted leaves the row without a name."""

send_token = Table(
    "send_token",
    metadata,
    Column("token", String(40), primary_key=True),
    Column("stopped_until", Moment),
    Column("reason", String(60), nullable=False, default=""),
)
"""One row per token of a platform. stopped_until: the platform has asked for a pause; nobody sends before."""

send_slot = Table(
    "send_slot",
    metadata,
    Column("token", String(40), primary_key=True),
    Column("number", SmallInteger, primary_key=True, autoincrement=False),
    Column("free_at", Moment, nullable=False),
)
"""The shared budget: as many rows as messages a second. Who sends holds one, and gives it back for a second after the
platform has answered: so no second ever sees more messages than rows, whatever network and replicas do."""
