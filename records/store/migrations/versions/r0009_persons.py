"""Purposes and tickets of reading, protected persons, second approvals."""

revision = "r0009"
down_revision = "r0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
