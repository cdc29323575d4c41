"""Tables of questions answered badly, of what was decided about them, and of the office's test questions."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from bot.storage.tables import metadata
from knowledge.tables import Moment

unanswered_group = Table(
    "unanswered_group",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("opened_at", Moment, nullable=False),
    Column("how", String(20), nullable=False, default="", index=True),
    Column("ref", String(70), nullable=False, default=""),
    Column("wording", String(500), nullable=False, default=""),
    Column("settled_at", Moment),
    Column("settled_by", String(40), nullable=False, default=""),
)
"""Questions that ask for the same. how: what was decided, "" = open; wording: the office's own words for it once it was
decided, so that nothing of a citizen's stays longer than their conversation."""

unanswered = Table(
    "unanswered",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("group_id", ForeignKey("unanswered_group.id", ondelete="CASCADE"), index=True),
    Column("question", String(500), nullable=False),
    Column("wording", String(500), nullable=False, default=""),
    Column("reason", String(20), nullable=False),
    Column("ref", String(70), nullable=False, default=""),
    Column("at", Moment, nullable=False, index=True),
    Column("answered_at", Moment),
    Column("answered_by", String(40), nullable=False, default=""),
    Column("delivery", String(60), nullable=False, default=""),
)
"""One question of one citizen (masked); goes with the conversation. group_id: NULL until it is grouped; wording: its
subject, by which it was; answered_at: when a person wrote to them; delivery: what became of that."""

test_question = Table(
    "test_question",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", String(500), nullable=False),
    Column("folded", String(500), nullable=False),
    Column("expect", String(10), nullable=False),
    Column("refs", Text, nullable=False, default=""),
    Column("contains", Text, nullable=False, default="[]"),
    Column("origin", String(10), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(40), nullable=False),
    Column("retired_at", Moment),
    Column("retired_by", String(40), nullable=False, default=""),
    Index("ix_test_question_active", "retired_at", "id"),
)
"""folded: the text without accents, to be looked for; expect: answer, clarify or refuse; refs: accepted entries, parted
by blanks; contains: JSON list of words that the answer has to hold."""

test_run = Table(
    "test_run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(40), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("changes", Text, nullable=False),
    Column("report", Text, nullable=False),
    Column("published_at", Moment),
    Column("published_by", String(40), nullable=False, default=""),
    Column("reason", String(500), nullable=False, default=""),
)
"""The test questions asked before and after some changes. revision: of what was published then; changes, report: JSON;
reason: why it was published although something broke."""
