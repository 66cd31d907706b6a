"""The first tables: people, devices, papers, policies and the audit that nobody can rewrite."""

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

_REFUSALS = {
    "audit_keeps_what_it_has": "UPDATE",
    "audit_forgets_nothing": "DELETE",
}


def upgrade() -> None:
    """Make everything."""
    _people()
    _devices()
    _papers()
    _policies_and_counters()
    _audit()
    _seal_the_audit()


def _people() -> None:
    op.create_table(
        "residents",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("id_number", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("former_name", sa.String(length=50), server_default="", nullable=False),
        sa.Column("sex", sa.String(length=8), server_default="", nullable=False),
        sa.Column("nation", sa.String(length=30), server_default="", nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("birthplace", sa.String(length=200), server_default="", nullable=False),
        sa.Column("native_place", sa.String(length=200), server_default="", nullable=False),
        sa.Column("address", sa.String(length=200), server_default="", nullable=False),
        sa.Column("household_type", sa.String(length=20), server_default="", nullable=False),
        sa.Column("household", sa.String(length=64), server_default="", nullable=False),
        sa.Column("householder", sa.String(length=50), server_default="", nullable=False),
        sa.Column("relation", sa.String(length=30), server_default="", nullable=False),
        sa.Column("moved_in", sa.String(length=200), server_default="", nullable=False),
        sa.Column("unclear", sa.Boolean(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "person_id", name="pk_residents"),
        sa.UniqueConstraint("community_id", "id_number", name="uq_residents_community_id_id_number"),
    )
    op.create_table(
        "portraits",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "person_id", name="pk_portraits"),
    )


def _devices() -> None:
    op.create_table(
        "devices",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), server_default="", nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("certificate_serial", sa.String(length=64), nullable=False),
        sa.Column("certificate_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("certificate_pem", sa.Text(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_state", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("community_id", "device_id", name="pk_devices"),
        sa.UniqueConstraint("community_id", "certificate_serial", name="uq_devices_community_id_certificate_serial"),
    )
    op.create_table(
        "enrolment_codes",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), server_default="", nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device_id", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("community_id", "code_hash", name="pk_enrolment_codes"),
    )
    op.create_table(
        "visits",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("visit", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("clear", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("portrait_given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("portrait_key", sa.String(length=64), server_default="", nullable=False),
        sa.Column("face_attempts", sa.Integer(), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "subject_hash", name="pk_visits"),
    )
    op.create_index(
        "ix_visits_community_id_device_id_created_at",
        "visits",
        ["community_id", "device_id", "created_at"],
        unique=False,
    )


def _papers() -> None:
    op.create_table(
        "papers",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("visit", sa.String(length=64), nullable=False),
        sa.Column("replaces", sa.String(length=32), server_default="", nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=44), server_default="", nullable=False),
        sa.Column("void_reason", sa.String(length=32), server_default="", nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "serial", name="pk_papers"),
    )
    op.create_index(
        "ix_papers_community_id_person_id_kind", "papers", ["community_id", "person_id", "kind"], unique=False
    )
    op.create_index("ix_papers_community_id_state", "papers", ["community_id", "state"], unique=False)
    op.create_table(
        "paper_contents",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "serial", name="pk_paper_contents"),
    )
    op.create_table(
        "idempotency",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("operation", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=32), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "device_id", "operation", "key", name="pk_idempotency"),
    )


def _policies_and_counters() -> None:
    op.create_table(
        "policies",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rules_hash", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "version", name="pk_policies"),
    )
    op.create_table(
        "counters",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "name", name="pk_counters"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("visit", sa.String(length=64), server_default="", nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), server_default="", nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "seq", name="pk_audit"),
    )


def _seal_the_audit() -> None:
    """Rows of the audit are only ever added. A database server would have triggers of its own language."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for name, statement in _REFUSALS.items():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {statement} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        )
