"""The only place that starts threads.

A job is a blocking function. It yields exactly one event, success or failure: an exception becomes an event, never
silence. Jobs belong to a visit: when the visit is abandoned its cancel event is set, its jobs that still wait for a
thread are not begun, and whatever the others return is dropped, so that a card read begun by one resident never reaches
the next. Results wait in one queue that the UI thread drains, in order.
"""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread
from typing import Generic, TypeVar

E = TypeVar("E")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ticket(Generic[E]):
    """What a running job holds: its cancel flag, and a way to report progress."""

    cancel: Flag
    _queue: "SimpleQueue[tuple[Flag | None, E]]"
    _wake: Callable[[], None]
    _of_visit: bool
    even_if_left: bool = False

    def report(self, event: E) -> None:
        """Deliver a progress event before the job's own end."""
        self._queue.put((self.cancel if self._of_visit else None, event))
        self._wake()


class Jobs(Generic[E]):
    """``wake`` is called from any thread when something waits to be drained."""

    def __init__(self, wake: Callable[[], None], workers: int = 8) -> None:
        self.wake = wake
        self._queue: SimpleQueue[tuple[Flag | None, E]] = SimpleQueue()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._visit = Flag()
        self._closing = Flag()
        self._running: set[Future[None]] = set()
        self._repeating: list[Thread] = []

    def run(
        self, work: Callable[[Ticket[E]], E], failed: Callable[[Exception], E], *, even_if_left: bool = False
    ) -> None:
        """Run ``work`` for the visit that is going on now. ``even_if_left``: it is also begun when the visit ends
        before its turn comes; what it returns is then dropped all the same."""
        ticket = Ticket(self._visit, self._queue, self.wake, _of_visit=True, even_if_left=even_if_left)
        self._submit(ticket, work, failed)

    def run_apart(self, work: Callable[[Ticket[E]], E], failed: Callable[[Exception], E]) -> None:
        """Run ``work`` for the machine: no visit's end cancels it or drops its result."""
        self._submit(Ticket(self._closing, self._queue, self.wake, _of_visit=False), work, failed)

    def repeat(self, name: str, seconds: float, work: Callable[[], None]) -> None:
        """Call ``work`` now and every so many seconds until close. It must not raise; if it does, it is logged once
        per kind of error and called again."""
        thread = Thread(target=self._repeat, args=(name, seconds, work), name=name, daemon=True)
        self._repeating.append(thread)
        thread.start()

    def post(self, event: E) -> None:
        """Deliver an event that is no job's: from a repeating watch."""
        self._queue.put((None, event))
        self.wake()

    def abandon(self) -> None:
        """The visit is over: cancel its jobs and drop whatever they still return."""
        self._visit.set()
        self._visit = Flag()

    def drain(self) -> Iterator[E]:
        """The events that wait, in order, without those of abandoned visits. For the UI thread."""
        while True:
            try:
                visit, event = self._queue.get_nowait()
            except Empty:
                return
            if visit is None or not visit.is_set():
                yield event

    def close(self, patience: float = 5.0) -> None:
        """Cancel everything and wait for its end, at most ``patience`` seconds. What hears no cancel is left behind."""
        deadline = time.monotonic() + patience
        self._visit.set()
        self._closing.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        wait(list(self._running), patience)
        for thread in self._repeating:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _submit(self, ticket: Ticket[E], work: Callable[[Ticket[E]], E], failed: Callable[[Exception], E]) -> None:
        future = self._pool.submit(self._finish, ticket, work, failed)
        self._running.add(future)
        future.add_done_callback(self._running.discard)

    @staticmethod
    def _finish(ticket: Ticket[E], work: Callable[[Ticket[E]], E], failed: Callable[[Exception], E]) -> None:
        if ticket.cancel.is_set() and not ticket.even_if_left:
            return  # its visit ended before it began
        try:
            event = work(ticket)
        except Exception as error:  # noqa: BLE001 - the one place where every failure becomes an event
            event = failed(error)
        ticket.report(event)

    def _repeat(self, name: str, seconds: float, work: Callable[[], None]) -> None:
        """``name`` is all that a log may hold of it: what ``work`` belongs to may know who was here."""
        known: set[type[Exception]] = set()
        while not self._closing.is_set():
            try:
                work()
            except Exception as error:  # noqa: BLE001 - a watch must outlive what it watches
                if type(error) not in known:
                    known.add(type(error))
                    _log.error("%s failed: %s", name, type(error).__name__)
            self._closing.wait(seconds)
