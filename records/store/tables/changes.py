"""What devices are to hear of, in one order, and alarms."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, String, Table, Text

from records.store.tables.columns import Instant, key, metadata, text

# ``place``: given under a lock that is held until it commits, so a reader who saw one has seen all before it
changes = Table(
    "changes",
    metadata,
    key("community_id"),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("topic", String(16), nullable=False),
    Column("ref", String(64), nullable=False),
    text("only", 64),  # the one device that it is for; empty: every device that hears of the topic
    Column("body", Text, nullable=False),  # JSON of codes and numbers, nothing personal
    Column("at", Instant, nullable=False),
)

# somebody at a kiosk called for help; the kiosk chose the number
alarms = Table(
    "alarms",
    metadata,
    key("community_id"),
    key("alarm_id"),
    Column("device_id", String(64), nullable=False),
    Column("raised_at", Instant, nullable=False),  # by the kiosk's clock
    Column("received_at", Instant, nullable=False),
    Column("test", Boolean, nullable=False),
    Column("watched", Boolean, nullable=False),  # an officer was on duty when it arrived
    Column("seen_at", Instant),
    text("seen_by", 32),
    sa.Index(None, "community_id", "received_at"),
)
