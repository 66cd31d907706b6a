"""What residents handed in at a kiosk, opened, and the encrypted files that it names."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table, Text

from records.store.tables.columns import Instant, key, metadata, text

# ``digest``: of the header and the seal as they came, to know the same item again; ``content``: JSON, personal;
# ``person_id``: whom the register had under their number when it was opened last, or nobody; ``revision``: rises with
# each change at the console
intakes = Table(
    "intakes",
    metadata,
    key("community_id"),
    key("intake_id", 36),
    Column("device_id", String(64), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("boot_id", String(36), nullable=False),
    Column("monotonic_ms", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),  # by the device's clock
    Column("skew_ms", BigInteger),
    Column("received_at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content", Text, nullable=False),
    text("person_id", 64),
    Column("state", String(16), nullable=False),
    text("reason", 32),
    Column("decided_at", Instant),
    text("decided_by", 32),
    text("seen_by", 32),  # the officer who opened it last
    Column("revision", Integer, nullable=False),
    text("queue", 24),  # what an officer is to decide it for; empty: nothing was looked at yet
    sa.Index(None, "community_id", "state", "received_at"),
)

# which files an intake names; gone with it
intake_blobs = Table(
    "intake_blobs",
    metadata,
    key("community_id"),
    key("intake_id", 36),
    key("sha256"),
    sa.Index(None, "community_id", "sha256"),
)

# ciphertext, by its hash; ``touched_at``: when it was sent or named last. Gone some days later if no intake names it
blobs = Table(
    "blobs",
    metadata,
    key("community_id"),
    key("sha256"),
    Column("device_id", String(64), nullable=False),  # that sent it first
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("touched_at", Instant, nullable=False),
    sa.Index(None, "community_id", "device_id", "size"),
    sa.Index(None, "community_id", "touched_at"),
)
