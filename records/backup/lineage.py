"""On which line of time a server's database stands: taken back or copied, it goes on as another one.

A PostgreSQL server begins a new timeline when it was recovered to an instant or a standby took its place (PostgreSQL
15, 26.3.6); a dump that was put back lies in another database. Either may lack what had been answered already.
"""

from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from records.backup import aftermath
from records.backup.aftermath import Aftermath
from records.context import Records
from records.store import counters
from records.store.database import Transaction
from records.store.tables.keeping import audit

_NAME = "lineage"
_LINE = sa.text("""SELECT (SELECT system_identifier FROM pg_control_system())::text || '/' ||
    left(pg_walfile_name(pg_current_wal_lsn()), 8) || '/' ||
    (SELECT oid FROM pg_database WHERE datname = current_database())::text""")


def follow(records: Records) -> Aftermath | None:
    """Where the database is not the one that was served last: what must not go on as if nothing had happened.

    To be called before anybody is served. The first time, and on SQLite (which ``restore`` alone takes back), nothing.
    """
    if not records.settings.database.url:
        return None
    with records.database.reading() as transaction:
        now, before = _line(transaction), counters.last(transaction, _NAME)
        since = _last_deed(transaction)
    done = aftermath.follow_up(records, since) if since and before not in (0, now) else None
    note(records)
    return done


def note(records: Records) -> None:
    """The database as it stands now is the one to go on with: everything was done already."""
    if records.settings.database.url:
        with records.database.writing() as transaction:
            counters.put(transaction, _NAME, _line(transaction))


def _line(transaction: Transaction) -> int:
    told = str(transaction.connection.execute(_LINE).scalar_one())
    return int.from_bytes(sha256(told.encode()).digest()[:4], "big") >> 1


def _last_deed(transaction: Transaction) -> datetime | None:
    mine = audit.c.community_id == transaction.community
    newest = sa.select(audit.c.at).where(mine).order_by(audit.c.seq.desc()).limit(1)
    found: datetime | None = transaction.connection.execute(newest).scalar()
    return found
