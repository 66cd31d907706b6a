"""Rules that are being changed, what the second account said of them, and why an officer voided a paper."""

import sqlalchemy as sa
from alembic import op

revision = "r0013"
down_revision = "r0012"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _policy_drafts()
    op.create_index("ix_papers_community_id_reserved_at", "papers", ["community_id", "reserved_at"])
    op.create_table(
        "paper_voids",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=32), nullable=False),
        sa.Column("basis", sa.String(length=24), nullable=False),
        sa.Column("officer_id", sa.String(length=32), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "serial", name="pk_paper_voids"),
    )


def _policy_drafts() -> None:
    op.create_table(
        "policy_drafts",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=32), server_default="", nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("decided_by", sa.String(length=32), server_default="", nullable=False),
        sa.Column("decided_at", _INSTANT),
        sa.Column("reason", sa.String(length=100), server_default="", nullable=False),
        sa.Column("version", sa.Integer()),
        sa.PrimaryKeyConstraint("community_id", "draft_id", name="pk_policy_drafts"),
    )
    op.create_index(
        "ix_policy_drafts_community_id_state_changed_at", "policy_drafts", ["community_id", "state", "changed_at"]
    )
