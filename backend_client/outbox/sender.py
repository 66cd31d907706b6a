"""What waits is carried to records: in order, one batch in flight, each item once in effect.

An item's number was fixed when it was put in, so a batch whose answer was lost is sent again as it was, and records
answer ``duplicate``. One answer is one transaction of the store. What records refuse is set aside and never holds up
the rest: a batch that is refused whole is halved until the item is found.
"""

from dataclasses import dataclass
from threading import Event, Lock
from typing import Final

from backend_client.contract.base import ProblemCode
from backend_client.contract.intakes import IntakeBatch, IntakeItem, IntakeResult, IntakeStatus
from backend_client.errors import RecordsError
from backend_client.outbox.course import Course, course_of
from backend_client.outbox.items import answered
from backend_client.outbox.port import IntakeSession, OutboxStore


@dataclass(frozen=True, slots=True)
class Drained:
    """How one run ended. ``sent``: items that records have answered for; ``held``: of these, those that stay.
    ``last``: the highest place that was come to. ``error``: what ended it before the end was reached."""

    sent: int = 0
    held: int = 0
    last: int = 0
    error: RecordsError | None = None


class Sender:
    """``drain`` from any thread: one run at a time."""

    def __init__(self, session: IntakeSession, store: OutboxStore) -> None:
        self._session = session
        self._store = store
        self._lock = Lock()
        self._arrived: set[str] = set()  # files that records have had in this run
        self._sent = self._held = 0

    def drain(self, cancel: Event, after: int = 0) -> Drained:
        """Send what waits above the place ``after`` until nothing more does, or something keeps it. Raises StoreError;
        ends as soon as it is cancelled: an answer that comes later is a lost one, which changes nothing."""
        with self._lock:
            self._sent = self._held = 0
            self._arrived.clear()  # records may have lost one: what is still needed is brought again
            error = None
            try:
                while not cancel.is_set() and (items := self._store.ready(after)):
                    self._deliver(items, cancel)
                    after = items[-1].sequence
            except RecordsError as caught:
                error = caught
            return Drained(self._sent, self._held, after, error)

    def _deliver(self, items: tuple[IntakeItem, ...], cancel: Event) -> None:
        """Raises RecordsError for what is no fault of an item."""
        ready = tuple(item for item in items if self._files_arrive(item, cancel))
        if not ready or cancel.is_set():
            return
        try:
            results = answered(ready, self._session.intakes(IntakeBatch(items=ready)))
        except RecordsError as error:
            if course_of(error) is not Course.ITEMS:
                raise
            self._find(ready, error, cancel)
        else:
            self._settle(results, cancel)

    def _find(self, items: tuple[IntakeItem, ...], error: RecordsError, cancel: Event) -> None:
        if len(items) == 1:
            self._settle((_refused(items[0], error),), cancel)
            return
        middle = len(items) // 2
        for half in (items[:middle], items[middle:]):
            self._deliver(half, cancel)

    def _settle(self, results: tuple[IntakeResult, ...], cancel: Event) -> None:
        if cancel.is_set():
            return
        self._store.settle(results)
        self._sent += len(results)
        self._held += sum(result.status is IntakeStatus.HELD for result in results)

    def _files_arrive(self, item: IntakeItem, cancel: Event) -> bool:
        """Before the item that names them. False: the item is settled already, or there is no time."""
        for sha256 in item.blobs:
            if sha256 in self._arrived:
                continue
            content = self._store.blob(sha256)
            if content is None:
                self._settle((IntakeResult(id=item.id, status=_REJECTED, problem=ProblemCode.BLOB_MISMATCH),), cancel)
                return False
            if not self._put(item, sha256, content, cancel):
                return False
        return not cancel.is_set()

    def _put(self, item: IntakeItem, sha256: str, content: bytes, cancel: Event) -> bool:
        if cancel.is_set():
            return False
        try:
            self._session.put_blob(sha256, content)
        except RecordsError as error:
            if course_of(error) is not Course.ITEMS:
                raise
            self._settle((_refused(item, error),), cancel)
            return False
        self._arrived.add(sha256)
        return True


_REJECTED: Final = IntakeStatus.REJECTED


def _refused(item: IntakeItem, error: RecordsError) -> IntakeResult:
    """Records' answer to a whole request, as one item's."""
    code = error.code.removeprefix("records-")
    known = code in set(ProblemCode)
    return IntakeResult(id=item.id, status=_REJECTED, problem=ProblemCode(code) if known else None)
