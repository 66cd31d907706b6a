"""What happened in residents' lives, and what was taken back of it."""

revision = "r0014"
down_revision = "r0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
