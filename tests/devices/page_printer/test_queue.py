"""A vendor's driver in a real cupsd, in front of the printer that is asked for the truth."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

import pytest

from devices.health import Level
from devices.page_printer.api import NotPrinted, Printed, PrinterReason, PrintStage
from devices.page_printer.client import IppClient, IppRefusedError
from devices.page_printer.driver import IppPagePrinter
from devices.page_printer.jobs import job_name
from devices.page_printer.queue import QueuedClient
from tests.support.print_server import PrintServer

if TYPE_CHECKING:
    from simulators.page_printer import SimulatedPagePrinter
    from tests.devices.page_printer.conftest import Bench, Said

PRINTING = (PrintStage.PRINTING, PrinterReason.OK)


def waiting(reason: str) -> "Said":
    return PrintStage.WAITING, PrinterReason(reason)


@dataclass
class Queue:
    """The printer's bench, and the queue before it."""

    bench: "Bench"
    server: PrintServer
    said: "list[Said]" = field(default_factory=list)
    cancel: Event = field(default_factory=Event)

    def driver(self, patience: float = 8.0, user: str = "kiosk") -> IppPagePrinter:
        uri, queue = self.bench.printer.uri, self.server.uri
        return IppPagePrinter(uri, patience=patience, poll=0.05, settle=8.0, queue=queue, user=user)

    def print(
        self, pdf: bytes, when: "dict[Said, Callable[[], object]] | None" = None, patience: float = 8.0
    ) -> Printed | NotPrinted:
        """Print, and do something the first time when the driver says something."""
        still = dict(when or {})

        def progress(stage: PrintStage, reason: PrinterReason) -> None:
            self.said.append((stage, reason))
            still.pop((stage, reason), bool)()

        return self.driver(patience).print_pdf(pdf, progress, self.cancel)

    def set(self, state: str) -> Callable[[], object]:
        return lambda: self.bench.state.set("page_printer", state)

    def is_empty(self) -> bool:
        """Neither a file nor a job's history in the spool, nor an unfinished job at the printer, after a moment."""
        queue, printer = IppClient(self.server.uri), self.bench.client("kiosk")
        return self.bench.eventually(
            lambda: not (self.server.spooled or queue.own_jobs() or printer.own_unfinished_jobs()), seconds=3.0
        )

    def prints_nothing_more(self) -> bool:
        """Well again, with paper: what comes out in the next second is nothing."""
        self.bench.set("ok")
        before = self.bench.sheets()
        time.sleep(0.6)
        return self.bench.sheets() == before and self.is_empty()


@pytest.fixture(scope="module")
def server(running: "SimulatedPagePrinter", unused_port_of_a_module: int) -> Iterator[PrintServer]:
    with PrintServer(unused_port_of_a_module, running.uri) as server:
        yield server


@pytest.fixture
def queue(bench: "Bench", server: PrintServer) -> Queue:
    return Queue(bench, server)


def test_a_page_goes_through_the_vendor_s_driver_and_is_seen_to_come_out(queue: Queue, page: bytes) -> None:
    """Accepted is not printing, which the printer says, and not printed, which it says as well. Nothing is left."""
    assert queue.print(page) == Printed(sheets=1)
    assert [stage for stage, _ in queue.said] == [PrintStage.SENDING, PrintStage.ACCEPTED, PrintStage.PRINTING]
    assert queue.bench.sheets()[-1].read_bytes() != page  # the driver's own, of the same page
    assert queue.is_empty()


def test_the_job_s_name_says_nothing_and_is_another_each_time(queue: Queue, page: bytes) -> None:
    """It is how the printer's job is known for ours."""
    queue.print(page)
    queue.print(page)
    names = [job.name for job in queue.bench.client("kiosk").own_jobs()]
    assert len(set(names[:2])) == 2
    assert all(name.startswith("lamplight.kiosk.") for name in names[:2])


def test_health_is_the_printer_s(queue: Queue) -> None:
    """What it is called, and what is wrong with it: no job is needed to know."""
    assert queue.driver().health().level is Level.READY
    assert ("model", "Lamplight Simulated Laser") in queue.driver().health().facts
    queue.bench.set("toner-low")
    assert queue.driver().health().reason == PrinterReason.TONER_LOW


@pytest.mark.parametrize("state", ["paper-out", "cover-open", "unplugged"])
def test_a_printer_out_of_order_is_known_before_and_the_queue_gets_nothing(
    queue: Queue, page: bytes, state: str
) -> None:
    """A queue alone would have taken the job and waited."""
    queue.bench.set(state)
    reason = PrinterReason.UNREACHABLE if state == "unplugged" else PrinterReason(state)
    assert queue.print(page) == NotPrinted(reason, paper_may_be_out=False)
    assert IppClient(queue.server.uri).own_jobs() == []
    assert queue.server.spooled == []


def test_a_jam_is_told_while_the_queue_knows_of_nothing(queue: Queue, page: bytes) -> None:
    """And when it is cleared, the sheet comes out."""
    printed = queue.print(page, {PRINTING: queue.set("jam"), waiting("jam"): queue.set("ok")})
    assert printed == Printed(sheets=1)
    assert waiting("jam") in queue.said


def test_a_job_that_is_given_up_stays_neither_in_the_queue_nor_in_the_printer(queue: Queue, page: bytes) -> None:
    """The jam is cleared next morning, before the eyes of another."""
    ended = queue.print(page, {PRINTING: queue.set("jam")}, patience=2.0)
    assert ended == NotPrinted(PrinterReason.JAM, paper_may_be_out=True)
    assert queue.prints_nothing_more()


def test_leaving_ends_the_job_at_both(queue: Queue, page: bytes) -> None:
    """Long before patience does."""
    ended = queue.print(page, {PRINTING: queue.set("jam"), waiting("jam"): queue.cancel.set})
    assert ended == NotPrinted(PrinterReason.JAM, paper_may_be_out=True)
    assert queue.prints_nothing_more()


def test_leaving_while_the_job_is_on_its_way_leaves_nothing(queue: Queue, page: bytes) -> None:
    """It may have been anywhere: in the queue, or at the printer already."""
    ended = queue.print(page, {(PrintStage.ACCEPTED, PrinterReason.OK): queue.cancel.set})
    assert isinstance(ended, NotPrinted)
    assert ended.paper_may_be_out
    assert queue.prints_nothing_more()


def test_a_printer_that_was_switched_off_midway_gets_the_job_no_second_time(queue: Queue, page: bytes) -> None:
    """A queue would send it again by itself when the printer is back."""
    before = queue.bench.sheets()
    ended = queue.print(page, {PRINTING: queue.set("unplugged"), waiting("unreachable"): queue.set("ok")})
    assert ended == NotPrinted(PrinterReason.OTHER, paper_may_be_out=True)
    assert queue.prints_nothing_more()
    assert queue.bench.sheets() == before


def test_a_document_the_driver_can_not_read_ends_in_doubt_and_leaves_nothing(queue: Queue) -> None:
    ended = queue.print(b"%PDF-1.7 nothing")
    assert ended == NotPrinted(PrinterReason.OTHER, paper_may_be_out=True)
    assert queue.prints_nothing_more()


def test_a_printer_busy_with_another_is_given_nothing(queue: Queue, page: bytes) -> None:
    """A queue never refuses: it would wait, and print when nobody stands there any more."""
    other, job = queue.bench.client("somebody"), queue.bench.begin_job("somebody")
    ended = queue.print(page, patience=0.4)
    other.cancel(job)
    assert ended == NotPrinted(PrinterReason.BUSY, paper_may_be_out=False)
    assert queue.server.spooled == []


def test_jobs_of_an_earlier_run_are_dropped_at_both(queue: Queue, page: bytes) -> None:
    """The kiosk was killed while the printer was jammed."""
    before = queue.bench.sheets()
    left = IppClient(queue.server.uri)
    job = left.create_job(None, job_name("kiosk", "0000"))
    queue.set("jam")()
    left.send_document(job, page)
    queue.bench.set("jam")
    assert queue.driver().cancel_all_own_jobs() >= 1
    assert queue.prints_nothing_more()
    assert queue.bench.sheets() == before


def test_a_remembered_job_is_dropped_in_the_queue_though_it_lists_none(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A print server of other settings may keep its list to itself; a number it answers for."""
    before = queue.bench.sheets()
    left = IppClient(queue.server.uri)
    job = left.create_job(None, job_name("kiosk", "0000"))
    monkeypatch.setattr(IppClient, "own_unfinished_jobs", lambda _client: [])
    driver = QueuedClient(queue.server.uri, queue.bench.printer.uri, 5.0)
    assert driver.cancel_unfinished(driver.mark(job)) == 1
    monkeypatch.undo()
    assert queue.prints_nothing_more()
    assert queue.bench.sheets() == before


def test_another_kiosk_s_job_is_left_alone_in_the_queue_and_in_the_printer(queue: Queue, page: bytes) -> None:
    """Both print through one server: the one that starts, and is refused as the printer is busy, ends no print of the
    other, which comes out when the jam is cleared."""
    refused: list[object] = []

    def start_beside(stage: PrintStage, reason: PrinterReason) -> None:
        if (stage, reason) == PRINTING and not refused:
            other = queue.driver(patience=0.2, user="kiosk-b")
            assert other.cancel_all_own_jobs() == 0
            refused.append(other.print_pdf(page, lambda _stage, _reason: None, Event()))

    printed = queue.driver(user="kiosk-a").print_pdf(page, start_beside, Event())
    assert refused == [NotPrinted(PrinterReason.BUSY, paper_may_be_out=False)]
    assert printed == Printed(sheets=1)
    names = [job.name for job in queue.bench.client("kiosk-a").own_jobs()]
    assert names[0].startswith("lamplight.kiosk-a.")
    assert not [name for job in queue.bench.client("kiosk-b").own_jobs() if (name := job.name) in names]


def test_a_print_server_that_is_away_is_told_apart_from_the_printer(queue: Queue, page: bytes) -> None:
    """The resident hears that the printer does not respond; the technician, which of the two it is."""
    queue.server.stop()
    try:
        health = queue.driver().health()
        assert (health.level, health.reason) == (Level.DOWN, PrinterReason.UNREACHABLE)
        assert ("error", "print-queue-unavailable") in health.facts
        assert queue.print(page) == NotPrinted(PrinterReason.UNREACHABLE, paper_may_be_out=False)
    finally:
        queue.server.start()


def test_a_print_server_that_dies_while_the_sheet_moves_changes_nothing(queue: Queue, page: bytes) -> None:
    """The printer has the job, and says how it ends. Until the queue is seen to be empty, nobody prints."""
    driver = queue.driver()

    def progress(stage: PrintStage, _: PrinterReason) -> None:
        if stage is PrintStage.PRINTING:
            queue.server.kill()

    assert driver.print_pdf(page, progress, Event()) == Printed(sheets=1)
    assert driver.health().reason == PrinterReason.UNREACHABLE
    queue.server.start()
    assert driver.health().level is Level.READY
    assert queue.prints_nothing_more()


def test_a_queue_that_somebody_held_is_paused(bench: "Bench", free_port: int, page: bytes) -> None:
    """The printer itself is well."""
    with PrintServer(free_port, bench.printer.uri, state="Stopped") as server:
        held = Queue(bench, server)
        assert held.driver().health().reason == PrinterReason.PAUSED
        assert held.print(page) == NotPrinted(PrinterReason.PAUSED, paper_may_be_out=False)
        assert server.spooled == []


def test_a_queue_that_does_not_print_by_ipp_is_refused(bench: "Bench", free_port: int, page: bytes) -> None:
    """Its jobs can't be found at the printer, so none could ever be called printed."""
    with PrintServer(free_port, "socket://localhost:9100") as server:
        health = Queue(bench, server).driver().health()
        assert (health.level, health.reason) == (Level.DOWN, PrinterReason.OTHER)
        assert ("reasons", "queue-prints-by-socket") in health.facts
        ended = Queue(bench, server).print(page)
        assert ended == NotPrinted(PrinterReason.OTHER, paper_may_be_out=False)


def test_a_number_that_another_job_has_now_is_not_ours(queue: Queue) -> None:
    """A print server whose spool is in memory counts from one again after a restart."""
    driver = queue.driver()
    client = driver._client
    ours = client.create_job(None)
    IppClient(queue.server.uri).cancel(ours, purge=True)
    IppClient(queue.server.uri).create_job(None)
    with pytest.raises(IppRefusedError):
        client.job(ours)
