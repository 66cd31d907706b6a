"""Visits of kiosks, what was tried in them, and what officers are asked and told."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Integer, String, Table, Text

from records.store.tables.columns import Instant, key, metadata, text

visits = Table(
    "visits",
    metadata,
    key("community_id"),
    key("subject_hash"),
    Column("device_id", String(64), nullable=False),
    Column("visit", String(64), nullable=False),
    text("person_id", 64),
    Column("clear", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("request_hash", String(64), nullable=False),
    Column("portrait_given_at", Instant),
    text("portrait_key", 64),  # of the request that was given it, which may ask again
    Column("face_attempts", Integer, nullable=False),
    Column("proven_at", Instant),
    text("doubt", 24),  # why not clear, for an officer alone
    text("claim_hash", 64),  # keyed hash of the number that is claimed
    text("portrait_of", 64),  # whose portrait the kiosk gets; nobody's, for a typed number that nobody has
    text("proven_by", 16),
    Column("document", String(24), nullable=False, server_default="resident_card"),
    Column("statement", Text, nullable=False, server_default=""),
    sa.Index(None, "community_id", "device_id", "created_at"),
)

# whose own card was read in a visit of somebody of their household; gone with the visit
companions = Table(
    "companions",
    metadata,
    key("community_id"),
    key("subject_hash"),
    key("person_id"),
    Column("at", Instant, nullable=False),
)

# portraits given for a typed number that no proof followed; gone when one does, or after a month
tries = Table(
    "tries",
    metadata,
    key("community_id"),
    key("subject_hash"),
    Column("number_hash", String(64), nullable=False),
    Column("device_id", String(64), nullable=False),
    Column("visit", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    text("told_to", 64),  # the visit in which the number's owner heard of it
    sa.Index(None, "community_id", "number_hash", "at"),
    sa.Index(None, "community_id", "device_id", "at"),
)

# what an officer should know of; ``number_hash`` is the keyed hash, never the number
alerts = Table(
    "alerts",
    metadata,
    key("community_id"),
    Column("alert_id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(24), nullable=False),
    Column("day", Date, nullable=False),
    text("device_id", 64),
    text("number_hash", 64),
    Column("count", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("closed_at", Instant),
    text("closed_by", 64),
    sa.UniqueConstraint("community_id", "kind", "day", "device_id", "number_hash"),
)

# ``code`` is empty as soon as it opens nothing any more; the whole row is gone a day later
confirmations = Table(
    "confirmations",
    metadata,
    key("community_id"),
    key("confirmation_id"),
    Column("subject_hash", String(64), nullable=False),
    Column("device_id", String(64), nullable=False),
    Column("visit", String(64), nullable=False),
    text("code", 6),
    Column("state", String(16), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("opened_at", Instant),
    Column("decided_at", Instant),
    sa.Index(None, "community_id", "subject_hash"),
    sa.Index(None, "community_id", "code"),
)
