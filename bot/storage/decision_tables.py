"""Tables of publishing decisions and of the internal processes of procedures."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from bot.storage.tables import metadata
from knowledge.tables import Moment

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(60), nullable=False),
    Column("title", String(500), nullable=False, default=""),
    Column("issuer", String(200), nullable=False, default=""),
    Column("issued_on", Date),
    Column("effective_on", Date),
    Column("status", String(10), nullable=False, index=True),
    Column("file", String(200), nullable=False, default=""),
    Column("notes", Text, nullable=False, default=""),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("sent_at", Moment),
    Column("sent_by", String(100), nullable=False, default=""),
    Column("published_at", Moment),
    Column("published_by", String(100), nullable=False, default=""),
)
"""status: draft, in_review or published. notes: what the reading of the file left out, one a line."""

decision_row = Table(
    "decision_row",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("decision_id", ForeignKey("decision.id", ondelete="CASCADE"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("change", String(10), nullable=False, default=""),
    Column("given_code", String(60), nullable=False, default=""),
    Column("code", String(60), nullable=False, default="", index=True),
    Column("name", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("candidates", Text, nullable=False, default="[]"),
    Column("draft", Integer),
    Column("state", String(10), nullable=False),
    Column("reason", String(300), nullable=False, default=""),
    Column("decided_at", Moment),
    Column("decided_by", String(100), nullable=False, default=""),
    UniqueConstraint("decision_id", "place"),
)
"""One procedure of a decision. given_code: as the annex writes it, code: of the procedure that is meant; body: the
other cells as JSON; candidates: code, name, likeness as JSON; draft: the number of the version whose content is taken
instead of the annex's; state: waiting, accepted or refused."""

internal_process = Table(
    "internal_process",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(60), nullable=False),
    Column("number", Integer, nullable=False),
    Column("steps", Text, nullable=False),
    Column("source", String(300), nullable=False, default=""),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(100), nullable=False),
    UniqueConstraint("code", "number"),
)
"""How a procedure goes through the office, for staff only; the highest number counts. steps: JSON list of step, unit
and hours."""
