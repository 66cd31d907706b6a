"""What gates are told and tell: holders, ways, grants, doors, slips, phones, reports, and questions for passes."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Integer, String, Table, Text

from records.store.tables.columns import Instant, key, metadata, text

# by which number gates know a person: random, means nothing elsewhere, gone with the person
holders = Table(
    "holders",
    metadata,
    key("community_id"),
    key("person_id"),
    Column("holder", String(32), nullable=False),
    Column("made_at", Instant, nullable=False),
    sa.UniqueConstraint("community_id", "holder"),
)

# how somebody comes in by a right; ``ref``: as a gate compares it, a public key or a hash; ``notice``: the text
# that was read before a face was consented to; ``cancelled_at``: it opens nothing any more
ways = Table(
    "ways",
    metadata,
    key("community_id"),
    key("way_id", 32),
    Column("person_id", String(64), nullable=False),
    Column("right_id", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    text("ref", 172),
    text("label", 16),
    text("notice", 64),
    Column("since", Instant, nullable=False),
    Column("starts_at", Instant),
    Column("until", Instant),
    Column("cancelled_at", Instant),
    text("cancelled_why", 16),
    Column("proved_at", Instant),
    sa.Index(None, "community_id", "person_id"),
    sa.Index(None, "community_id", "ref"),
    sa.Index(None, "community_id", "right_id"),
)

# what gates were told last of a right (``way_id`` empty) or of a guest's code; ``body``: the JSON of Grant;
# ``last_day``: the last on which it opens anything, none: no end
grants = Table(
    "grants",
    metadata,
    key("community_id"),
    key("grant_id", 32),
    Column("person_id", String(64), nullable=False),
    Column("right_id", String(32), nullable=False),
    text("way_id", 32),
    Column("building", String(8), nullable=False),
    Column("unit", String(8), nullable=False),
    Column("last_day", Date),
    Column("revision", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("over_at", Instant),
    sa.UniqueConstraint("community_id", "right_id", "way_id"),
    sa.Index(None, "community_id", "person_id"),
    sa.Index(None, "community_id", "over_at", "building", "unit"),
)

# where a gate stands, and its own part of what other gates hear of it (``contract.gates.Peer``)
gate_doors = Table(
    "gate_doors",
    metadata,
    key("community_id"),
    key("device_id"),
    Column("kind", String(16), nullable=False),
    text("building", 8),
    text("unit", 8),
    Column("name_zh", String(64), nullable=False),
    Column("name_en", String(64), nullable=False),
    Column("face", Boolean, nullable=False),
    Column("assigned_at", Instant, nullable=False),
    text("key", 44),
    text("key_signature", 200),
    Column("key_certificate", Text, nullable=False, server_default=""),  # of the key that signed
    text("address", 128),
)

# the number that is read aloud from a move-in slip: it opens one right at the property desk, when its code is long over
slips = Table(
    "slips",
    metadata,
    key("community_id"),
    key("number", 16),
    Column("way_id", String(32), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("right_id", String(32), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("ended_at", Instant),  # another one took its place
    sa.UniqueConstraint("community_id", "way_id"),
    sa.Index(None, "community_id", "right_id"),
)

# the token of a page that makes a phone a way; ``public_key``: that came with it, and nobody else's may
phone_links = Table(
    "phone_links",
    metadata,
    key("community_id"),
    key("token_hash"),
    Column("person_id", String(64), nullable=False),
    Column("right_id", String(32), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    text("public_key", 172),
    text("way_id", 32),
    sa.Index(None, "community_id", "right_id"),
)

# what gates told, each once; of templates the gate's signed word, which is the receipt; ``genuine``: the signature is
# that of the gate's certificate then
gate_reports = Table(
    "gate_reports",
    metadata,
    key("community_id"),
    key("report_id", 36),
    Column("device_id", String(64), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("way_id", String(32), nullable=False),
    Column("holder", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    text("signature", 200),
    Column("genuine", Boolean, nullable=False),
    sa.Index(None, "community_id", "way_id"),
    sa.Index(None, "community_id", "received_at"),
)

# an approved question for passes; ``key_sealed``: the private half, sealed with the key of contacts, gone after a week
pass_asks = Table(
    "pass_asks",
    metadata,
    key("community_id"),
    key("ask_id", 32),
    Column("person_id", String(64), nullable=False),
    Column("holder", String(32), nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("ticket", String(32), nullable=False),
    Column("asked_by", String(32), nullable=False),
    Column("approved_by", String(32), nullable=False),
    Column("approved_at", Instant, nullable=False),
    Column("key", String(44), nullable=False),
    Column("key_sealed", Text, nullable=False),
    Column("opened_at", Instant),
    sa.Index(None, "community_id", "approved_at"),
)

# which gates are asked, and what they answered: sealed, and read by nobody but who asked, once
pass_answers = Table(
    "pass_answers",
    metadata,
    key("community_id"),
    key("ask_id", 32),
    key("device_id"),
    Column("asked_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("sealed", Text, nullable=False, server_default=""),
    sa.Index(None, "community_id", "device_id", "answered_at"),
)
