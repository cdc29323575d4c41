"""Tables of news items and their pictures."""

from sqlalchemy import Column, Date, Integer, LargeBinary, String, Table, Text

from bot.storage.tables import metadata
from knowledge.tables import Moment

news_item = Table(
    "news_item",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("title", String(200), nullable=False),
    Column("text", Text, nullable=False, default=""),
    Column("link", String(500), nullable=False, default=""),
    Column("picture", String(70), nullable=False, default=""),
    Column("picture_says", String(200), nullable=False, default=""),
    Column("field", String(200), nullable=False, default=""),
    Column("audience", String(20), nullable=False),
    Column("unit", String(100), nullable=False, default=""),
    Column("document", String(100), nullable=False, default=""),
    Column("starts_on", Date),
    Column("expires_on", Date),
    Column("status", String(10), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", String(100), nullable=False),
    Column("sent_by", String(100), nullable=False, default=""),
    Column("published_at", Moment, index=True),
    Column("published_by", String(100), nullable=False, default=""),
)
"""kind: news or directive; status: draft, in_review, published or withdrawn; picture: SHA-256 and type of a picture
("HASH.png"), "" = none; document: number of a directive; starts_on, expires_on: first and last day on the page."""

news_picture = Table(
    "news_picture",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("type", String(10), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)
"""Pictures by what they hold, so that one picture is kept once and its address never shows another."""
