"""Client and driver against a printer that does what real printers do on bad days: a scripted HTTP server."""

import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from devices.errors import DeviceProtocolError, DeviceTimeoutError, DeviceUnavailableError
from devices.page_printer.api import NotPrinted, Printed, PrinterReason, PrintStage
from devices.page_printer.client import IppClient, IppRefusedError
from devices.page_printer.driver import IppPagePrinter
from devices.page_printer.jobs import JobState
from devices.page_printer.wire import Field, GroupTag, Operation, ValueTag, encode

Answer = Callable[[int], bytes | None]  # from the request's number; None: no HTTP answer that is any good


def answer(status: int, *fields: Field, group: GroupTag = GroupTag.JOB) -> Answer:
    """A response has a request's shape, with a status where that has its operation."""

    def to(number: int) -> bytes:
        whole = encode(Operation.PRINT_JOB, number, {group: list(fields)})
        return whole[:2] + struct.pack(">H", status) + whole[4:]

    return to


def job(state: JobState, *reasons: str, sheets: int | None = None, uuid: str = "urn:uuid:1") -> Answer:
    counted = [] if sheets is None else [Field("job-impressions-completed", ValueTag.INTEGER, (sheets,))]
    return answer(
        0,
        Field("job-id", ValueTag.INTEGER, (1,)),
        Field("job-uuid", ValueTag.URI, (uuid,)),
        Field("job-state", ValueTag.ENUM, (state,)),
        Field("job-state-reasons", ValueTag.KEYWORD, reasons or ("none",)),
        *counted,
    )


def printer(*reasons: str) -> Answer:
    words = Field("printer-state-reasons", ValueTag.KEYWORD, reasons or ("none",))
    counter = Field("printer-impressions-completed", ValueTag.INTEGER, (4711,))
    firmware = Field("printer-firmware-string-version", ValueTag.TEXT, ("1.2.3",))
    return answer(0, words, counter, firmware, group=GroupTag.PRINTER)


OK = answer(0)
SILENCE: Answer = lambda _number: None  # noqa: E731


@dataclass
class Script:
    """What the printer answers to each operation, in turn; the last answer stays."""

    uri: str = ""
    answers: dict[Operation, list[Answer]] = field(default_factory=dict)
    asked: list[Operation] = field(default_factory=list)
    documents: list[bytes] = field(default_factory=list)

    def next(self, body: bytes) -> bytes | None:
        _version, code, number = struct.unpack(">HHI", body[:8])
        operation = Operation(code)
        self.asked.append(operation)
        if operation is Operation.SEND_DOCUMENT:
            self.documents.append(body)
        answers = self.answers[operation]
        return (answers.pop(0) if len(answers) > 1 else answers[0])(number)

    def processing_until_cancelled(self, then: Answer) -> Answer:
        """A job that goes on and on until somebody asks for its end."""

        def to(number: int) -> bytes | None:
            return (then if Operation.CANCEL_JOB in self.asked else job(JobState.PROCESSING))(number)

        return to

    def driver(self, patience: float = 0.3) -> IppPagePrinter:
        return IppPagePrinter(self.uri, patience=patience, timeout=0.5, poll=0.02, settle=0.3)

    def print(self, patience: float = 0.3, said: list[PrintStage] | None = None) -> Printed | NotPrinted:
        heard = [] if said is None else said
        return self.driver(patience).print_pdf(b"%PDF", lambda stage, _reason: heard.append(stage), Event())


@pytest.fixture
def script() -> Iterator[Script]:
    """A printer where all is well, until a test says otherwise."""
    script = Script(
        answers={
            Operation.GET_PRINTER_ATTRIBUTES: [printer()],
            Operation.CREATE_JOB: [job(JobState.PENDING)],
            Operation.SEND_DOCUMENT: [OK],
            Operation.GET_JOB_ATTRIBUTES: [job(JobState.PROCESSING), job(JobState.COMPLETED, sheets=1)],
            Operation.CANCEL_JOB: [OK],
            Operation.GET_JOBS: [OK],
        }
    )

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = script.next(self.rfile.read(int(self.headers["Content-Length"])))
            if said is None:
                return
            with suppress(ConnectionError):  # a client that did not wait
                self.send_response(200)
                self.end_headers()
                self.wfile.write(said)

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        script.uri = f"ipp://127.0.0.1:{server.server_port}/ipp/print"
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield script
        server.shutdown()
        thread.join()


def test_a_completed_job_without_a_counter_is_one_sheet(script: Script) -> None:
    """Some printers never count; completed is completed."""
    script.answers[Operation.GET_JOB_ATTRIBUTES] = [job(JobState.COMPLETED)]
    assert script.print() == Printed(sheets=1)


@pytest.mark.parametrize(
    "ended", [job(JobState.ABORTED), job(JobState.CANCELED), job(JobState.COMPLETED, "job-completed-with-errors")]
)
def test_a_job_that_ended_badly_leaves_doubt(script: Script, ended: Answer) -> None:
    """Aborted by the printer, cancelled at its panel, completed with errors: nobody knows what came out."""
    script.answers[Operation.GET_JOB_ATTRIBUTES] = [ended]
    assert script.print() == NotPrinted(PrinterReason.OTHER, paper_may_be_out=True)


@pytest.mark.parametrize("status", [0x040B, 0x0400, 0x0501, 0x0506])
def test_a_refused_job_is_certainly_not_printed(script: Script, status: int) -> None:
    """Wrong attributes, bad request, not supported, not accepting: no document was sent."""
    script.answers[Operation.CREATE_JOB] = [answer(status)]
    assert script.print() == NotPrinted(PrinterReason.OTHER, paper_may_be_out=False)
    assert script.documents == []


def test_a_refused_document_is_certainly_not_printed(script: Script) -> None:
    """Its empty job is cancelled, so that it keeps nobody waiting."""
    script.answers[Operation.SEND_DOCUMENT] = [answer(0x040A)]
    assert script.print() == NotPrinted(PrinterReason.OTHER, paper_may_be_out=False)
    assert script.asked[-1] is Operation.CANCEL_JOB


@pytest.mark.parametrize("status", [0x0411, 0x0500, 0x0508])
def test_an_error_found_while_the_document_arrived_decides_nothing(script: Script, status: int) -> None:
    """Some printers print while they receive: the job itself is asked."""
    script.answers[Operation.SEND_DOCUMENT] = [answer(status)]
    script.answers[Operation.GET_JOB_ATTRIBUTES] = [job(JobState.ABORTED, "document-format-error")]
    assert script.print() == NotPrinted(PrinterReason.OTHER, paper_may_be_out=True)


def test_a_lost_answer_to_the_empty_job_is_certainly_not_printed(script: Script) -> None:
    """Whether it exists or not, it has no document."""
    script.answers[Operation.CREATE_JOB] = [SILENCE]
    assert script.print() == NotPrinted(PrinterReason.UNREACHABLE, paper_may_be_out=False)


def test_a_lost_answer_to_the_document_is_followed_up(script: Script) -> None:
    """The job can still be asked about, and says it is complete."""
    script.answers[Operation.SEND_DOCUMENT] = [SILENCE]
    assert script.print() == Printed(sheets=1)


def test_a_job_the_printer_has_lost_leaves_doubt(script: Script) -> None:
    """Not found is not the same as not printed."""
    script.answers[Operation.GET_JOB_ATTRIBUTES] = [job(JobState.PROCESSING), answer(0x0406)]
    assert script.print() == NotPrinted(PrinterReason.OTHER, paper_may_be_out=True)


def test_another_job_under_the_same_number_is_not_ours(script: Script) -> None:
    """Even when it says completed."""
    script.answers[Operation.GET_JOB_ATTRIBUTES] = [
        job(JobState.PROCESSING),
        job(JobState.COMPLETED, uuid="urn:uuid:2"),
    ]
    assert script.print() == NotPrinted(PrinterReason.OTHER, paper_may_be_out=True)


def test_a_job_that_stands_still_without_a_reason_is_given_up(script: Script) -> None:
    """Patience ends for silence too; it is cancelled, and ends."""
    script.answers[Operation.GET_JOB_ATTRIBUTES] = [script.processing_until_cancelled(job(JobState.CANCELED))]
    assert script.print() == NotPrinted(PrinterReason.OTHER, paper_may_be_out=True)
    assert Operation.CANCEL_JOB in script.asked


def test_a_cancelled_job_that_never_ends_is_not_waited_for_for_ever(script: Script) -> None:
    """processing-to-stop-point is no end; but the resident gets an answer."""
    script.answers[Operation.GET_JOB_ATTRIBUTES] = [job(JobState.PROCESSING, "processing-to-stop-point")]
    assert script.print() == NotPrinted(PrinterReason.OTHER, paper_may_be_out=True)


def test_a_cancelled_job_that_says_completed_leaves_doubt(script: Script) -> None:
    """The printer took the cancelling on, and then finished the sheet."""
    script.answers[Operation.GET_JOB_ATTRIBUTES] = [
        script.processing_until_cancelled(job(JobState.COMPLETED, sheets=1))
    ]
    script.answers[Operation.GET_PRINTER_ATTRIBUTES] = [printer(), printer("media-jam-error")]
    assert script.print() == NotPrinted(PrinterReason.JAM, paper_may_be_out=True)


def test_a_job_that_completed_before_it_could_be_cancelled_is_printed(script: Script) -> None:
    """The printer refused to cancel: it was done."""
    script.answers[Operation.CANCEL_JOB] = [answer(0x0404)]
    script.answers[Operation.GET_JOB_ATTRIBUTES] = [
        script.processing_until_cancelled(job(JobState.COMPLETED, sheets=1))
    ]
    assert script.print() == Printed(sheets=1)


def test_a_job_of_before_that_could_not_be_cancelled_is_cancelled_later(script: Script) -> None:
    """The printer did not hear it at the start; it is not ready until it has."""
    left = answer(0, Field("job-id", ValueTag.INTEGER, (1,)))
    script.answers[Operation.GET_JOBS] = [left, left, OK]
    script.answers[Operation.CANCEL_JOB] = [SILENCE, OK]
    driver = script.driver()
    assert driver.cancel_all_own_jobs() == 1
    assert (driver.health().reason, driver.health().reason) == (PrinterReason.BUSY, PrinterReason.OK)
    assert script.asked.count(Operation.CANCEL_JOB) == 2


def test_a_stopped_job_is_shown_as_waiting(script: Script) -> None:
    """Also when the printer gives no reason."""
    script.answers[Operation.GET_JOB_ATTRIBUTES] = [
        job(JobState.PENDING),  # before its document
        job(JobState.STOPPED),
        job(JobState.COMPLETED, sheets=1),
    ]
    said: list[PrintStage] = []
    assert script.print(said=said) == Printed(sheets=1)
    assert said[-1] is PrintStage.WAITING


def test_nothing_personal_is_in_a_request_but_the_document(script: Script) -> None:
    """Job name and user are the same for everybody."""
    script.print()
    (sent,) = script.documents
    assert sent.endswith(b"%PDF")
    assert b"kiosk" in sent
    assert b"application/pdf" in sent


@pytest.mark.parametrize("nonsense", [lambda _number: b"<html>", answer(0, Field("job-state", ValueTag.ENUM, (99,)))])
def test_a_printer_that_speaks_nonsense_is_a_protocol_error(script: Script, nonsense: Answer) -> None:
    """Not IPP at all, or a state that there is not."""
    script.answers[Operation.GET_JOB_ATTRIBUTES] = [nonsense]
    with pytest.raises(DeviceProtocolError):
        IppClient(script.uri).job(1)


def test_an_answer_to_another_request_is_a_protocol_error(script: Script) -> None:
    """Numbers must match."""
    script.answers[Operation.GET_PRINTER_ATTRIBUTES] = [lambda number: printer()(number + 1)]
    with pytest.raises(DeviceProtocolError):
        IppClient(script.uri).printer()


def test_refusal_silence_and_absence_are_told_apart(script: Script) -> None:
    """Three errors for three conditions."""
    script.answers[Operation.CANCEL_JOB] = [answer(0x0404)]
    with pytest.raises(IppRefusedError) as refused:
        IppClient(script.uri).cancel(1)
    assert refused.value.status == 0x0404
    hang = Event()

    def slow(number: int) -> bytes | None:
        hang.wait(1.0)
        return OK(number)

    script.answers[Operation.CANCEL_JOB] = [slow]
    with pytest.raises(DeviceTimeoutError):
        IppClient(script.uri, timeout=0.1).cancel(1)
    hang.set()
    with pytest.raises(DeviceUnavailableError):
        IppClient("http://127.0.0.1:9/ipp/print").printer()


def test_health_never_raises(script: Script) -> None:
    """Nonsense reads as unreachable, with the error's code for the technician."""
    script.answers[Operation.GET_PRINTER_ATTRIBUTES] = [lambda _number: b"\xff" * 20]
    health = script.driver().health()
    assert health.reason == PrinterReason.UNREACHABLE
    assert health.facts == (("error", "device-protocol"),)


def test_health_holds_the_technician_s_facts(script: Script) -> None:
    """Firmware, counter, and the printer's own words."""
    script.answers[Operation.GET_PRINTER_ATTRIBUTES] = [printer("toner-low-warning", "wifi-not-configured-report")]
    facts = dict(script.driver().health().facts)
    assert facts == {
        "firmware": "1.2.3",
        "reasons": "toner-low-warning, wifi-not-configured-report",
        "impressions": "4711",
    }


def test_an_ipv6_address_keeps_its_brackets() -> None:
    """In the URI that the printer is shown."""
    assert IppClient("http://[::1]:8631/ipp/print").uri == "ipp://[::1]:8631/ipp/print"
    assert IppClient("ipp://printer").uri == "ipp://printer:631/ipp/print"
