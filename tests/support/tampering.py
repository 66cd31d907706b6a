"""Somebody with the owner's rights, or the file in their hands, who rewrites the audit."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from records.context import Records
from records.store.database import Database, Transaction
from tests.support import postgresql

_DOWN = {
    "sqlite": ("DROP TRIGGER audit_keeps_what_it_has", "DROP TRIGGER audit_forgets_nothing"),
    "postgresql": ("ALTER TABLE audit DISABLE TRIGGER USER",),
}


@contextmanager
def owner(records: Records) -> Iterator[Database]:
    """The same database, opened by the owner of its tables: on SQLite that is everybody."""
    url = records.settings.database.url
    if not url:
        yield records.database
        return
    opened = Database(sa.make_url(url).set(username=postgresql.OWNER), records.settings.community)
    yield opened
    opened.close()


@contextmanager
def tampering(records: Records) -> Iterator[Transaction]:
    """A transaction in which nothing refuses to rewrite the audit, and nothing does ever after."""
    with owner(records) as database, database.alone() as transaction:
        for words in _DOWN[transaction.connection.dialect.name]:
            transaction.connection.exec_driver_sql(words)
        yield transaction
