"""Purposes and tickets of reading, protected persons, second approvals."""

import sqlalchemy as sa
from alembic import op

revision = "r0009"
down_revision = "r0008"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _reads()
    _protections()
    _approvals()


def _told(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), nullable=False)


def _text(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)


def _reads() -> None:
    op.create_table(
        "reads",
        _told("community_id", 64),
        sa.Column("read_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        _told("officer_id", 32),
        _told("role", 16),
        _told("purpose", 24),
        _told("ticket", 32),
        _told("outcome", 16),
        _text("person_hash", 64),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "read_id", name="pk_reads"),
    )
    op.create_index("ix_reads_community_id_person_hash_at", "reads", ["community_id", "person_hash", "at"])
    op.create_index("ix_reads_community_id_officer_id_at", "reads", ["community_id", "officer_id", "at"])


def _protections() -> None:
    op.create_table(
        "protections",
        _told("community_id", 64),
        sa.Column("protection_id", sa.Integer(), autoincrement=False, nullable=False),
        _told("person_id", 64),
        _told("basis", 24),
        _told("ticket", 32),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("until", sa.Date()),
        _told("asked_by", 32),
        _told("approved_by", 32),
        sa.Column("ended_at", _INSTANT),
        _text("ended_by", 32),
        sa.PrimaryKeyConstraint("community_id", "protection_id", name="pk_protections"),
    )
    hidden = ["community_id", "ended_at", "person_id"]
    op.create_index("ix_protections_community_id_ended_at_person_id", "protections", hidden)


def _approvals() -> None:
    op.create_table(
        "approvals",
        _told("community_id", 64),
        _told("approval_id", 32),
        _told("matter", 24),
        _told("ticket", 32),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        _text("check_hash", 64),
        _told("state", 16),
        _told("asked_by", 32),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        _text("decided_by", 32),
        sa.Column("decided_at", _INSTANT),
        sa.PrimaryKeyConstraint("community_id", "approval_id", name="pk_approvals"),
    )
    op.create_index("ix_approvals_community_id_state_asked_at", "approvals", ["community_id", "state", "asked_at"])
