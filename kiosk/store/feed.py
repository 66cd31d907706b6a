"""What the kiosk keeps of the feed: where it stands, and which serials are void (backend_client.changes.FeedStore).

Void is for ever: a snapshot adds to what is held and takes nothing away, because records that were put back from a
backup may know fewer voids than the kiosks that heard of them. What goes is what no paper can outlive: a serial begins
with its year, and no paper holds longer than a year.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from civic.clock import Clock
from terminal.store.database import Database

_ANEW_AFTER = timedelta(days=7)
_LONGEST_YEARS = 1  # backend_client.contract.policy: 365 days, so a paper ends in the year after its serial's


class Feed:
    """Usable from any thread; each change is durable when the call returns."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def says_void(self, serial: str) -> bool:
        """Whether records have ever said that this paper is void."""
        return bool(self._database.query("SELECT 1 FROM void_paper WHERE serial = ?", serial))

    def cursor(self) -> str:
        """Where to go on; empty: with a new snapshot."""
        rows = self._database.query("SELECT cursor, began_at FROM feed")
        if not rows:
            return ""
        cursor, began_at = rows[0]
        age = self._clock.now() - datetime.fromisoformat(began_at)
        return str(cursor) if timedelta(0) <= age < _ANEW_AFTER else ""

    def restart(self, voids: Collection[str], cursor: str, at: datetime) -> None:
        """Hold these void serials too, and drop those of papers that were over before ``at``, by records' clock."""
        now = self._clock.now().astimezone(UTC).isoformat()
        with self._database.transaction():
            self._database.execute("DELETE FROM void_paper WHERE serial < ?", f"{at.year - _LONGEST_YEARS:04}-")
            self._add(voids)
            self._database.execute("INSERT OR REPLACE INTO feed VALUES (1, ?, ?)", cursor, now)

    def apply(self, voids: Collection[str], cursor: str) -> None:
        """Hold these too. What changes nothing is not written."""
        if not voids and self._database.query("SELECT 1 FROM feed WHERE cursor = ?", cursor):
            return
        with self._database.transaction():
            self._add(voids)
            self._database.execute("UPDATE feed SET cursor = ?", cursor)

    def hold(self, serial: str) -> None:
        """Hold one that records told of when they were asked."""
        with self._database.transaction():
            self._add((serial,))

    def _add(self, voids: Collection[str]) -> None:
        for serial in voids:
            self._database.execute("INSERT OR IGNORE INTO void_paper VALUES (?)", serial)
