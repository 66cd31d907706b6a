"""Keys of writes, versions of the policy and drafts of its rules, counters, and the audit."""

import sqlalchemy as sa
from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from records.store.tables.columns import Instant, key, metadata, text

counters = Table(
    "counters",
    metadata,
    key("community_id"),
    key("name"),
    Column("value", Integer, nullable=False),
)

# ``serial`` empty for a reservation: the key was voided before it reserved anything
idempotency = Table(
    "idempotency",
    metadata,
    key("community_id"),
    key("device_id"),
    key("operation", 16),
    key("key"),
    Column("request_hash", String(64), nullable=False),
    text("serial", 32),
    Column("created_at", Instant, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    key("community_id"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("rules_hash", String(64), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("key_id", String(64), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

# rules that somebody is changing, as JSON; ``based_on``: the version they began as, ``version``: the one they became
policy_drafts = Table(
    "policy_drafts",
    metadata,
    key("community_id"),
    key("draft_id", 32),
    Column("based_on", Integer, nullable=False),
    Column("rules", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    text("author", 32),  # empty: the command line
    Column("changed_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    text("decided_by", 32),
    Column("decided_at", Instant),
    text("reason", 100),
    Column("version", Integer),
    sa.Index(None, "community_id", "state", "changed_at"),
)

audit = Table(
    "audit",
    metadata,
    key("community_id"),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    text("device_id", 64),
    text("visit", 64),
    Column("action", String(40), nullable=False),
    text("subject", 64),  # keyed hash of a person's number here; means nothing elsewhere
    Column("facts", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
