"""What waits is carried to records: in order, one batch in flight, each item once in effect.

An item's number was fixed when it was put in, so a batch whose answer was lost is sent again as it was, and records
answer ``duplicate``. One answer is one transaction of the store. What records refuse is set aside and never holds up
the rest: a batch that is refused whole is halved until the item is found, as soon as there is a witness that records
take others. Without one it may be nobody's fault: then each run asks about the batch's last and about the next two, so
that no number of poisonous items keeps the good ones behind them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event, Lock
from typing import Final
from uuid import UUID

from backend_client.contract.intakes import IntakeBatch, IntakeItem, IntakeResult, IntakeStatus
from backend_client.errors import RecordsError
from backend_client.outbox.course import Course, course_of
from backend_client.outbox.files import Files
from backend_client.outbox.items import answered, refused
from backend_client.outbox.port import IntakeSession, OutboxStore

_NEXT: Final = 2  # of the queue, asked about alone in one run, while records have taken none


@dataclass(frozen=True, slots=True)
class Drained:
    """How one run ended. ``sent``: items that were answered for; ``held``: of these, those that stay.
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
        self._files = Files(session, store)
        self._lock = Lock()
        self._sent = self._held = 0
        self._taking = False  # records have answered for items in this run
        self._asked = 0  # the last place that was asked about alone, in vain

    def drain(self, cancel: Event, after: int = 0) -> Drained:
        """Send what waits above the place ``after`` until nothing more does, or something keeps it. Raises StoreError;
        ends as soon as it is cancelled: an answer that comes later is a lost one, which changes nothing."""
        with self._lock:
            self._files.begin(anew=not self._held)
            self._sent = self._held = 0
            self._taking, error = False, None
            try:
                for part in self._parts(after):
                    if cancel.is_set():
                        break
                    self._deliver(part, cancel)
                    after = part[-1].sequence
            except RecordsError as caught:
                error = caught
            return Drained(self._sent, self._held, after, error)

    def _parts(self, after: int) -> Iterator[tuple[IntakeItem, ...]]:
        """What is sent at once: only the first may need files, lest those of many wait at records for their items."""
        while items := self._store.ready(after):
            starts = [0, *(place for place in range(1, len(items)) if items[place].blobs)]
            for start, end in zip(starts, [*starts[1:], len(items)], strict=True):
                yield items[start:end]
            after = items[-1].sequence

    def _deliver(self, items: tuple[IntakeItem, ...], cancel: Event) -> None:
        """Raises RecordsError for what is no fault of an item."""
        ready = items if self._files_arrive(items[0], cancel) else items[1:]
        if not ready or cancel.is_set():
            return
        error = self._refused(ready, cancel)
        if error is not None:
            self._find(ready, error, cancel)

    def _find(self, items: tuple[IntakeItem, ...], error: RecordsError, cancel: Event) -> None:
        """Raises ``error`` when records take nothing at all: then it may be no item's fault, and none is set aside."""
        witness = None if self._taking else self._witness(items[-1], cancel)
        if not self._taking:
            raise error
        rest = tuple(item for item in items if item.id != witness)
        for part in _halves(rest) or (rest,):
            self._sort_out(part, cancel)

    def _sort_out(self, items: tuple[IntakeItem, ...], cancel: Event) -> None:
        if not items or cancel.is_set() or (error := self._refused(items, cancel)) is None:
            return
        if len(items) == 1:
            self._settle((refused(items[0], error),), cancel)
        for half in _halves(items):
            self._sort_out(half, cancel)

    def _witness(self, last: IntakeItem, cancel: Event) -> UUID | None:
        """An item that records take by itself. What was asked about in vain is not asked about first the next time."""
        following = self._store.ready(self._asked, _NEXT) or self._store.ready(0, _NEXT)
        for item in (*following, last):
            if self._files_arrive(item, cancel) and self._refused((item,), cancel) is None:
                self._asked = 0
                return item.id
        self._asked = following[-1].sequence if following else 0
        return None

    def _refused(self, items: tuple[IntakeItem, ...], cancel: Event) -> RecordsError | None:
        """None: records have answered for each of them. Raises RecordsError for what is not about items."""
        try:
            results = answered(items, self._session.intakes(IntakeBatch(items=items)))
        except RecordsError as error:
            if course_of(error) is not Course.ITEMS:
                raise
            return error
        self._taking = True
        self._files.missed(items, results)
        self._settle(results, cancel)
        return None

    def _files_arrive(self, item: IntakeItem, cancel: Event) -> bool:
        """Before the item that names them. False: the item is settled already, or there is no time."""
        said = self._files.bring(item, cancel)
        if said is not None:
            self._settle((said,), cancel)
        return said is None and not cancel.is_set()

    def _settle(self, results: tuple[IntakeResult, ...], cancel: Event) -> None:
        if cancel.is_set():
            return
        self._store.settle(results)
        self._sent += len(results)
        self._held += sum(result.status is IntakeStatus.HELD for result in results)


def _halves(items: tuple[IntakeItem, ...]) -> tuple[tuple[IntakeItem, ...], ...]:
    """Two of them; of one item, none."""
    middle = len(items) // 2
    return (items[:middle], items[middle:]) if middle else ()
