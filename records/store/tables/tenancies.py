"""Who has a right to a flat, by what, and what still waits for somebody's yes."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Integer, String, Table

from records.store.tables.columns import Instant, key, metadata, text

# whose the flats are, as the register of owners says it; ``ended_on``: not theirs any more
ownerships = Table(
    "ownerships",
    metadata,
    key("community_id"),
    key("dwelling_id"),
    key("person_id"),
    Column("since", Date, nullable=False),
    Column("ended_on", Date),
    sa.Index(None, "community_id", "person_id"),
)

# what contracts say; ``renews``: the tenancy that this one goes on from; ``reminded``: of so many days left, last;
# ``left_over``: the queue in which an officer looks at who came along, whatever becomes of it
tenancies = Table(
    "tenancies",
    metadata,
    key("community_id"),
    key("tenancy_id", 32),
    Column("dwelling_id", String(64), nullable=False),
    Column("tenant_id", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    text("filing_number", 40),
    text("intake_id", 36),
    text("renews", 32),
    text("left_over", 24),
    Column("registered_at", Instant, nullable=False),
    Column("goes_on_at", Instant),
    Column("officer_since", Instant),
    Column("ended_at", Instant),
    text("ended_why", 24),
    Column("reminded", Integer, nullable=False, server_default="0"),
    Column("revision", Integer, nullable=False),
    sa.Index(None, "community_id", "dwelling_id"),
    sa.Index(None, "community_id", "tenant_id"),
    sa.Index(None, "community_id", "state"),
    sa.Index(None, "community_id", "intake_id"),
    sa.Index(None, "community_id", "renews"),
)

# one person's to one flat; ``began_at``: with its yes, none: it waits; ``hold_until``: a renewal of it waits
rights = Table(
    "rights",
    metadata,
    key("community_id"),
    key("right_id", 32),
    Column("dwelling_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("kind", String(12), nullable=False),
    text("tenancy_id", 32),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("ended_at", Instant),
    text("ended_why", 24),
    Column("registered_at", Instant, nullable=False),
    Column("hold_until", Date),
    Column("revision", Integer, nullable=False),
    Column("began_at", Instant),
    Column("disputed", Boolean, nullable=False, server_default=sa.false()),
    text("intake_id", 36),
    sa.Index(None, "community_id", "person_id"),
    sa.Index(None, "community_id", "dwelling_id"),
    sa.Index(None, "community_id", "tenancy_id"),
    sa.Index(None, "community_id", "intake_id"),
)

# what waits for somebody's answer; ``day``: on which a tenancy is to end; ``answer``: empty, it waits still
asks = Table(
    "asks",
    metadata,
    key("community_id"),
    key("ask_id", 32),
    Column("kind", String(12), nullable=False),
    Column("asked_of", String(64), nullable=False),
    Column("asked_by", String(64), nullable=False),
    text("tenancy_id", 32),
    text("right_id", 32),
    text("intake_id", 36),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("goes_on", Boolean, nullable=False),
    Column("day", Date),
    text("answer", 12),
    Column("answered_at", Instant),
    sa.Index(None, "community_id", "asked_of"),
    sa.Index(None, "community_id", "tenancy_id"),
    sa.Index(None, "community_id", "intake_id"),
    sa.Index(None, "community_id", "answer", "until"),
)

# what a landlord may answer by, who does not come to a kiosk; by its keyed hash alone
landlord_codes = Table(
    "landlord_codes",
    metadata,
    key("community_id"),
    key("code_hash"),
    Column("ask_id", String(32), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

# each consent by its purpose, with the text that was shown; ``withdrawn_at``: none, it stands
consents = Table(
    "consents",
    metadata,
    key("community_id"),
    key("consent_id", 32),
    Column("person_id", String(64), nullable=False),
    Column("purpose", String(24), nullable=False),
    text("right_id", 32),
    text("notice", 64),
    Column("given_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    sa.Index(None, "community_id", "person_id"),
)
