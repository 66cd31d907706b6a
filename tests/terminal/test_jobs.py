"""Jobs: one event each, in order, and nothing of an abandoned visit ever reaches the next one."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event

import pytest

from terminal.jobs import Jobs, Ticket

PATIENCE_S = 5.0  # how long a test waits for what must happen; it mostly takes milliseconds
FAST_S = 0.01


@dataclass(slots=True)
class Bell:
    """What ``wake`` rings: counts, and says from which threads."""

    threads: list[int] = field(default_factory=list)
    _rung: threading.Condition = field(default_factory=threading.Condition)

    def ring(self) -> None:
        """Called by the jobs."""
        with self._rung:
            self.threads.append(threading.get_ident())
            self._rung.notify_all()

    def await_rings(self, count: int) -> None:
        """Return once it was rung so often in all."""
        with self._rung:
            assert self._rung.wait_for(lambda: len(self.threads) >= count, PATIENCE_S)


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def jobs(bell: Bell) -> Iterator[Jobs[str]]:
    running: Jobs[str] = Jobs(bell.ring)
    yield running
    running.close()


def says(event: str) -> Callable[[Ticket[str]], str]:
    return lambda _: event


def failed(error: Exception) -> str:
    return f"failed: {type(error).__name__}"


@dataclass(slots=True)
class Slow:
    """A job of a device that hears no cancel: it returns when the test lets it."""

    event: str
    begun: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)
    progress: str = ""

    def __call__(self, ticket: Ticket[str]) -> str:
        """The work."""
        self.begun.set()
        assert self.go_on.wait(PATIENCE_S)
        if self.progress:
            ticket.report(self.progress)
        return self.event


def test_a_job_yields_exactly_one_event(jobs: Jobs[str], bell: Bell) -> None:
    """Its result, once."""
    jobs.run(says("card read"), failed)
    bell.await_rings(1)
    assert list(jobs.drain()) == ["card read"]
    assert list(jobs.drain()) == []
    assert len(bell.threads) == 1


def test_an_exception_becomes_an_event(jobs: Jobs[str], bell: Bell) -> None:
    """Never silence: a flow that waits would wait forever."""

    def breaks(_: Ticket[str]) -> str:
        raise OSError("gone")

    jobs.run(breaks, failed)
    jobs.run_apart(breaks, failed)
    bell.await_rings(2)
    assert list(jobs.drain()) == ["failed: OSError"] * 2


def test_wake_is_called_from_the_threads_that_worked(jobs: Jobs[str], bell: Bell) -> None:
    """The UI thread is rung for, and drains by itself."""
    jobs.run(says("one"), failed)
    jobs.run_apart(says("two"), failed)
    bell.await_rings(2)
    assert threading.get_ident() not in bell.threads


def test_an_event_waits_before_it_is_rung_for(bell: Bell) -> None:
    """Whoever drains on the ring finds it."""
    found: list[str] = []

    def wake() -> None:
        found.extend(ringing.drain())
        bell.ring()

    ringing: Jobs[str] = Jobs(wake)
    ringing.run(says("here"), failed)
    bell.await_rings(1)
    ringing.close()
    assert found == ["here"]


def test_progress_comes_in_order_and_before_the_end(jobs: Jobs[str], bell: Bell) -> None:
    """A progress bar never runs backwards."""

    def prints(ticket: Ticket[str]) -> str:
        for step in range(20):
            ticket.report(f"step {step}")
        return "printed"

    jobs.run(prints, failed)
    bell.await_rings(21)
    assert list(jobs.drain()) == [*(f"step {step}" for step in range(20)), "printed"]


def test_events_are_drained_in_the_order_in_which_they_happened(jobs: Jobs[str], bell: Bell) -> None:
    """Whichever job they are of, and whether it is the visit's or the machine's."""
    slow = Slow("last")
    jobs.run(slow, failed)
    assert slow.begun.wait(PATIENCE_S)
    for count, run in enumerate((jobs.run, jobs.run_apart), 1):
        run(says(f"event {count}"), failed)
        bell.await_rings(count)
    jobs.post("event 3")
    slow.go_on.set()
    bell.await_rings(4)
    assert list(jobs.drain()) == ["event 1", "event 2", "event 3", "last"]


def test_abandoning_a_visit_cancels_its_jobs(jobs: Jobs[str], bell: Bell) -> None:
    """A blocking call looks at this flag."""
    cancelled: list[bool] = []

    def waits(ticket: Ticket[str]) -> str:
        cancelled.append(ticket.cancel.wait(PATIENCE_S))
        return "ended"

    jobs.run(waits, failed)
    jobs.abandon()
    bell.await_rings(1)
    assert cancelled == [True]
    assert list(jobs.drain()) == []


def test_a_late_result_of_one_resident_never_reaches_the_next(jobs: Jobs[str], bell: Bell) -> None:
    """Resident A's card read returns after A has left and B's own job is under way: neither A's progress nor A's
    result is ever drained, and B's is."""
    a, b = Slow("A's card", progress="A's progress"), Slow("B's card", progress="B's progress")
    jobs.run(a, failed)
    assert a.begun.wait(PATIENCE_S)
    jobs.abandon()
    jobs.run(b, failed)
    assert b.begun.wait(PATIENCE_S)
    a.go_on.set()
    bell.await_rings(2)
    assert list(jobs.drain()) == []
    b.go_on.set()
    bell.await_rings(4)
    assert list(jobs.drain()) == ["B's progress", "B's card"]


def test_a_late_failure_of_one_resident_never_reaches_the_next(jobs: Jobs[str], bell: Bell) -> None:
    """It would end B's visit with A's trouble."""
    begun, go_on = Event(), Event()

    def breaks(_: Ticket[str]) -> str:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        raise TimeoutError

    jobs.run(breaks, failed)
    assert begun.wait(PATIENCE_S)
    jobs.abandon()
    go_on.set()
    bell.await_rings(1)
    assert list(jobs.drain()) == []


def test_a_result_that_waited_undrained_is_dropped_with_its_visit(jobs: Jobs[str], bell: Bell) -> None:
    """The last moment: it is in the queue already when the resident leaves."""
    jobs.run(says("A's card"), failed)
    bell.await_rings(1)
    jobs.abandon()
    assert list(jobs.drain()) == []


def test_a_visit_that_ends_while_its_events_are_drained_yields_no_more(jobs: Jobs[str], bell: Bell) -> None:
    """The first event may be what ends it."""
    jobs.run(says("A left"), failed)
    bell.await_rings(1)
    jobs.run(says("A's card"), failed)
    bell.await_rings(2)
    jobs.post("paper is low")
    drained = []
    for event in jobs.drain():
        drained.append(event)
        jobs.abandon()
    assert drained == ["A left", "paper is low"]


def test_what_must_be_done_for_the_machine_survives_the_visit(jobs: Jobs[str], bell: Bell) -> None:
    """A paper that was taken is confirmed although its resident has gone; its result and progress arrive."""
    confirm = Slow("confirmed", progress="confirming")
    jobs.run_apart(confirm, failed)
    assert confirm.begun.wait(PATIENCE_S)
    jobs.abandon()
    confirm.go_on.set()
    bell.await_rings(2)
    assert list(jobs.drain()) == ["confirming", "confirmed"]


def test_a_posted_event_belongs_to_no_visit(jobs: Jobs[str], bell: Bell) -> None:
    """A watch's word is for whoever is there."""
    jobs.post("printer is back")
    jobs.abandon()
    assert list(jobs.drain()) == ["printer is back"]
    assert len(bell.threads) == 1


def test_a_watch_goes_on_after_an_error_and_logs_each_kind_once(
    jobs: Jobs[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A device that fails every poll fills no disk, and its message (which might be personal) is not written."""
    calls, seen_four = [], Event()

    def watch() -> None:
        calls.append(threading.current_thread().name)
        if len(calls) == 4:
            seen_four.set()
        if len(calls) < 4:
            raise (OSError("张明灯"), OSError("张明灯"), KeyError("张明灯"))[len(calls) - 1]

    with caplog.at_level(logging.ERROR):
        jobs.repeat("printer", FAST_S, watch)
        assert seen_four.wait(PATIENCE_S)
    assert [record.getMessage() for record in caplog.records] == ["printer failed: OSError", "printer failed: KeyError"]
    assert set(calls) == {"printer"}


def test_close_stops_the_watches(bell: Bell) -> None:
    """At once, not at the end of their pause, and none is called again."""
    jobs: Jobs[str] = Jobs(bell.ring)
    jobs.repeat("hourly", 3600, bell.ring)
    bell.await_rings(1)
    begun = time.monotonic()
    jobs.close()
    assert time.monotonic() - begun < 1
    assert "hourly" not in [thread.name for thread in threading.enumerate()]
    assert len(bell.threads) == 1


@pytest.mark.parametrize("apart", [False, True])
def test_close_cancels_what_runs_and_drops_what_waits(bell: Bell, apart: bool) -> None:
    """A kiosk that is told to stop does not begin anything more."""
    jobs: Jobs[str] = Jobs(bell.ring, workers=1)
    run = jobs.run_apart if apart else jobs.run
    begun, later = Event(), Slow("later")

    def waits(ticket: Ticket[str]) -> str:
        begun.set()
        assert ticket.cancel.wait(PATIENCE_S)
        return "ended"

    run(waits, failed)
    run(later, failed)
    assert begun.wait(PATIENCE_S)
    jobs.close()
    assert not later.begun.is_set()


def test_close_does_not_wait_forever_for_a_job_that_hears_no_cancel(bell: Bell) -> None:
    """A device may hang; the kiosk still stops, and gives its other devices back."""
    jobs: Jobs[str] = Jobs(bell.ring)
    hung = Slow("late")
    jobs.run(hung, failed)
    assert hung.begun.wait(PATIENCE_S)
    begun = time.monotonic()
    jobs.close(patience=0.05)
    took = time.monotonic() - begun
    hung.go_on.set()
    assert took < 1


def test_a_job_that_waited_for_a_thread_is_not_begun_after_its_visit(bell: Bell) -> None:
    """Nothing is started in the name of somebody who has left: no serial, no print."""
    jobs: Jobs[str] = Jobs(bell.ring, workers=1)
    slow, later = Slow("slow"), Slow("later")
    jobs.run(slow, failed)
    assert slow.begun.wait(PATIENCE_S)
    jobs.run(later, failed)
    jobs.abandon()
    slow.go_on.set()
    jobs.run(says("B's own"), failed)
    bell.await_rings(2)
    assert not later.begun.is_set()
    assert list(jobs.drain()) == ["B's own"]
    jobs.close()
