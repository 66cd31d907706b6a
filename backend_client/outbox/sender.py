"""What waits is carried to records: in order, one batch in flight, each item once in effect.

An item's number was fixed when it was put in, so a batch whose answer was lost is sent again as it was, and records
answer ``duplicate``. One answer is one transaction of the store. What records refuse is set aside and never holds up
the rest: a batch that is refused whole is halved until the item is found; if records take none of it, it is no item's
fault.
"""

from collections import deque
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
            self._send(ready, cancel)
        except RecordsError as error:
            if course_of(error) is not Course.ITEMS:
                raise
            self._find(ready, error, cancel)

    def _find(self, items: tuple[IntakeItem, ...], error: RecordsError, cancel: Event) -> None:
        """Raises ``error`` when records take none of them: then it is no item's fault, and none is set aside."""
        before, suspects, parts = self._sent, list[IntakeResult](), deque(_halves(items))
        while parts and not cancel.is_set():
            part = parts.popleft()
            try:
                self._send(part, cancel)
            except RecordsError as again:
                if course_of(again) is not Course.ITEMS:
                    raise
                suspects += [_refused(item, again) for item in part if len(part) == 1]
                parts.extendleft(reversed(_halves(part)))
            if len(suspects) >= _SUSPICIOUS and self._sent == before:
                break
        if self._sent == before:
            raise error
        self._settle(tuple(suspects), cancel)

    def _send(self, items: tuple[IntakeItem, ...], cancel: Event) -> None:
        self._settle(answered(items, self._session.intakes(IntakeBatch(items=items))), cancel)

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
_SUSPICIOUS: Final = 3  # so many items refused alone, and none taken: it is not about items


def _halves(items: tuple[IntakeItem, ...]) -> list[tuple[IntakeItem, ...]]:
    """Two of them; of one item, none."""
    middle = len(items) // 2
    return [items[:middle], items[middle:]] if middle else []


def _refused(item: IntakeItem, error: RecordsError) -> IntakeResult:
    """Records' answer to a whole request, as one item's."""
    code = error.code.removeprefix("records-")
    known = code in set(ProblemCode)
    return IntakeResult(id=item.id, status=_REJECTED, problem=ProblemCode(code) if known else None)
