"""What the kiosk keeps of the feed: where it stands, and which serials are void (backend_client.changes.FeedStore).

A snapshot holds only what may still matter, so one a week keeps the table small.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from civic.clock import Clock
from terminal.store.database import Database

_ANEW_AFTER = timedelta(days=7)


class Feed:
    """Usable from any thread; each change is durable when the call returns."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def says_void(self, serial: str) -> bool:
        """Whether records have said that this paper is void. Void is for ever."""
        return bool(self._database.query("SELECT 1 FROM void_paper WHERE serial = ?", serial))

    def cursor(self) -> str:
        """Where to go on; empty: with a new snapshot."""
        rows = self._database.query("SELECT cursor, began_at FROM feed")
        if not rows:
            return ""
        cursor, began_at = rows[0]
        age = self._clock.now() - datetime.fromisoformat(began_at)
        return str(cursor) if timedelta(0) <= age < _ANEW_AFTER else ""

    def restart(self, voids: Collection[str], cursor: str) -> None:
        """Hold these void serials and no others."""
        now = self._clock.now().astimezone(UTC).isoformat()
        with self._database.transaction():
            self._database.execute("DELETE FROM void_paper")
            self._add(voids)
            self._database.execute("INSERT OR REPLACE INTO feed VALUES (1, ?, ?)", cursor, now)

    def apply(self, voids: Collection[str], cursor: str) -> None:
        """Hold these too. What changes nothing is not written."""
        if not voids and self._database.query("SELECT 1 FROM feed WHERE cursor = ?", cursor):
            return
        with self._database.transaction():
            self._add(voids)
            self._database.execute("UPDATE feed SET cursor = ?", cursor)

    def _add(self, voids: Collection[str]) -> None:
        for serial in voids:
            self._database.execute("INSERT OR IGNORE INTO void_paper VALUES (?)", serial)
