"""Papers, what they say while they are open, and the applications that some are receipts of."""

import sqlalchemy as sa
from sqlalchemy import Column, Date, String, Table, Text

from records.store.tables.columns import Instant, key, metadata, text

_REISSUES = sa.text("replaces <> ''")

# a void paper is reissued by one other, whoever asks at the same time
papers = Table(
    "papers",
    metadata,
    key("community_id"),
    key("serial", 32),
    Column("person_id", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("purpose", String(64), nullable=False),
    Column("device_id", String(64), nullable=False),
    Column("visit", String(64), nullable=False),
    text("replaces", 32),
    Column("valid_until", Date, nullable=False),
    Column("state", String(16), nullable=False),
    text("digest", 44),
    text("void_reason", 32),
    Column("reserved_at", Instant, nullable=False),
    Column("sealed_at", Instant),
    Column("delivered_at", Instant),
    Column("voided_at", Instant),
    text("about_id", 64),  # whom it is about: a child; empty: who asked for it
    Column("members", Text, nullable=False, server_default=""),  # the handles of who else stands on it, by spaces
    text("dwelling_id", 64),
    text("application", 32),  # the serial of the application that it is a receipt of; empty: it is no receipt
    sa.Index(None, "community_id", "person_id", "kind"),
    sa.Index(None, "community_id", "state"),
    sa.Index(None, "community_id", "reserved_at"),
    sa.Index(None, "community_id", "replaces", unique=True, sqlite_where=_REISSUES, postgresql_where=_REISSUES),
)

# which of the listed reasons an officer gave who voided a paper at the console
paper_voids = Table(
    "paper_voids",
    metadata,
    key("community_id"),
    key("serial", 32),
    Column("basis", String(24), nullable=False),
    Column("officer_id", String(32), nullable=False),
    Column("at", Instant, nullable=False),
)

# what an open reservation says, to answer its kiosk again; gone as soon as the serial is delivered or void
paper_contents = Table(
    "paper_contents",
    metadata,
    key("community_id"),
    key("serial", 32),
    Column("content", Text, nullable=False),
    Column("code", Text, nullable=False),
)

# what a receipt stands for: an answer at the window. ``serial``: of its first receipt; ``outcome``: what the source
# said last, for officers alone
applications = Table(
    "applications",
    metadata,
    key("community_id"),
    key("serial", 32),
    Column("person_id", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("ready_on", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("state", String(16), nullable=False),
    Column("settled_at", Instant),
    text("settled_by", 64),
    text("seen_by", 32),  # the officer who opened it last, since what was found changed
    text("number_hash", 64),  # keyed, of the citizen number: somebody may be hidden by it before they are registered
    sa.Index(None, "community_id", "person_id", "kind"),
    sa.Index(None, "community_id", "state"),
)
