"""Devices that wait to be let in, and keys that are renewed."""

revision = "r0008"
down_revision = "r0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
