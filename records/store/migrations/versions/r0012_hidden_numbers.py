"""Numbers that are hidden before their person is registered; the files of a device are counted by an index."""

import sqlalchemy as sa
from alembic import op

revision = "r0012"
down_revision = "r0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; two indexes go that nothing asks any more."""
    for table in ("protections", "applications"):
        op.add_column(table, sa.Column("number_hash", sa.String(length=64), server_default="", nullable=False))
    op.drop_index("ix_intakes_community_id_person_id", "intakes")
    op.drop_index("ix_blobs_community_id_device_id_touched_at", "blobs")
    op.create_index("ix_blobs_community_id_device_id_size", "blobs", ["community_id", "device_id", "size"])
