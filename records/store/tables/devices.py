"""Devices, and the one-time codes by which they come."""

import sqlalchemy as sa
from sqlalchemy import Column, Integer, String, Table, Text

from records.store.tables.columns import Instant, key, metadata, text

# next_*: issued, and not used yet; former_serial: of the certificate that the present one replaced
devices = Table(
    "devices",
    metadata,
    key("community_id"),
    key("device_id"),
    Column("number", Integer, nullable=False),
    text("kind", 16),
    text("name"),
    Column("certificate_serial", String(64), nullable=False),
    Column("certificate_until", Instant, nullable=False),
    Column("certificate_pem", Text, nullable=False),
    Column("enrolled_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("last_seen_at", Instant),
    Column(
        "last_state", Text, nullable=False, server_default=""
    ),  # the last heartbeat, as JSON: nothing about residents
    text("next_serial", 64),
    Column("next_until", Instant),
    Column("next_pem", Text, nullable=False, server_default=""),
    text("former_serial", 64),
    Column("renewed_at", Instant),  # when that happened
    text("revoked_reason"),
    Column("closed_since", Instant),  # out of service, as its heartbeats say
    Column("audit_rows", Integer, nullable=False, server_default="0"),  # of its own chain, as it last told
    text("audit_head", 64),
    Column("forked_at", Instant),  # when that chain was last found to be another one
    sa.UniqueConstraint("community_id", "certificate_serial"),
)

# used_at: by the first key that came with it, and from then on that key's; decision: of whoever lets devices in
enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    key("community_id"),
    key("code_hash"),
    text("kind", 16),
    text("name"),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    text("device_id", 64),  # that it enrolled
    Column("public_key", Text, nullable=False, server_default=""),
    text("fingerprint", 64),
    text("decision", 16),
    text("decided_by", 32),
)
