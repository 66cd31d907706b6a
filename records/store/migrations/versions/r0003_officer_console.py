"""The officers' console: accounts, sessions, what slows a guess, and the confirmations they are asked for."""

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _accounts()
    _sessions()
    _confirmations()


def _community() -> "sa.Column[str]":
    return sa.Column("community_id", sa.String(length=64), nullable=False)


def _accounts() -> None:
    op.create_table(
        "officers",
        _community(),
        sa.Column("officer_id", sa.String(length=32), nullable=False),
        sa.Column("display_name", sa.String(length=50), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("password_is_initial", sa.Boolean(), nullable=False),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("disabled_at", _INSTANT),
        sa.PrimaryKeyConstraint("community_id", "officer_id", name="pk_officers"),
    )


def _sessions() -> None:
    op.create_table(
        "console_sessions",
        _community(),
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("officer_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("acted_at", _INSTANT, nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.Column("duty_since", _INSTANT),
        sa.PrimaryKeyConstraint("community_id", "session_hash", name="pk_console_sessions"),
    )
    op.create_table(
        "console_failures",
        _community(),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("who_hash", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "scope", "who_hash", name="pk_console_failures"),
    )


def _confirmations() -> None:
    op.create_table(
        "confirmations",
        _community(),
        sa.Column("confirmation_id", sa.String(length=64), nullable=False),
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("visit", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=6), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("opened_at", _INSTANT),
        sa.Column("decided_at", _INSTANT),
        sa.PrimaryKeyConstraint("community_id", "confirmation_id", name="pk_confirmations"),
    )
    op.create_index("ix_confirmations_community_id_subject_hash", "confirmations", ["community_id", "subject_hash"])
    op.create_index("ix_confirmations_community_id_code", "confirmations", ["community_id", "code"])
