"""What is still to be told to records: each once, kept in the transaction that it tells of."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import randbits
from uuid import UUID

from backend_client.contract.gates import MOST_REPORTS, ReportKind
from backend_client.outbox.items import RANDOM_BITS, uuid7
from terminal.store.database import Database

_LATER = timedelta(seconds=1)  # of what tables can tell apart


@dataclass(frozen=True, slots=True)
class Waiting:
    """One report, before it is signed."""

    id: UUID
    kind: ReportKind
    holder: str = field(repr=False)
    credential: str = field(repr=False)
    at: datetime


class Reports:
    """Usable from any thread; each change is durable when the outermost transaction ends."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(self, kind: ReportKind, holder: str, credential: str, at: datetime) -> None:
        """To be told; its number is fixed now, so that telling it twice is harmless. Of one credential what came later
        is told as later, whatever the clock was set to meanwhile: a face is made before it is deleted."""
        newest = self._database.query("SELECT max(at) FROM report WHERE credential = ?", credential)[0][0]
        if newest is not None:
            at = max(at, datetime.fromisoformat(newest) + _LATER)
        row = (str(uuid7(at, randbits(RANDOM_BITS))), kind.value, holder, credential, stamp(at))
        self._database.execute("INSERT INTO report VALUES (?, ?, ?, ?, ?)", *row)

    def waiting(self, most: int = MOST_REPORTS) -> list[Waiting]:
        """The oldest of them."""
        rows = self._database.query("SELECT id, kind, holder, credential, at FROM report ORDER BY id LIMIT ?", most)
        return [
            Waiting(UUID(number), ReportKind(kind), holder, credential, datetime.fromisoformat(at))
            for number, kind, holder, credential, at in rows
        ]

    def answered(self, told: list[Waiting]) -> None:
        """Records have these."""
        self._database.execute_many("DELETE FROM report WHERE id = ?", [(str(each.id),) for each in told])


def stamp(at: datetime) -> str:
    """An instant as the tables hold it: UTC, whole seconds, so that text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
