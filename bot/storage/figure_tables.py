"""The table of what was counted of the answers, day by day."""

from sqlalchemy import Column, Date, Table, Text

from bot.storage.tables import metadata

figure_day = Table(
    "figure_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("body", Text, nullable=False),
)
"""Counts of one calendar day in Viet Nam as JSON, see bot.storage.figures.Counts; without any word of a citizen."""
