"""Alembic's entry: migrates the tables of the knowledge base and of the service over one given connection."""

from alembic import context

import bot.storage.campaign_tables
import bot.storage.decision_tables
import bot.storage.figure_tables
import bot.storage.handover_tables
import bot.storage.news_tables
import bot.storage.office_tables
import bot.storage.plan_tables
import bot.storage.staff_tables
import bot.storage.tables
import bot.storage.unanswered_tables
import bot.storage.warning_tables
import bot.storage.zalo_tokens
import knowledge.editing_tables
import knowledge.tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[knowledge.tables.metadata, bot.storage.tables.metadata],
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
