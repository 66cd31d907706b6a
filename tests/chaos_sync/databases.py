"""What records stand on: a SQLite file, or a PostgreSQL server and its standby, without which it commits nothing and
which takes over once."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from psycopg import sql

from records.sections import DatabaseSettings
from records.settings import Settings
from records.store import guard
from records.store.database import Database
from tests.support import postgresql
from tests.support.postgresql import OWNER, SERVICE, Server

_REPLICATED = {"wal_level": "replica", "max_wal_senders": "4", "fsync": "off"}
_NAME = "records"


@dataclass(frozen=True, slots=True)
class Pair:
    """A server and its standby."""

    primary: Server
    standby: Server

    def fail_over(self, pause_s: float) -> None:
        """The server dies; somebody notices, and has the standby take over."""
        self.primary.kill()
        time.sleep(pause_s)
        self.standby.execute(sql.SQL("SELECT pg_promote()"))


@contextmanager
def standing_on(settings: Settings) -> Iterator[tuple[Settings, Pair | None]]:
    """The settings of this run's database, and the pair, if there is one."""
    if not postgresql.is_chosen():
        yield settings, None
        return
    with ExitStack() as stack:
        pair = _pair(stack)
        places = ",".join(str(each.folder) for each in (pair.primary, pair.standby))
        url = f"postgresql://{SERVICE}@/{_NAME}?host={places}&target_session_attrs=read-write"
        yield settings.model_copy(update={"database": DatabaseSettings(url=url, connections=12)}), pair


def _pair(stack: ExitStack) -> Pair:
    servers = [Server(_REPLICATED), Server(_REPLICATED)]
    for each in servers:
        stack.callback(each.remove)
    primary = servers[0].made()
    primary.create(_NAME)
    database = Database(primary.url(_NAME, OWNER), "pingandeng")
    database.migrate()
    with database.alone() as transaction:
        guard.allow(transaction, SERVICE)
    database.close()
    return Pair(primary, servers[1].following(primary))
