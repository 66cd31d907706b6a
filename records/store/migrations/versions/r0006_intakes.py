"""What residents handed in, and the files that it names."""

import sqlalchemy as sa
from alembic import op

revision = "r0006"
down_revision = "r0005"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _intakes()
    _blobs()


def _key(name: str, length: int = 64) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), nullable=False)


def _text(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)


def _intakes() -> None:
    op.create_table(
        "intakes",
        _key("community_id"),
        _key("intake_id", 36),
        _key("device_id"),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        _key("boot_id", 36),
        sa.Column("monotonic_ms", sa.BigInteger(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("skew_ms", sa.BigInteger()),
        sa.Column("received_at", _INSTANT, nullable=False),
        _key("kind", 16),
        _key("digest"),
        sa.Column("content", sa.Text(), nullable=False),
        _text("person_id", 64),
        _key("state", 16),
        _text("reason", 32),
        sa.Column("decided_at", _INSTANT),
        _text("decided_by", 32),
        _text("seen_by", 32),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "intake_id", name="pk_intakes"),
    )
    for columns in (["community_id", "state", "received_at"], ["community_id", "person_id"]):
        op.create_index(f"ix_intakes_{'_'.join(columns)}", "intakes", columns)


def _blobs() -> None:
    op.create_table(
        "intake_blobs",
        _key("community_id"),
        _key("intake_id", 36),
        _key("sha256"),
        sa.PrimaryKeyConstraint("community_id", "intake_id", "sha256", name="pk_intake_blobs"),
    )
    op.create_index("ix_intake_blobs_community_id_sha256", "intake_blobs", ["community_id", "sha256"])
    op.create_table(
        "blobs",
        _key("community_id"),
        _key("sha256"),
        _key("device_id"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("touched_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "sha256", name="pk_blobs"),
    )
    for columns in (["community_id", "device_id", "touched_at"], ["community_id", "touched_at"]):
        op.create_index(f"ix_blobs_{'_'.join(columns)}", "blobs", columns)
