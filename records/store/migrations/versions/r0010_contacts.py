"""Numbers of residents' phones, and what there is to tell them."""

import sqlalchemy as sa
from alembic import op

revision = "r0010"
down_revision = "r0009"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _contacts()
    _codes()
    _texts()
    _messages()


def _key(name: str, length: int = 64) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), nullable=False)


def _text(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)


def _contacts() -> None:
    op.create_table(
        "contacts",
        _key("community_id"),
        _key("person_id"),
        sa.Column("sealed", sa.Text(), nullable=False),
        _key("language", 2),
        sa.Column("verified_at", _INSTANT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("hinted_on", sa.Date()),
        sa.Column("warned_at", _INSTANT),
        sa.PrimaryKeyConstraint("community_id", "person_id", name="pk_contacts"),
    )
    op.create_index("ix_contacts_community_id_verified_at", "contacts", ["community_id", "verified_at"])


def _codes() -> None:
    op.create_table(
        "contact_codes",
        _key("community_id"),
        _key("person_id"),
        sa.Column("sealed", sa.Text(), nullable=False),
        _key("language", 2),
        _key("number_hash"),
        _key("code_hash"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", _INSTANT),
        sa.PrimaryKeyConstraint("community_id", "person_id", name="pk_contact_codes"),
    )


def _texts() -> None:
    op.create_table(
        "texts",
        _key("community_id"),
        _key("text_id"),
        _key("person_id"),
        _text("device_id", 64),
        _text("number_hash", 64),
        _key("kind", 16),
        _key("language", 2),
        sa.Column("sealed", sa.Text(), nullable=False),
        _key("state", 8),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("next_at", _INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _text("accepted_id", 64),
        sa.PrimaryKeyConstraint("community_id", "text_id", name="pk_texts"),
    )
    op.create_index("ix_texts_community_id_state_next_at", "texts", ["community_id", "state", "next_at"])
    op.create_index("ix_texts_community_id_kind_created_at", "texts", ["community_id", "kind", "created_at"])


def _messages() -> None:
    op.create_table(
        "messages",
        _key("community_id"),
        _key("message_id"),
        _key("person_id"),
        _key("kind", 24),
        sa.Column("at", _INSTANT, nullable=False),
        _text("ref", 64),
        _text("state", 32),
        sa.PrimaryKeyConstraint("community_id", "message_id", name="pk_messages"),
    )
    op.create_index("ix_messages_community_id_person_id_at", "messages", ["community_id", "person_id", "at"])
    op.create_index("ix_messages_community_id_at", "messages", ["community_id", "at"])
