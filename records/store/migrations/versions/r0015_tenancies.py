"""Who has a right to a flat, by what, and what still waits for somebody's yes."""

import sqlalchemy as sa
from alembic import op

revision = "r0015"
down_revision = "r0014"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and say in which queue an intake stands."""
    _ownerships()
    _tenancies()
    _rights()
    _asks()
    _codes_and_consents()
    op.add_column("intakes", _text("queue", 24))


def _key(name: str, length: int = 64) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), nullable=False)


def _text(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_community_id_{'_'.join(columns)}", table, ["community_id", *columns])


def _ownerships() -> None:
    op.create_table(
        "ownerships",
        _key("community_id"),
        _key("dwelling_id"),
        _key("person_id"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.PrimaryKeyConstraint("community_id", "dwelling_id", "person_id", name="pk_ownerships"),
    )
    _index("ownerships", "person_id")


def _tenancies() -> None:
    op.create_table(
        "tenancies",
        _key("community_id"),
        _key("tenancy_id", 32),
        _key("dwelling_id"),
        _key("tenant_id"),
        _key("state", 12),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        _text("filing_number", 40),
        _text("intake_id", 36),
        _text("renews", 32),
        _text("left_over", 24),
        sa.Column("registered_at", _INSTANT, nullable=False),
        sa.Column("goes_on_at", _INSTANT),
        sa.Column("officer_since", _INSTANT),
        sa.Column("ended_at", _INSTANT),
        _text("ended_why", 24),
        sa.Column("reminded", sa.Integer(), server_default="0", nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "tenancy_id", name="pk_tenancies"),
    )
    for column in ("dwelling_id", "tenant_id", "state", "intake_id", "renews"):
        _index("tenancies", column)


def _rights() -> None:
    op.create_table(
        "rights",
        _key("community_id"),
        _key("right_id", 32),
        _key("dwelling_id"),
        _key("person_id"),
        _key("kind", 12),
        _text("tenancy_id", 32),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("ended_at", _INSTANT),
        _text("ended_why", 24),
        sa.Column("registered_at", _INSTANT, nullable=False),
        sa.Column("hold_until", sa.Date()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("began_at", _INSTANT),
        sa.Column("disputed", sa.Boolean(), server_default=sa.false(), nullable=False),
        _text("intake_id", 36),
        sa.PrimaryKeyConstraint("community_id", "right_id", name="pk_rights"),
    )
    for column in ("person_id", "dwelling_id", "tenancy_id", "intake_id"):
        _index("rights", column)


def _asks() -> None:
    op.create_table(
        "asks",
        _key("community_id"),
        _key("ask_id", 32),
        _key("kind", 12),
        _key("asked_of"),
        _key("asked_by"),
        _text("tenancy_id", 32),
        _text("right_id", 32),
        _text("intake_id", 36),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.Column("goes_on", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date()),
        _text("answer", 12),
        sa.Column("answered_at", _INSTANT),
        sa.PrimaryKeyConstraint("community_id", "ask_id", name="pk_asks"),
    )
    for columns in (("asked_of",), ("tenancy_id",), ("intake_id",), ("answer", "until")):
        _index("asks", *columns)


def _codes_and_consents() -> None:
    op.create_table(
        "landlord_codes",
        _key("community_id"),
        _key("code_hash"),
        _key("ask_id", 32),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "code_hash", name="pk_landlord_codes"),
    )
    op.create_table(
        "consents",
        _key("community_id"),
        _key("consent_id", 32),
        _key("person_id"),
        _key("purpose", 24),
        _text("right_id", 32),
        _text("notice", 64),
        sa.Column("given_at", _INSTANT, nullable=False),
        sa.Column("withdrawn_at", _INSTANT),
        sa.PrimaryKeyConstraint("community_id", "consent_id", name="pk_consents"),
    )
    _index("consents", "person_id")
