"""Tables of the staff desk: accounts, their sessions, failed attempts, and the chained record of who did what."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from bot.storage.tables import metadata
from knowledge.tables import Moment

staff_account = Table(
    "staff_account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False),
    Column("full_name", String(100), nullable=False),
    Column("unit", String(100), nullable=False, default=""),
    Column("roles", String(60), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("password_at", Moment, nullable=False),
    Column("password_until", Moment),
    Column("totp_secret", String(64), nullable=False, default=""),
    Column("totp_step", Integer, nullable=False, default=0),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    UniqueConstraint("name"),
)
"""roles: words parted by blanks. password_until: end of a password given by somebody else, which has to be changed at
the first sign-in; NULL for one's own. totp_secret: base32, "" = no authenticator; totp_step: the last 30-second step
whose code was used, so that no code works twice."""

staff_session = Table(
    "staff_session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("staff_account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("secret_hash", String(64), nullable=False),
    Column("code_given", Boolean, nullable=False),
    Column("place", String(60), nullable=False),
    Column("device", String(100), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=False),
    UniqueConstraint("secret_hash"),
)
"""secret_hash: SHA-256 (hex) of the cookie, which itself is nowhere. code_given: False between password and code."""

staff_attempt = Table(
    "staff_attempt",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
)
"""Failed attempts. key: SHA-256 of what was tried (a name, whether it exists or not; a network; an account's code)."""

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False, index=True),
    Column("actor", String(40), nullable=False, index=True),
    Column("action", String(40), nullable=False, index=True),
    Column("subject", String(100), nullable=False, index=True),
    Column("detail", Text, nullable=False),
    Column("place", String(60), nullable=False),
    Column("hash", String(64), nullable=False),
)
"""Who did what, when, from where; never changed, which triggers of the database enforce. hash: SHA-256 over the line
and the hash of the line before."""

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""One row, id 1: the last line of the record, so that lines missing at the end show as well."""
