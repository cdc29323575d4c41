"""What citizens say their questions mean, and what staff decided about it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "alias_decision",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_alias_decision"),
    )
    op.create_table(
        "alias_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("wording", sa.String(length=200), nullable=False),
        sa.Column("ref", sa.String(length=70), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_alias_vote_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alias_vote"),
        sa.UniqueConstraint("conversation_id", "question", "ref", name="uq_alias_vote_conversation_id_question_ref"),
    )
    op.create_index("ix_alias_vote_at", "alias_vote", ["at"])
    op.create_index("ix_alias_vote_question", "alias_vote", ["question", "ref"])
