"""Numbers that are hidden before their person is registered; what one device may leave behind is counted by indexes."""

import sqlalchemy as sa
from alembic import op

revision = "r0012"
down_revision = "r0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and put other indexes in the place of those that nothing asks any more."""
    for table in ("protections", "applications"):
        op.add_column(table, sa.Column("number_hash", sa.String(length=64), server_default="", nullable=False))
    _index("intakes", before=("person_id",), now=("device_id", "state"))
    _index("blobs", before=("device_id", "touched_at"), now=("device_id", "size"))


def _index(table: str, before: tuple[str, ...], now: tuple[str, ...]) -> None:
    op.drop_index(_name(table, before), table)
    op.create_index(_name(table, now), table, ["community_id", *now])


def _name(table: str, columns: tuple[str, ...]) -> str:
    return "_".join(("ix", table, "community_id", *columns))
