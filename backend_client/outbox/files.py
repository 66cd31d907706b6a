"""Files on their way to records, each before the item that names it.

What keeps a file keeps its own item alone: that one is set aside, or stays for a later run, and the others go on.
"""

from collections.abc import Sequence
from threading import Event

from backend_client.contract.base import ProblemCode
from backend_client.contract.intakes import IntakeItem, IntakeResult, IntakeStatus
from backend_client.errors import RecordsError
from backend_client.outbox.course import Course, course_of, takes_no_more
from backend_client.outbox.items import refused
from backend_client.outbox.port import IntakeSession, OutboxStore


class Files:
    """Those of one outbox. For one thread at a time."""

    def __init__(self, session: IntakeSession, store: OutboxStore) -> None:
        self._session = session
        self._store = store
        self._arrived: set[str] = set()  # what records have had, and an item that stays may still need
        self._full = False  # records take no more of them in this run

    def begin(self, *, anew: bool) -> None:
        """A run. ``anew``: no item stayed in the last one; what is still needed is brought again, for records may have
        lost it."""
        self._full = False
        if anew:
            self._arrived.clear()

    def bring(self, item: IntakeItem, cancel: Event) -> IntakeResult | None:
        """None: records have all of its files. Otherwise what becomes of the item without being sent. Raises
        RecordsError for what is no fault of an item."""
        for name in item.blobs:
            if name not in self._arrived and (said := self._bring(item, name, cancel)):
                return said
        return None

    def missed(self, items: Sequence[IntakeItem], results: Sequence[IntakeResult]) -> None:
        """Records answered: the files that they miss are brought again in the next run."""
        for item, result in zip(items, results, strict=True):
            if result.problem is ProblemCode.BLOB_MISSING:
                self._arrived.difference_update(item.blobs)

    def _bring(self, item: IntakeItem, name: str, cancel: Event) -> IntakeResult | None:
        if self._full or cancel.is_set():
            return _later(item)
        try:
            if (content := self._store.blob(name)) is None:
                return _said(item, IntakeStatus.REJECTED, ProblemCode.BLOB_MISMATCH)
            self._session.put_blob(name, content)
        except OSError:
            return _later(item)
        except RecordsError as error:
            return self._refused(item, error)
        self._arrived.add(name)
        return None

    def _refused(self, item: IntakeItem, error: RecordsError) -> IntakeResult:
        if takes_no_more(error):
            self._full = True
            return _later(item)
        if course_of(error) is Course.ITEMS:
            return refused(item, error)
        raise error


def _later(item: IntakeItem) -> IntakeResult:
    return _said(item, IntakeStatus.HELD, ProblemCode.BLOB_MISSING)


def _said(item: IntakeItem, status: IntakeStatus, problem: ProblemCode) -> IntakeResult:
    return IntakeResult(id=item.id, status=status, problem=problem)
