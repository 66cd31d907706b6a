"""Where the audit's chain begins, once its oldest rows are taken out."""

from sqlalchemy import Column, Integer, String, Table

from records.store.tables.columns import Instant, key, metadata

# ``seq`` and ``hash`` of the last row that was taken out: the next one follows from it
audit_anchors = Table(
    "audit_anchors",
    metadata,
    key("community_id"),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("at", Instant, nullable=False),
)
