"""The audit can't be changed by the service itself: both databases refuse, and its beginning may be an anchor.

Who may do what on a PostgreSQL server stands in ``records.store.guard``: it depends on the users there.
"""

import sqlalchemy as sa
from alembic import op

revision = "r0011"
down_revision = "r0010"
branch_labels = None
depends_on = None

# of the audit's own rows SQLite has refused both since the first tables
_REFUSE = """CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"""
_ON_SERVER = (
    "CREATE TRIGGER audit_keeps_what_it_has BEFORE UPDATE ON audit",
    "CREATE TRIGGER audit_forgets_nothing BEFORE DELETE ON audit",
    "CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit",
    "CREATE TRIGGER audit_anchors_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_anchors",
)
_IN_FILE = (
    "CREATE TRIGGER audit_anchors_keep BEFORE UPDATE ON audit_anchors",
    "CREATE TRIGGER audit_anchors_stay BEFORE DELETE ON audit_anchors",
)


def upgrade() -> None:
    """Make the table and the triggers."""
    op.create_table(
        "audit_anchors",
        sa.Column("community_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "seq", name="pk_audit_anchors"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for words in _IN_FILE:
            op.execute(f"{words} BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END")
        return
    op.execute(_REFUSE)
    for words in _ON_SERVER:
        op.execute(f"{words} FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite()")
