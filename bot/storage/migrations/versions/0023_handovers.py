"""Talks between citizens and the office's people with ready-made words for them, and counts of answers by day."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("citizen", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("taken_by", sa.String(length=40), nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("taken_at", moment, nullable=True),
        sa.Column("told_at", moment, nullable=False),
        sa.Column("heard_at", moment, nullable=False),
        sa.Column("said_at", moment, nullable=True),
        sa.Column("active_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("ended_by", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
    )
    _index("uq_handover_under_way", "handover", ["channel", "citizen"], "state IN ('waiting', 'taken')", unique=True)
    op.create_index("ix_handover_active_at", "handover", ["active_at"])

    op.create_table(
        "handover_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=100), nullable=False),
        sa.Column("speaker", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("delivery", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handover.id"], name="fk_handover_line_handover_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_handover_line"),
    )
    op.create_index("ix_handover_line_order", "handover_line", ["handover_id", "id"])
    _index("uq_handover_line_message", "handover_line", ["handover_id", "message_id"], "message_id != ''", unique=True)
    _index("ix_handover_line_unsent", "handover_line", ["id"], "delivery IN ('queued', 'sending')")

    op.create_table(
        "handover_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handover_template"),
        sa.UniqueConstraint("title", name="uq_handover_template_title"),
    )

    op.create_table(
        "figure_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_figure_day"),
    )


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, postgresql_where=condition, sqlite_where=condition)
