"""Devices that wait to be let in, keys that are renewed, and how far each device's own audit was."""

import sqlalchemy as sa
from alembic import op

revision = "r0008"
down_revision = "r0007"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns. A code that waits to be used goes on; one that was used is decided already."""
    for name, length in (("next_serial", 64), ("former_serial", 64), ("revoked_reason", 200), ("audit_head", 64)):
        op.add_column("devices", _text(name, length))
    op.add_column("devices", sa.Column("next_pem", sa.Text(), server_default="", nullable=False))
    op.add_column("devices", sa.Column("audit_rows", sa.Integer(), server_default="0", nullable=False))
    for name in ("next_until", "renewed_at", "closed_since", "forked_at"):
        op.add_column("devices", sa.Column(name, _INSTANT))
    for name, length in (("fingerprint", 64), ("decision", 16), ("decided_by", 32)):
        op.add_column("enrolment_codes", _text(name, length))
    op.add_column("enrolment_codes", sa.Column("public_key", sa.Text(), server_default="", nullable=False))
    op.execute("UPDATE enrolment_codes SET decision = 'approved' WHERE device_id <> ''")


def _text(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)
