"""The audit can't be changed by the service itself."""

revision = "r0011"
down_revision = "r0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
