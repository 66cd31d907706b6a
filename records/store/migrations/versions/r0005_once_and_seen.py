"""What may happen once: a void paper is reissued by one other, by the database's own word. And what an officer has
seen: the finding of an application, and that somebody lives where they say.
"""

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None

_REISSUES = sa.text("replaces <> ''")


def upgrade() -> None:
    """Make the index and the columns."""
    op.create_index(
        "ix_papers_community_id_replaces",
        "papers",
        ["community_id", "replaces"],
        unique=True,
        sqlite_where=_REISSUES,
        postgresql_where=_REISSUES,
    )
    op.add_column("applications", sa.Column("seen_by", sa.String(length=32), server_default="", nullable=False))
    op.add_column("residences", sa.Column("confirmed_on", sa.Date()))
