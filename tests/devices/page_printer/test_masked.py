"""A printer that tells nobody whose a job is: what this kiosk left there is ended all the same.

The real simulated printer, behind a wire that writes other words over user and name in each answer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from devices.health import Level
from devices.page_printer.api import NotPrinted, PrinterReason, PrintStage
from devices.page_printer.client import IppClient
from devices.page_printer.driver import IppPagePrinter
from devices.page_printer.jobs import job_name
from devices.page_printer.memory import JobMark

if TYPE_CHECKING:
    from tests.devices.page_printer.conftest import Bench

USER = "kiosk-a"
MASKS = {"asterisks": (b"*" * 17, b"*" * 7), "words": (b"Print Job Private", b"unknown")}
ACCOUNT = b"Private Print Job", b"payroll"  # an account of its own: not ours, as far as it says


@contextmanager
def masking(uri: str, name: bytes, user: bytes) -> Iterator[str]:
    """The printer's address, with these in the place of our job's name and user: as long as they are."""
    parts = urlsplit(uri)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = post(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(said.replace(job_name(USER).encode(), name).replace(USER.encode(), user))

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    def post(path: str, body: bytes) -> bytes:
        there = HTTPConnection(parts.hostname or "", parts.port, timeout=5)
        there.request("POST", path, body, {"Content-Type": "application/ipp"})
        said = there.getresponse().read()
        there.close()
        return said

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"ipp://127.0.0.1:{server.server_port}/ipp/print"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Disk:
    """A JobMemory; ``on_keep`` is done while it writes."""

    mark: JobMark | None = None
    on_keep: Callable[[], object] = bool

    def recall(self) -> JobMark | None:
        return self.mark

    def keep(self, mark: JobMark) -> None:
        self.mark = mark
        self.on_keep()


def driver(uri: str, disk: Disk | None = None, user: str = USER) -> IppPagePrinter:
    """It gives up soon, and does not wait for the end."""
    return IppPagePrinter(uri, patience=1.0, poll=0.05, settle=0.0, user=user, memory=disk)


def give_up(bench: "Bench", printer: IppPagePrinter, page: bytes) -> None:
    """A page that jams, and that nobody helps; whether the printer ends it is not awaited."""

    def progress(stage: PrintStage, _reason: PrinterReason) -> None:
        if stage is PrintStage.PRINTING:
            bench.state.set("page_printer", "jam")

    assert printer.print_pdf(page, progress, Event()) == NotPrinted(PrinterReason.JAM, paper_may_be_out=True)


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The printer hears no cancelling until this is called: as one that was switched away just then."""
    genuine, heard = IppClient.cancel, Event()

    def cancel(client: IppClient, number: int, *, purge: bool = False) -> None:
        if heard.is_set():
            genuine(client, number, purge=purge)

    monkeypatch.setattr(IppClient, "cancel", cancel)
    return heard.set


@pytest.mark.parametrize("mask", [*MASKS.values(), ACCOUNT], ids=[*MASKS, "account"])
def test_a_page_that_was_given_up_is_ended_whatever_the_printer_calls_it(
    bench: "Bench", page: bytes, deaf: Callable[[], None], mask: tuple[bytes, bytes]
) -> None:
    """Until then the kiosk is not ready, and refilled paper prints nothing stale."""
    before = bench.sheets()
    with masking(bench.printer.uri, *mask) as uri:
        printer = driver(uri)
        give_up(bench, printer, page)
        deaf()
        assert printer.cancel_all_own_jobs() == 1
        bench.set("ok")
        assert bench.eventually(lambda: printer.health().level is Level.READY)
    assert bench.sheets() == before


@pytest.mark.parametrize("mask", [*MASKS.values(), ACCOUNT], ids=[*MASKS, "account"])
def test_so_it_is_after_a_power_cut(
    bench: "Bench", page: bytes, deaf: Callable[[], None], mask: tuple[bytes, bytes]
) -> None:
    """The new process has nothing but the disk."""
    before, disk = bench.sheets(), Disk()
    with masking(bench.printer.uri, *mask) as uri:
        give_up(bench, driver(uri, disk), page)
        deaf()
        assert driver(uri, disk).cancel_all_own_jobs() == 1
        bench.set("ok")
        assert bench.eventually(lambda: driver(uri, disk).cancel_all_own_jobs() == 0)
    assert bench.sheets() == before


def test_what_is_remembered_is_on_the_disk_before_the_document_is_sent(bench: "Bench", page: bytes) -> None:
    """Were the power cut between the two, no page could come out of a job that nobody knows."""
    sent: list[int] = []
    disk = Disk(on_keep=lambda: sent.append(len(bench.sheets())))
    before, said = len(bench.sheets()), list[PrintStage]()
    driver(bench.printer.uri, disk).print_pdf(page, lambda stage, _reason: said.append(stage), Event())
    assert sent == [before]
    assert disk.mark is not None
    assert disk.mark.number > 0
    assert disk.mark.uuid.startswith("urn:uuid:")


def test_another_s_job_that_got_the_remembered_number_is_left_alone(bench: "Bench") -> None:
    """A printer that was restarted counts from one again: by its UUID it is another; without one, by its user."""
    job = bench.begin_job("somebody")
    for mark in (JobMark(job, "urn:uuid:another"), JobMark(job)):
        assert driver(bench.printer.uri, Disk(mark)).cancel_all_own_jobs() == 0
    assert bench.client("somebody").own_unfinished_jobs() == [job]
    bench.client("somebody").cancel(job)


def test_a_remembered_job_that_is_over_or_forgotten_is_nothing_to_end(bench: "Bench", page: bytes) -> None:
    """The usual start."""
    disk = Disk()
    driver(bench.printer.uri, disk).print_pdf(page, lambda _stage, _reason: None, Event())
    assert bench.eventually(bench.is_idle)
    assert driver(bench.printer.uri, disk).cancel_all_own_jobs() == 0
    assert driver(bench.printer.uri, Disk(JobMark(99999))).cancel_all_own_jobs() == 0


def test_what_an_earlier_release_left_is_ended_at_the_first_start(bench: "Bench") -> None:
    """There every kiosk was ``kiosk``, its jobs ``lamplight``. Once this one has printed, such a job is another's."""
    left = IppClient(bench.printer.uri, user="kiosk")
    bench.eventually(bench.is_idle)
    job = left.create_job(None, "lamplight")
    assert driver(bench.printer.uri, Disk(JobMark(99999))).cancel_all_own_jobs() == 0
    assert left.own_unfinished_jobs() == [job]
    assert driver(bench.printer.uri, Disk()).cancel_all_own_jobs() == 1
    assert bench.eventually(lambda: not left.own_unfinished_jobs())
