"""Numbers of residents' phones, and what there is to tell them."""

revision = "r0010"
down_revision = "r0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
