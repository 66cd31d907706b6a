"""What residents handed in, until records have answered for it: in order, sealed, each change one transaction.

    put -> WAITING -> gone        records hold it (accepted, duplicate)
              |  ^
              v  |  again
            ASIDE -> gone         a technician discarded it with a reason, or 30 days have passed

Files come before the row that names them and go after it, so that an interruption leaves files too many, never one too
few; the next start takes those away (``tidy``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backend_client.contract.base import ProblemCode
from backend_client.contract.devices import OutboxState
from backend_client.contract.intakes import IntakeItem, IntakeResult, IntakeStatus
from backend_client.outbox.items import Sealed
from backend_client.outbox.port import LARGEST, MOST
from civic.clock import Clock
from kiosk.store.blobs import Blobs
from kiosk.store.outbox_rows import COLUMNS, item_of, row_of, within
from terminal.store.audit import Audit, AuditKind
from terminal.store.database import Database, Row, Value
from terminal.store.errors import StoreUnwritableError

ASIDE_KEPT = timedelta(days=30)
UNKNOWN = "unknown"
"""Records gave no reason that their contract knows."""

_INSERT = "INSERT INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', '', NULL)"
_GONE = (IntakeStatus.ACCEPTED, IntakeStatus.DUPLICATE)


@dataclass(frozen=True, slots=True)
class Aside:
    """An item that records refused. ``problem``: their code, or UNKNOWN."""

    sequence: int
    problem: str
    since: datetime


class Outbox:
    """A backend_client.outbox.port.OutboxStore, for any thread. Raises StoreUnwritableError: nothing was changed."""

    def __init__(self, database: Database, audit: Audit, blobs: Blobs, clock: Clock) -> None:
        self._database = database
        self._audit = audit
        self._blobs = blobs
        self._clock = clock

    # --- putting in ---

    def put(self, sealed: Sealed) -> IntakeItem:
        """On the disk, with its place, when this returns. Its files were kept before (``Blobs.keep``)."""
        with self._database.transaction():
            self._database.execute("UPDATE outbox_last SET sequence = sequence + 1")
            item = sealed.item(int(self._database.query("SELECT sequence FROM outbox_last")[0][0]))
            self._database.execute(_INSERT, *row_of(item))
            self._audit.append(AuditKind.INTAKE_TAKEN, sequence=item.sequence)
        return item

    def is_writable(self) -> bool:
        """Whether the disk takes something now: tried, with a change that changes nothing."""
        try:
            self._database.execute("UPDATE outbox_last SET sequence = sequence")
        except StoreUnwritableError:
            return False
        return True

    def tidy(self) -> int:
        """At the start: files that no row names, because the power went between the two. How many."""
        return self._blobs.tidy(self._is_named)

    # --- sending: the sender's port ---

    def ready(self, after: int, most: int = MOST, largest: int = LARGEST) -> tuple[IntakeItem, ...]:
        """The next items that wait; one alone may be larger than ``largest``."""
        query = "SELECT sequence, size FROM outbox WHERE state = 'waiting' AND sequence > ? ORDER BY sequence LIMIT ?"
        chosen = list(within(self._database.query(query, after, most), largest))
        if not chosen:
            return ()
        condition = "state = 'waiting' AND sequence BETWEEN ? AND ?"
        items = tuple(self._readable(self._rows(condition, chosen[0], chosen[-1])))
        return items or self.ready(chosen[-1], most, largest)

    def settle(self, results: Sequence[IntakeResult]) -> None:
        """One answer, one transaction. What is not waiting any more is left as it is."""
        with self._database.transaction():
            named = [name for result in results for name in self._settle(result)]
            if sent := sum(result.status in _GONE for result in results):
                self._audit.append(AuditKind.INTAKES_SENT, count=sent)
        self._drop(named)

    def blob(self, sha256: str) -> bytes | None:
        """A file's content; see Blobs.read."""
        return self._blobs.read(sha256)

    def correct(self, boot: str, skews: Sequence[tuple[int, int]]) -> None:
        """Clock errors that became known after ``put``: (sequence, milliseconds), each written once."""
        with self._database.transaction():
            for sequence, skew in skews:
                change = "UPDATE outbox SET skew_ms = ? WHERE sequence = ? AND boot_id = ? AND skew_ms IS NULL"
                self._database.execute(change, skew, sequence, boot)

    def unmeasured(self, boot: str) -> tuple[IntakeItem, ...]:
        """What was put in during one start of the machine, when nobody knew how wrong the clock was."""
        return tuple(self._readable(self._rows("skew_ms IS NULL AND boot_id = ?", boot)))

    # --- what is there ---

    def state(self) -> OutboxState:
        """Counts, for the heartbeat and the technician."""
        count = "SELECT count(*), coalesce(sum(size), 0) FROM outbox WHERE state = ?"
        (waiting, bytes_waiting), (aside, bytes_aside) = (
            self._database.query(count, state)[0] for state in ("waiting", "aside")
        )
        oldest = self.oldest()
        at = None if oldest is None else oldest.at + timedelta(milliseconds=oldest.skew_ms or 0)
        return OutboxState(waiting=waiting, aside=aside, oldest_at=at, bytes=bytes_waiting + bytes_aside)

    def oldest(self) -> IntakeItem | None:
        """The first that waits: by its place, whatever any clock said."""
        first = "state = 'waiting' AND sequence = (SELECT min(sequence) FROM outbox WHERE state = 'waiting')"
        return next(self._readable(self._rows(first)), None)

    def kept_back(self) -> str:
        """Why the first that waits stayed when it was last sent, a code; empty: it was not sent yet."""
        first = "SELECT min(sequence) FROM outbox WHERE state = 'waiting'"
        rows = self._database.query(f"SELECT problem FROM outbox WHERE sequence = ({first})")  # noqa: S608 - a constant
        return str(rows[0][0]) if rows else ""

    def aside(self) -> tuple[Aside, ...]:
        """What records refused, the first first."""
        rows = self._database.query(
            "SELECT sequence, problem, aside_at FROM outbox WHERE state = 'aside' ORDER BY sequence"
        )
        return tuple(Aside(sequence, problem, datetime.fromisoformat(since)) for sequence, problem, since in rows)

    # --- the technician's ---

    def again(self) -> int:
        """Everything that lies aside waits again, at its old place. How many."""
        with self._database.transaction():
            for each in (aside := self.aside()):
                change = "UPDATE outbox SET state = 'waiting', problem = '', aside_at = NULL WHERE sequence = ?"
                self._database.execute(change, each.sequence)
                self._audit.append(AuditKind.INTAKE_AGAIN, sequence=each.sequence)
        return len(aside)

    def discard(self, reason: str) -> int:
        """Everything that lies aside is gone for good. ``reason``: a code. How many."""
        return self._discard(self.aside(), reason)

    def drop_old(self, now: datetime) -> int:
        """What has lain aside for 30 days. ``now``: records' time, not a clock that anybody can set."""
        return self._discard([each for each in self.aside() if now - each.since >= ASIDE_KEPT], "expired")

    # --- the table ---

    def _settle(self, result: IntakeResult) -> tuple[str, ...]:
        """One result; the names of the files that its item named, when it is gone."""
        row = self._database.query(
            "SELECT sequence, blobs FROM outbox WHERE id = ? AND state = 'waiting'", str(result.id)
        )
        if not row:
            return ()
        sequence, blobs = row[0]
        problem = result.problem.value if result.problem else UNKNOWN
        if result.status in _GONE:
            self._database.execute("DELETE FROM outbox WHERE sequence = ?", sequence)
            return tuple(blobs.split())
        if result.status is IntakeStatus.REJECTED:
            self._set_aside(sequence, problem)
        else:
            self._database.execute("UPDATE outbox SET problem = ? WHERE sequence = ?", problem, sequence)
        return ()

    def _set_aside(self, sequence: int, problem: str) -> None:
        change = "UPDATE outbox SET state = 'aside', problem = ?, aside_at = ? WHERE sequence = ?"
        self._database.execute(change, problem, self._now(), sequence)
        self._audit.append(AuditKind.INTAKE_ASIDE, sequence=sequence, code=problem)

    def _discard(self, aside: Sequence[Aside], reason: str) -> int:
        with self._database.transaction():
            named = [name for each in aside for name in self._take(each.sequence, reason)]
        self._drop(named)
        return len(aside)

    def _take(self, sequence: int, reason: str) -> list[str]:
        blobs: str = self._database.query("SELECT blobs FROM outbox WHERE sequence = ?", sequence)[0][0]
        self._database.execute("DELETE FROM outbox WHERE sequence = ?", sequence)
        self._audit.append(AuditKind.INTAKE_DISCARDED, sequence=sequence, reason=reason)
        return blobs.split()

    def _drop(self, names: Sequence[str]) -> None:
        self._blobs.drop(name for name in names if not self._is_named(name))

    def _is_named(self, name: str) -> bool:
        return bool(self._database.query("SELECT 1 FROM outbox WHERE instr(blobs, ?) LIMIT 1", name))

    def _rows(self, condition: str, *values: Value) -> list[Row]:
        return self._database.query(f"SELECT {COLUMNS} FROM outbox WHERE {condition} ORDER BY sequence", *values)  # noqa: S608 - constants of this file

    def _readable(self, rows: Sequence[Row]) -> Iterator[IntakeItem]:
        """A row that a failing disk has changed is set aside like what records refuse: the others go on."""
        for row in rows:
            try:
                yield item_of(row)
            except ValueError:
                with self._database.transaction():
                    self._set_aside(row[0], ProblemCode.VALIDATION.value)

    def _now(self) -> str:
        return self._clock.now().astimezone(UTC).isoformat(timespec="milliseconds")
