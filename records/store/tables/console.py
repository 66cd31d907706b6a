"""The officers' console: accounts, sessions, failures."""

from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Table

from records.store.tables.columns import Instant, key, metadata

officers = Table(
    "officers",
    metadata,
    key("community_id"),
    key("officer_id", 32),  # the name they sign in with
    Column("display_name", String(50), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password", String(200), nullable=False),  # scrypt, with its parameters
    Column("password_is_initial", Boolean, nullable=False),
    Column("totp_sealed", LargeBinary, nullable=False),
    Column("totp_step", Integer, nullable=False),  # the last one accepted, which is not accepted again
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

console_sessions = Table(
    "console_sessions",
    metadata,
    key("community_id"),
    key("session_hash"),
    Column("officer_id", String(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("acted_at", Instant, nullable=False),  # the officer's own last act
    Column("seen_at", Instant, nullable=False),  # the page's last request, made by itself perhaps
    Column("duty_since", Instant),
)

console_failures = Table(
    "console_failures",
    metadata,
    key("community_id"),
    key("scope", 16),
    key("who_hash"),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)
