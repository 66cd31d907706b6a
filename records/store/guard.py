"""What the service's own user of a PostgreSQL server may do: work with every table, and of the audit only add and read.

The tables belong to another user, whose password the service does not have. SQLite has no users: there, whoever may
write the file may write all of it, and the chain of hashes alone tells.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import Connection

from records.store.database import Transaction
from records.store.tables import metadata
from records.store.tables.guard import audit_anchors
from records.store.tables.keeping import audit

_EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
_ON_SERVER = (
    "ALTER TABLE audit DISABLE TRIGGER audit_forgets_nothing",
    "ALTER TABLE audit ENABLE TRIGGER audit_forgets_nothing",
)
_IN_FILE = (
    "DROP TRIGGER audit_forgets_nothing",
    """CREATE TRIGGER audit_forgets_nothing BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
)
_LESS = {audit.name: "SELECT, INSERT", audit_anchors.name: "SELECT", "alembic_version": "SELECT"}


def allow(transaction: Transaction, user: str) -> None:
    """Give ``user`` its rights, and no other ones, on the tables of this version. Said again, it changes nothing."""
    connection = transaction.connection
    quoted = connection.dialect.identifier_preparer.quote
    for table in (*metadata.tables, "alembic_version"):
        connection.exec_driver_sql(f"REVOKE ALL ON {quoted(table)} FROM {quoted(user)}")
        connection.exec_driver_sql(f"GRANT {_LESS.get(table, _EVERYTHING)} ON {quoted(table)} TO {quoted(user)}")


@contextmanager
def lowered(transaction: Transaction) -> Iterator[None]:
    """Rows of the audit may be deleted inside it. ProgrammingError: not by this user, on a server."""
    server = transaction.connection.dialect.name == "postgresql"
    down, up = _ON_SERVER if server else _IN_FILE
    transaction.connection.exec_driver_sql(down)
    yield
    transaction.connection.exec_driver_sql(up)


def could_rewrite(connection: Connection) -> bool:
    """Whether the user of this connection could take the audit's guard away: it owns the table, or is a superuser."""
    if connection.dialect.name != "postgresql":
        return True
    query = sa.text(
        "SELECT pg_has_role(current_user, relowner, 'MEMBER') OR has_table_privilege('audit', 'UPDATE')"
        " FROM pg_class WHERE oid = 'audit'::regclass"
    )
    return bool(connection.execute(query).scalar())
