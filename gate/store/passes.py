"""Who came in here, for as long as the policy says, and the half minutes that telephones have shown."""

from datetime import datetime, timedelta

from backend_client.contract.gates import Pass
from backend_client.contract.tenancies import WayKind
from civic.gate_codes import HALF_MINUTE, phone_counter
from gate.store.reports import stamp
from terminal.store.database import Database

SEEN_FOR = timedelta(minutes=2)
"""How long a telephone's half minute is remembered: longer than it could open."""


class Passes:
    """Usable from any thread; each change is durable when the outermost transaction ends."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, door: str, holder: str, at: datetime, kind: WayKind) -> None:
        """Somebody was let in."""
        row = (door, holder, stamp(at), kind.value)
        self._database.execute("INSERT INTO pass (door, holder, at, kind) VALUES (?, ?, ?, ?)", *row)

    def of(self, holder: str, since: datetime, until: datetime, most: int) -> list[Pass]:
        """Those of one holder in ``since`` <= at < ``until``, the oldest first; of more than ``most``, the newest."""
        span = (
            "SELECT door, at, kind FROM pass WHERE holder = ? AND at >= ? AND at < ? ORDER BY at DESC, id DESC LIMIT ?"
        )
        rows = self._database.query(span, holder, stamp(since), stamp(until), most)
        return [Pass(door=door, at=datetime.fromisoformat(at), kind=WayKind(kind)) for door, at, kind in reversed(rows)]

    def count(self) -> int:
        """How many are kept."""
        return int(self._database.query("SELECT count(*) FROM pass")[0][0])

    def use(self, credential: str, counter: int) -> None:
        """This half minute of this telephone has opened."""
        self._database.execute("INSERT OR IGNORE INTO phone_seen VALUES (?, ?)", credential, counter)

    def used(self, credential: str) -> frozenset[int]:
        """The half minutes of this telephone that are remembered."""
        rows = self._database.query("SELECT counter FROM phone_seen WHERE credential = ?", credential)
        return frozenset(counter for (counter,) in rows)

    def forget(self, at: datetime, days: int) -> int:
        """Drop what is older than the policy allows; how many passes went."""
        with self._database.transaction():
            oldest = phone_counter(at - SEEN_FOR - timedelta(seconds=HALF_MINUTE))
            self._database.execute("DELETE FROM phone_seen WHERE counter < ?", oldest)
            return self._database.execute("DELETE FROM pass WHERE at < ?", stamp(at - timedelta(days=days)))
