"""What gates are told and what they tell: who may come in by which way, and where the gates stand."""

import sqlalchemy as sa
from alembic import op

revision = "r0016"
down_revision = "r0015"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _holders()
    _ways()
    _grants()
    _gate_doors()
    _slips()
    _phone_links()
    _gate_reports()
    _pass_asks()
    _pass_answers()


def _holders() -> None:
    op.create_table(
        "holders",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "person_id", name="pk_holders"),
        sa.UniqueConstraint("community_id", "holder", name="uq_holders_community_id_holder"),
    )


def _ways() -> None:
    op.create_table(
        "ways",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("way_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("right_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.String(length=172), server_default="", nullable=False),
        sa.Column("label", sa.String(length=16), server_default="", nullable=False),
        sa.Column("notice", sa.String(length=64), server_default="", nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("starts_at", _INSTANT, nullable=True),
        sa.Column("until", _INSTANT, nullable=True),
        sa.Column("cancelled_at", _INSTANT, nullable=True),
        sa.Column("cancelled_why", sa.String(length=16), server_default="", nullable=False),
        sa.Column("proved_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("community_id", "way_id", name="pk_ways"),
    )
    op.create_index("ix_ways_community_id_right_id", "ways", ["community_id", "right_id"])
    op.create_index("ix_ways_community_id_person_id", "ways", ["community_id", "person_id"])
    op.create_index("ix_ways_community_id_ref", "ways", ["community_id", "ref"])


def _grants() -> None:
    op.create_table(
        "grants",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("grant_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("right_id", sa.String(length=32), nullable=False),
        sa.Column("way_id", sa.String(length=32), server_default="", nullable=False),
        sa.Column("building", sa.String(length=8), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.Column("over_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("community_id", "grant_id", name="pk_grants"),
        sa.UniqueConstraint("community_id", "right_id", "way_id", name="uq_grants_community_id_right_id_way_id"),
    )
    op.create_index(
        "ix_grants_community_id_over_at_building_unit", "grants", ["community_id", "over_at", "building", "unit"]
    )
    op.create_index("ix_grants_community_id_person_id", "grants", ["community_id", "person_id"])


def _gate_doors() -> None:
    op.create_table(
        "gate_doors",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("building", sa.String(length=8), server_default="", nullable=False),
        sa.Column("unit", sa.String(length=8), server_default="", nullable=False),
        sa.Column("name_zh", sa.String(length=64), nullable=False),
        sa.Column("name_en", sa.String(length=64), nullable=False),
        sa.Column("face", sa.Boolean(), nullable=False),
        sa.Column("assigned_at", _INSTANT, nullable=False),
        sa.Column("key", sa.String(length=44), server_default="", nullable=False),
        sa.Column("key_signature", sa.String(length=200), server_default="", nullable=False),
        sa.Column("key_certificate", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.String(length=128), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("community_id", "device_id", name="pk_gate_doors"),
    )


def _slips() -> None:
    op.create_table(
        "slips",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("way_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("right_id", sa.String(length=32), nullable=False),
        sa.Column("issued_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("community_id", "number", name="pk_slips"),
        sa.UniqueConstraint("community_id", "way_id", name="uq_slips_community_id_way_id"),
    )
    op.create_index("ix_slips_community_id_right_id", "slips", ["community_id", "right_id"])


def _phone_links() -> None:
    op.create_table(
        "phone_links",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("right_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("public_key", sa.String(length=172), server_default="", nullable=False),
        sa.Column("way_id", sa.String(length=32), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("community_id", "token_hash", name="pk_phone_links"),
    )
    op.create_index("ix_phone_links_community_id_right_id", "phone_links", ["community_id", "right_id"])


def _gate_reports() -> None:
    op.create_table(
        "gate_reports",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("report_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("way_id", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("signature", sa.String(length=200), server_default="", nullable=False),
        sa.Column("genuine", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "report_id", name="pk_gate_reports"),
    )
    op.create_index("ix_gate_reports_community_id_received_at", "gate_reports", ["community_id", "received_at"])
    op.create_index("ix_gate_reports_community_id_way_id", "gate_reports", ["community_id", "way_id"])


def _pass_asks() -> None:
    op.create_table(
        "pass_asks",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("ask_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("approved_by", sa.String(length=32), nullable=False),
        sa.Column("approved_at", _INSTANT, nullable=False),
        sa.Column("key", sa.String(length=44), nullable=False),
        sa.Column("key_sealed", sa.Text(), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("community_id", "ask_id", name="pk_pass_asks"),
    )
    op.create_index("ix_pass_asks_community_id_approved_at", "pass_asks", ["community_id", "approved_at"])


def _pass_answers() -> None:
    op.create_table(
        "pass_answers",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("ask_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.Column("sealed", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("community_id", "ask_id", "device_id", name="pk_pass_answers"),
    )
    op.create_index(
        "ix_pass_answers_community_id_device_id_answered_at",
        "pass_answers",
        ["community_id", "device_id", "answered_at"],
    )
