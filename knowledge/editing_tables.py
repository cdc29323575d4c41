"""The tables of what staff write: how each version came about, and every step on its way to the public."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Text

from knowledge.tables import Moment, metadata

version_flow = Table(
    "version_flow",
    metadata,
    Column("version_id", ForeignKey("version.id"), primary_key=True, autoincrement=False),
    Column("base_number", Integer, nullable=False),
    Column("previous_number", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Column("authors", Text, nullable=False),
    Column("publish_on", Date),
    Column("origin", String(100), nullable=False, default=""),
)
"""A version that was written at the staff desk. base_number: of what was published when it was begun, 0 = nothing;
previous_number: the draft that it replaces, 0 = none; authors: names of all who wrote it or the drafts before it,
parted by blanks; publish_on: the day from which it shall answer, NULL = at once; origin: what gave rise to it."""

version_step = Table(
    "version_step",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version_id", ForeignKey("version.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("step", String(10), nullable=False, index=True),
    Column("said", Text, nullable=False, default=""),
)
"""What was done to a version, in order; only added to. step: a value of knowledge.drafting.Step."""

sheet_upload = Table(
    "sheet_upload",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    Column("lines", Text, nullable=False),
    Column("decided", Text, nullable=False),
)
"""A spreadsheet that was sent in. lines: its good and refused rows as JSON; decided: JSON of row key to what was
decided on it ("taken", "refused")."""
