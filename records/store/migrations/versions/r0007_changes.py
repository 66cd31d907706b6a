"""The feed of changes, and alarms."""

import sqlalchemy as sa
from alembic import op

revision = "r0007"
down_revision = "r0006"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "changes",
        _key("community_id"),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("only", sa.String(length=64), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "place", name="pk_changes"),
    )
    op.create_table(
        "alarms",
        _key("community_id"),
        _key("alarm_id"),
        _key("device_id"),
        sa.Column("raised_at", _INSTANT, nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("seen_at", _INSTANT),
        sa.Column("seen_by", sa.String(length=32), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("community_id", "alarm_id", name="pk_alarms"),
    )
    op.create_index("ix_alarms_community_id_received_at", "alarms", ["community_id", "received_at"])


def _key(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=64), nullable=False)
