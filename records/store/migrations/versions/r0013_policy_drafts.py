"""Rules that are being changed, and what the second account said of them."""

revision = "r0013"
down_revision = "r0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
