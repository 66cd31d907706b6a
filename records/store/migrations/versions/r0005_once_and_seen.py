"""What may happen once: a void paper is reissued by one other, by the database's own word. And what an officer has
seen: the finding of an application, and that somebody lives where they say.
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from records.errors import MigrationError

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None

_REISSUES = sa.text("replaces <> ''")
_STANDING = sa.text(
    "SELECT community_id, replaces, serial FROM papers WHERE replaces <> '' AND state <> 'void' ORDER BY serial"
)
# a void reissue beside another of the same paper is none any more; the audit keeps what it was made for
_LET_GO = sa.text(
    """UPDATE papers SET replaces = '' WHERE state = 'void' AND replaces <> '' AND EXISTS (
        SELECT 1 FROM papers AS other
        WHERE other.community_id = papers.community_id AND other.replaces = papers.replaces
        AND (other.state <> 'void' OR other.serial > papers.serial))"""
)


def upgrade() -> None:
    """Make the index and the columns. MigrationError: several papers that are not void reissue the same one."""
    _require_one_each()
    op.execute(_LET_GO)
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


def _require_one_each() -> None:
    made_for = defaultdict(list)
    for row in op.get_bind().execute(_STANDING):
        made_for[row.community_id, row.replaces].append(row.serial)
    twice = [f"{' and '.join(made)} for {void}" for (_, void), made in made_for.items() if len(made) > 1]
    if twice:
        raise MigrationError(
            "a void paper has one reissue, and here are several: "
            f"{'; '.join(twice)}; void all but one of them (records void SERIAL), then start again"
        )
