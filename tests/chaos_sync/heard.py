"""A kiosk's feed that writes down all it hears, in the transaction that moves its cursor: for the judge, who compares
each step with what records hold."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend_client.contract.changes import Change
from civic.clock import Clock
from kiosk.store.feed import Feed
from terminal.store.database import Database

_TABLE = "CREATE TABLE IF NOT EXISTS heard (step INTEGER PRIMARY KEY, cursor TEXT, anew INTEGER, said TEXT) STRICT"


@dataclass(frozen=True, slots=True)
class Step:
    """From where it stood to ``cursor``. ``anew``: by a snapshot, ``said`` are void serials; else changes as JSON."""

    cursor: str
    anew: bool
    said: list[Any]


class HeardFeed(Feed):
    """``said``: the items of the page that is being applied, of all topics."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, clock)
        self.said: Sequence[Change] = ()
        self._own = database
        database.execute(_TABLE)

    def restart(self, voids: Collection[str], cursor: str, at: datetime) -> None:
        """See Feed."""
        with self._own.transaction():
            super().restart(voids, cursor, at)
            self._keep(cursor, 1, sorted(voids))

    def apply(self, voids: Collection[str], cursor: str) -> None:
        """See Feed."""
        with self._own.transaction():
            if self.said or cursor != self.cursor():
                self._keep(cursor, 0, [json.loads(each.model_dump_json()) for each in self.said])
            super().apply(voids, cursor)
            self.said = ()

    def _keep(self, cursor: str, anew: int, said: list[Any]) -> None:
        self._own.execute("INSERT INTO heard (cursor, anew, said) VALUES (?, ?, ?)", cursor, anew, json.dumps(said))


def steps_in(database: Database) -> list[Step]:
    """All that was heard, in order: nothing on a disk that has lost all."""
    database.execute(_TABLE)
    rows = database.query("SELECT cursor, anew, said FROM heard ORDER BY step")
    return [Step(cursor, bool(anew), json.loads(said)) for cursor, anew, said in rows]
