"""Numbers of residents' phones, sealed; what there is to tell residents; and texts that say only to come and look."""

import sqlalchemy as sa
from sqlalchemy import Column, Date, Integer, String, Table, Text

from records.store.tables.columns import Instant, key, metadata, text

# ``sealed``: the number, with the key of contacts; looked up by person alone
contacts = Table(
    "contacts",
    metadata,
    key("community_id"),
    key("person_id"),
    Column("sealed", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("verified_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("hinted_on", Date),  # a text hints at most once a day
    Column("warned_at", Instant),  # that it is soon due
    sa.Index(None, "community_id", "verified_at"),
)

# a number that was typed and is not verified; ``revision``: of the contact that it is to replace
contact_codes = Table(
    "contact_codes",
    metadata,
    key("community_id"),
    key("person_id"),
    Column("sealed", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("number_hash", String(64), nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("tried_at", Instant),
)

# ``sealed``: number and code, empty as soon as it was sent or never will be; ``number_hash`` differs each day
texts = Table(
    "texts",
    metadata,
    key("community_id"),
    key("text_id"),
    Column("person_id", String(64), nullable=False),
    text("device_id", 64),
    text("number_hash", 64),
    Column("kind", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    text("accepted_id", 64),
    sa.Index(None, "community_id", "state", "next_at"),
    sa.Index(None, "community_id", "kind", "created_at"),
)

messages = Table(
    "messages",
    metadata,
    key("community_id"),
    key("message_id"),
    Column("person_id", String(64), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("at", Instant, nullable=False),
    text("ref", 64),
    text("state", 32),
    sa.Index(None, "community_id", "person_id", "at"),
    sa.Index(None, "community_id", "at"),
)
