"""Tables of the plans: their tasks, the days these are due, the evidence that closes them, reminders and units."""

from sqlalchemy import Column, Date, ForeignKey, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from bot.storage.tables import metadata
from knowledge.tables import Moment

plan = Table(
    "plan",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("number", String(60), nullable=False),
    Column("issued_on", Date),
    Column("place", String(80), nullable=False),
    Column("year", Integer, nullable=False),
    Column("basis", Text, nullable=False),
    Column("headings", Text, nullable=False),
    Column("unused", Text, nullable=False),
    Column("doubts", Text, nullable=False),
    Column("source", String(200), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(40), nullable=False),
    Column("accepted_at", Moment),
    Column("accepted_by", String(40), nullable=False, default=""),
)
"""A department's plan. basis, headings, unused, doubts: JSON lists. accepted_at: NULL while it is looked through; only
accepted plans stand in the calendar."""

plan_task = Table(
    "plan_task",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", ForeignKey("plan.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("key", String(40), nullable=False),
    Column("content", Text, nullable=False),
    Column("said_time", Text, nullable=False),
    Column("time_words", Text, nullable=False),
    Column("time_kind", String(10), nullable=False),
    Column("rule", String(200), nullable=False),
    Column("first", Date),
    Column("lead", String(300), nullable=False),
    Column("support", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("audience", String(10), nullable=False),
    Column("target_least", Integer, nullable=False),
    Column("target_what", String(60), nullable=False),
    Column("target_months", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("places", Text, nullable=False),
    Column("doubts", Text, nullable=False),
)
"""said_time: the plan's own words, never changed; time_words: what the due days were read from; rule: an RRULE's value
from `first` on, "" = single days; target_least: 0 = no target; places, doubts: JSON lists."""

plan_due = Table(
    "plan_due",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task_id", ForeignKey("plan_task.id", ondelete="CASCADE"), nullable=False),
    Column("due_on", Date, nullable=False, index=True),
    Column("done_on", Date),
    UniqueConstraint("task_id", "due_on"),
)
"""One row per day that a task is due. done_on: NULL while it is open."""

plan_evidence = Table(
    "plan_evidence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task_id", ForeignKey("plan_task.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("due_id", ForeignKey("plan_due.id", ondelete="SET NULL")),
    Column("done_on", Date, nullable=False, index=True),
    Column("unit", String(300), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("product", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("people", Integer),
    Column("cost", Integer),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(40), nullable=False),
)
"""What was done. channel: "" or how it was posted by hand; amount: how many (news items, sessions) it counts for;
people: reached; cost: in thousand đồng; NULL = not recorded."""

plan_file = Table(
    "plan_file",
    metadata,
    Column("evidence_id", ForeignKey("plan_evidence.id", ondelete="CASCADE"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""The file or photo of a piece of evidence, beside it so that lists do not read it."""

plan_reminder = Table(
    "plan_reminder",
    metadata,
    Column("due_id", ForeignKey("plan_due.id", ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("claimed_at", Moment, nullable=False),
    Column("sent_at", Moment),
)
"""Which overdue days the lead unit was reminded of. turn: how many intervals it was overdue, from 0; the key lets one
replica send each."""

plan_unit = Table(
    "plan_unit",
    metadata,
    Column("name", String(300), primary_key=True),
    Column("email", String(200), nullable=False),
)
"""Where a unit that leads tasks is reminded. name: as the plans write it."""
