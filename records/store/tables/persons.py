"""Named persons at the console: who read whom and what for, who is hidden, and what waits for a second account."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Integer, String, Table, Text

from records.store.tables.columns import Instant, key, metadata, text

# each look at somebody, the refused ones too; ``counted``: the one row of a look that counts towards the hour's limit
reads = Table(
    "reads",
    metadata,
    key("community_id"),
    Column("read_id", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("officer_id", String(32), nullable=False),
    Column("role", String(16), nullable=False),
    Column("purpose", String(24), nullable=False),
    Column("ticket", String(32), nullable=False),
    Column("outcome", String(16), nullable=False),
    text("person_hash", 64),  # keyed, as in the audit; empty: a flat, whose people have a row each
    Column("counted", Boolean, nullable=False),
    sa.Index(None, "community_id", "person_hash", "at"),
    sa.Index(None, "community_id", "officer_id", "at"),
)

# who is hidden: ``number_hash``, keyed, of the citizen number, and ``person_id`` where the register had the number when
# it was asked for, so that a number may change too; ``until``: the last day, none: until it is ended
protections = Table(
    "protections",
    metadata,
    key("community_id"),
    Column("protection_id", Integer, primary_key=True, autoincrement=False),
    Column("person_id", String(64), nullable=False),
    Column("basis", String(24), nullable=False),
    Column("ticket", String(32), nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Date),
    Column("asked_by", String(32), nullable=False),
    Column("approved_by", String(32), nullable=False),
    Column("ended_at", Instant),
    text("ended_by", 32),
    text("number_hash", 64),
    sa.Index(None, "community_id", "ended_at", "person_id"),
)

# what one account asked for and another must agree to; ``body``, which may tell of a person, is empty once that is over
approvals = Table(
    "approvals",
    metadata,
    key("community_id"),
    key("approval_id", 32),
    Column("matter", String(24), nullable=False),
    Column("ticket", String(32), nullable=False),
    Column("body", Text, nullable=False, server_default=""),
    text("check_hash", 64),  # keyed hash of what the second account must type by itself; empty: nothing
    Column("state", String(16), nullable=False),
    Column("asked_by", String(32), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    text("decided_by", 32),
    Column("decided_at", Instant),
    sa.Index(None, "community_id", "state", "asked_at"),
)
