"""The journal of issuing: what was true of each paper when the power failed.

One row per attempt. A row's state is on the disk before the next step begins, so that after any interruption the row
says what may have happened since (docs/issuing.md holds the table and the decision for each state). Beside the state
stands the wish: what records are still to be told. A row is settled when records have answered.

    RESERVING -> RESERVED -> SEALED -> SPOOLED -> PRINTED         as far as the paper came
        |           |          |          |          |
        +-----------+----------+----------+----------+-- wish VOID(reason), from PRINTED also DELIVER
                                                                  |
                                                               SETTLED(outcome)
"""

from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from threading import Lock
from uuid import UUID, uuid4, uuid5

from backend_client.contract.papers import VoidReason
from civic.clock import Clock
from civic.errors import CodedError
from forms.paper import Medium, PaperKind
from terminal.store.database import Database, Row, Value

MIGRATIONS = "kiosk.store.migrations"
_AS_BEGUN = "state = 'reserving' AND wish IS NULL"
_COLUMNS = "id, key, kind, purpose, replaces, state, serial, digest, wish, reason, outcome, refusal, medium"


class AttemptState(StrEnum):
    """How far the paper came. SPOOLED stands on the disk before the first byte goes to the printer."""

    RESERVING = "reserving"
    RESERVED = "reserved"
    SEALED = "sealed"
    SPOOLED = "spooled"
    PRINTED = "printed"
    SETTLED = "settled"


class Wish(StrEnum):
    """What records are to be told."""

    DELIVER = "deliver"
    VOID = "void"


class Outcome(StrEnum):
    """What records hold in the end."""

    DELIVERED = "delivered"
    VOID = "void"


class IllegalTransitionError(CodedError):
    """The journal was asked for a step that its table does not have."""

    code = "journal-illegal-transition"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row, as it is on the disk. Nothing personal."""

    id: int
    key: UUID
    kind: PaperKind
    purpose: str
    replaces: str
    state: AttemptState
    serial: str | None = None
    digest: str | None = None
    wish: Wish | None = None
    reason: VoidReason | None = None
    outcome: Outcome | None = None
    refusal: str = ""
    medium: Medium = Medium.PAGE

    def key_for(self, step: str) -> UUID:
        """The Idempotency-Key of a later write of this attempt: the same each time it is asked."""
        return uuid5(self.key, step)


@dataclass(frozen=True, slots=True)
class JournalCounts:
    """For the technician's page: attempts under way, wishes untold, of these refused by records, and settled."""

    under_way: int
    untold: int
    refused: int
    settled: int


class Journal:
    """Usable from any thread. Raises StoreUnwritableError when a step can't be made durable: don't take the step."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._live: set[int] = set()  # attempts that a thread of this process is working on
        self._lock = Lock()

    # --- the steps of one attempt ---

    def begin(self, kind: PaperKind, purpose: str, replaces: str = "", medium: Medium = Medium.PAGE) -> Attempt:
        """A new attempt with a new key, about to ask records for a serial.

        An earlier one that was printed and never answered for has been left by its visit: it is an orphan from here on.
        """
        now, key = self._now(), uuid4()
        insert = (
            "INSERT INTO paper_attempt (key, kind, purpose, replaces, medium, state, begun_at, changed_at)"
            " VALUES (?, ?, ?, ?, ?, 'reserving', ?, ?)"
        )
        with self._lock, self._database.transaction():
            self._database.execute(insert, str(key), kind.value, purpose, replaces, medium.value, now, now)
            attempt = self._select("key = ?", str(key))[0]
            self._live -= {each.id for each in self._select("state = 'printed' AND wish IS NULL")}
            self._live.add(attempt.id)
        return attempt

    def reserved(self, attempt: Attempt, serial: str, medium: Medium | None = None) -> Attempt:
        """Records named the serial. ``medium``: what it will be printed on, if not what it was begun for."""
        change = "state = 'reserved', serial = ?, medium = ?"
        return self._update(attempt, _AS_BEGUN, change, serial, (medium or attempt.medium).value)

    def sealed(self, attempt: Attempt, digest: bytes) -> Attempt:
        """Records signed this digest (SHA-256, 32 bytes), and will sign no other for the serial."""
        return self._advance(attempt, AttemptState.RESERVED, AttemptState.SEALED, "digest", digest.hex())

    def spooled(self, attempt: Attempt) -> Attempt:
        """From here on a sheet may come out."""
        return self._advance(attempt, AttemptState.SEALED, AttemptState.SPOOLED)

    def printed(self, attempt: Attempt) -> Attempt:
        """The printer itself says that the job is complete."""
        return self._advance(attempt, AttemptState.SPOOLED, AttemptState.PRINTED)

    # --- what records are to be told ---

    def wish_delivered(self, attempt: Attempt) -> Attempt:
        """The paper counts as handed over."""
        wished = self._update(attempt, "state = 'printed' AND wish IS NULL", "wish = 'deliver'")
        self.release(attempt)
        return wished

    def wish_void(self, attempt: Attempt, reason: VoidReason) -> Attempt:
        """The paper is not to count, whatever became of it."""
        condition = "state <> 'settled' AND wish IS NULL"
        wished = self._update(attempt, condition, "wish = 'void', reason = ?", reason.value)
        self.release(attempt)
        return wished

    def settled(self, attempt: Attempt, outcome: Outcome, serial: str = "") -> Attempt:
        """Records have answered. Telling twice is harmless as long as the answer is the same."""
        with self._database.transaction():
            now = self._by_id(attempt.id)
            if now.state is AttemptState.SETTLED and now.outcome is outcome:
                return now
            change = "state = 'settled', outcome = ?, serial = coalesce(serial, nullif(?, '')), refusal = ''"
            return self._update(attempt, "state <> 'settled' AND wish IS NOT NULL", change, outcome.value, serial)

    def refused(self, attempt: Attempt, code: str) -> Attempt:
        """Records said no to the wish; it stays, and the technician's page shows the code. What another thread has
        settled meanwhile stays settled."""
        with self._database.transaction():
            now = self._by_id(attempt.id)
            if now.state is AttemptState.SETTLED:
                return now
            return self._update(attempt, "state <> 'settled' AND wish IS NOT NULL", "refusal = ?", code)

    def release(self, attempt: Attempt) -> None:
        """No thread works on the attempt any more. If it has no wish by now, it is an orphan."""
        with self._lock:
            self._live.discard(attempt.id)

    # --- questions ---

    def orphans(self) -> tuple[Attempt, ...]:
        """Attempts without a wish that nobody in this process works on: what a crash or a full disk left behind."""
        with self._lock:
            rows = self._select("state <> 'settled' AND wish IS NULL")
            return tuple(attempt for attempt in rows if attempt.id not in self._live)

    def untold(self) -> tuple[Attempt, ...]:
        """Attempts whose wish records have not answered, oldest first."""
        return self._select("state <> 'settled' AND wish IS NOT NULL")

    def may_be_printing(self) -> bool:
        """Whether an attempt of this process may be at the printer now."""
        return any(attempt.id in self._live for attempt in self._select("state = 'spooled' AND wish IS NULL"))

    def get(self, attempt: Attempt) -> Attempt:
        """The row as it is now."""
        return self._by_id(attempt.id)

    def find(self, serial: str) -> Attempt | None:
        """The attempt that holds this serial."""
        return next(iter(self._select("serial = ?", serial)), None)

    def counts(self) -> JournalCounts:
        """How much is open."""
        row = self._database.query(
            "SELECT count(*) FILTER (WHERE state <> 'settled' AND wish IS NULL),"
            " count(*) FILTER (WHERE state <> 'settled' AND wish IS NOT NULL),"
            " count(*) FILTER (WHERE state <> 'settled' AND refusal <> ''),"
            " count(*) FILTER (WHERE state = 'settled') FROM paper_attempt"
        )[0]
        return JournalCounts(*row)

    # --- the table ---

    def _advance(
        self, attempt: Attempt, old: AttemptState, new: AttemptState, column: str = "refusal", value: str = ""
    ) -> Attempt:
        condition = f"state = '{old}' AND wish IS NULL"
        return self._update(attempt, condition, f"state = '{new}', {column} = ?", value)

    def _update(self, attempt: Attempt, condition: str, change: str, *values: Value) -> Attempt:
        """Change the row if it still is what the caller believes. Every fragment of SQL is a constant of this file."""
        sql = f"UPDATE paper_attempt SET {change}, changed_at = ? WHERE id = ? AND {condition}"  # noqa: S608
        with self._database.transaction():
            if self._database.execute(sql, *values, self._now(), attempt.id) != 1:
                raise IllegalTransitionError(f"{self._by_id(attempt.id).state}: {change.partition(',')[0]}")
            return self._by_id(attempt.id)

    def _by_id(self, number: int) -> Attempt:
        return self._select("id = ?", number)[0]

    def _select(self, condition: str, *values: Value) -> tuple[Attempt, ...]:
        sql = f"SELECT {_COLUMNS} FROM paper_attempt WHERE {condition} ORDER BY id"  # noqa: S608
        return tuple(_attempt(row) for row in self._database.query(sql, *values))

    def _now(self) -> str:
        return self._clock.now().astimezone(UTC).isoformat(timespec="milliseconds")


def _attempt(row: Row) -> Attempt:
    number, key, kind, purpose, replaces, state, serial, digest, wish, reason, outcome, refusal, medium = row
    return Attempt(
        id=number,
        key=UUID(key),
        kind=PaperKind(kind),
        purpose=purpose,
        replaces=replaces,
        state=AttemptState(state),
        serial=serial,
        digest=digest,
        wish=Wish(wish) if wish else None,
        reason=VoidReason(reason) if reason else None,
        outcome=Outcome(outcome) if outcome else None,
        refusal=refusal,
        medium=Medium(medium),
    )
