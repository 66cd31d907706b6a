"""Identification by every document and by a typed number: documents of persons, what proved a visit, tries, alerts."""

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add columns to people and visits, and three tables."""
    _people()
    _visits()
    _guessing()


def _people() -> None:
    op.add_column("residents", sa.Column("latin_name", sa.String(length=100), server_default="", nullable=False))
    op.add_column("residents", sa.Column("deceased", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "person_documents",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("issuing_state", sa.String(length=3), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "kind", "issuing_state", "number", name="pk_person_documents"),
    )


def _visits() -> None:
    for name, length in (("doubt", 24), ("claim_hash", 64), ("portrait_of", 64), ("proven_by", 16)):
        op.add_column("visits", sa.Column(name, sa.String(length=length), server_default="", nullable=False))
    kind = sa.Column("document", sa.String(length=24), server_default="resident_card", nullable=False)
    op.add_column("visits", kind)
    op.add_column("visits", sa.Column("statement", sa.Text(), server_default="", nullable=False))
    # a visit that is open while records are brought up to date goes on
    op.execute("UPDATE visits SET portrait_of = person_id")
    op.execute("UPDATE visits SET proven_by = 'statement' WHERE proven_at IS NOT NULL")


def _guessing() -> None:
    op.create_table(
        "tries",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("visit", sa.String(length=64), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("told_to", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("community_id", "subject_hash", name="pk_tries"),
    )
    op.create_index("ix_tries_community_id_number_hash_at", "tries", ["community_id", "number_hash", "at"])
    op.create_index("ix_tries_community_id_device_id_at", "tries", ["community_id", "device_id", "at"])
    op.create_table(
        "alerts",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("alert_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("device_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("number_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", _INSTANT, nullable=False),
        sa.Column("last_at", _INSTANT, nullable=False),
        sa.Column("closed_at", _INSTANT),
        sa.Column("closed_by", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("community_id", "alert_id", name="pk_alerts"),
        sa.UniqueConstraint(
            "community_id", "kind", "day", "device_id", "number_hash",
            name="uq_alerts_community_id_kind_day_device_id_number_hash",
        ),
    )  # fmt: skip
