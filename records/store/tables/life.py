"""What happened in residents' lives, as officers wrote it down, and the numbers that people once had."""

import sqlalchemy as sa
from sqlalchemy import Column, Date, Integer, String, Table, Text

from records.store.tables.columns import Instant, key, metadata, text

# ``earlier``: JSON, what it changed as it was before, so that it can be taken back; personal. ``open_points``: codes of
# what is left for an officer, parted by spaces
life_events = Table(
    "life_events",
    metadata,
    key("community_id"),
    Column("event_id", Integer, primary_key=True, autoincrement=False),
    Column("person_id", String(64), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("since", Date, nullable=False),  # the day from which it holds
    Column("basis", String(24), nullable=False),  # what kind of document says so
    Column("document", String(64), nullable=False),  # that document's number
    Column("ticket", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("asked_by", String(32), nullable=False),
    Column("approved_by", String(32), nullable=False),
    Column("earlier", Text, nullable=False),
    text("open_points", 64),
    Column("taken_back_at", Instant),
    sa.Index(None, "community_id", "person_id"),
)

# by which an officer still finds whose it was, and a kiosk nobody
former_numbers = Table(
    "former_numbers",
    metadata,
    key("community_id"),
    key("id_number", 18),
    Column("person_id", String(64), nullable=False),
)
