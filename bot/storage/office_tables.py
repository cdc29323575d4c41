"""The table of what an office has set at its staff desk."""

from sqlalchemy import Column, String, Table

from bot.storage.tables import metadata
from knowledge.tables import Moment

office_setting = Table(
    "office_setting",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(40), nullable=False),
)
