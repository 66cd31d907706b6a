"""Every paper: guardians and companions, what a paper was asked for, applications with a receipt, dwellings."""

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and the columns."""
    _register()
    _papers()
    _applications()
    _dwellings()


def _key(name: str, length: int = 64) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), nullable=False)


def _text(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)


def _register() -> None:
    op.add_column("residents", _text("division", 12))
    op.execute("UPDATE residents SET division = substr(id_number, 1, 6)")
    op.create_table(
        "guardianships",
        _key("community_id"),
        _key("child_id"),
        _key("guardian_id"),
        sa.PrimaryKeyConstraint("community_id", "child_id", "guardian_id", name="pk_guardianships"),
    )
    op.create_index("ix_guardianships_community_id_guardian_id", "guardianships", ["community_id", "guardian_id"])
    op.create_table(
        "companions",
        _key("community_id"),
        _key("subject_hash"),
        _key("person_id"),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "subject_hash", "person_id", name="pk_companions"),
    )


def _papers() -> None:
    for name, length in (("about_id", 64), ("dwelling_id", 64), ("application", 32)):
        op.add_column("papers", _text(name, length))
    op.add_column("papers", sa.Column("members", sa.Text(), server_default="", nullable=False))


def _applications() -> None:
    op.create_table(
        "applications",
        _key("community_id"),
        _key("serial", 32),
        _key("person_id"),
        _key("kind", 40),
        _key("outcome", 16),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("ready_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        _key("state", 16),
        sa.Column("settled_at", _INSTANT),
        _text("settled_by", 64),
        sa.PrimaryKeyConstraint("community_id", "serial", name="pk_applications"),
    )
    columns = ["community_id", "person_id", "kind"]
    op.create_index("ix_applications_community_id_person_id_kind", "applications", columns)
    op.create_index("ix_applications_community_id_state", "applications", ["community_id", "state"])
    op.create_table(
        "criminal_records",
        _key("community_id"),
        _key("person_id"),
        _key("outcome", 16),
        sa.PrimaryKeyConstraint("community_id", "person_id", name="pk_criminal_records"),
    )


def _dwellings() -> None:
    op.create_table(
        "dwellings",
        _key("community_id"),
        _key("dwelling_id"),
        _key("building", 8),
        _key("unit", 8),
        _key("room", 8),
        _key("address", 200),
        sa.PrimaryKeyConstraint("community_id", "dwelling_id", name="pk_dwellings"),
        sa.UniqueConstraint(
            "community_id", "building", "unit", "room", name="uq_dwellings_community_id_building_unit_room"
        ),
    )
    op.create_table(
        "dwelling_questions",
        _key("community_id"),
        _key("device_id"),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "device_id", name="pk_dwelling_questions"),
    )
    op.create_table(
        "residences",
        _key("community_id"),
        _key("person_id"),
        _key("dwelling_id"),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.PrimaryKeyConstraint("community_id", "person_id", "dwelling_id", name="pk_residences"),
    )
