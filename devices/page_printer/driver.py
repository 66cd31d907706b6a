"""A network or driverless page printer, spoken to directly over IPP: no queue in between that could be wrong. Where a
vendor's driver needs one all the same, queue.py stands between, and asks the printer for what is true.

A job is created empty, then given its document, then asked about until it has ended. So a refusal is certain to have
left no paper, and a connection that breaks while the document travels leaves a job that can still be asked about.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Lock

from devices.errors import DeviceError, DeviceUnavailableError
from devices.health import Health, Level
from devices.page_printer.api import NotPrinted, Printed, PrinterReason, PrintStage, Progress
from devices.page_printer.client import IppClient, IppRefusedError, Status
from devices.page_printer.jobs import USER, Job, JobState
from devices.page_printer.memory import JobMemory
from devices.page_printer.queue import QueuedClient
from devices.page_printer.reasons import condition, integer, texts
from devices.page_printer.wire import Attributes

DEVICE = "page_printer"
_BUSY_PATIENCE = 5.0  # for another's job to end; our own stale ones are cancelled
_TEXT_FACTS = (
    ("model", "printer-make-and-model"),
    ("firmware", "printer-firmware-string-version"),
    ("message", "printer-state-message"),
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one poll showed. ``job`` is None while the printer can't be asked."""

    job: Job | None
    reason: PrinterReason
    stage: PrintStage


class IppPagePrinter:
    """A PagePrinter.

    ``uri``: ``ipp://host/ipp/print`` or ``http://...``. ``patience``: seconds that a job may stand still, waiting for
    a person or silent, before it is cancelled. ``timeout``: seconds for one answer. ``poll``: seconds between two
    questions. ``settle``: seconds that a cancelled job gets to end. ``queue``: a print queue's IPP address, for jobs.
    ``user``: whose jobs these are; those of another kiosk at the same printer are left alone. ``memory``: of the last
    job, which is ended whatever a printer shows of it, also after a power cut.
    """

    def __init__(  # noqa: PLR0913 - settings, each but one with its usual value
        self,
        uri: str,
        patience: float = 60.0,
        timeout: float = 5.0,
        poll: float = 0.3,
        settle: float = 15.0,
        *,
        queue: str = "",
        user: str = USER,
        memory: JobMemory | None = None,
    ) -> None:
        def client(user: str) -> IppClient | QueuedClient:
            return QueuedClient(queue, uri, timeout, user) if queue else IppClient(uri, timeout, user)

        self._client = client(user)
        self._earlier = client(USER) if user != USER else None  # whose jobs every kiosk's once were
        self._memory, self._last = memory, memory.recall() if memory else None
        self._patience = patience
        self._poll = poll
        self._settle = settle
        self._one_job = Lock()
        self._unended = False  # whether the printer may hold a job of ours whose end was never seen
        self._cleared = False  # whether it holds none of before us, either

    def health(self) -> Health:
        """Ask the printer itself. Never raises. Busy, and down, while it holds on to a job that was given up."""
        try:
            attributes = self._client.printer()
            held = self._holds_given_up_job()
        except DeviceError as error:
            return Health(DEVICE, Level.DOWN, PrinterReason.UNREACHABLE, (("error", error.code),))
        now = condition(attributes)
        if held and not now.stops:
            return Health(DEVICE, Level.DOWN, PrinterReason.BUSY, tuple(_facts(attributes, now.keywords)))
        level = Level.DOWN if now.stops else Level.READY if now.worst is PrinterReason.OK else Level.DEGRADED
        return Health(DEVICE, level, now.worst, tuple(_facts(attributes, now.keywords)))

    def print_pdf(self, pdf: bytes, progress: Progress, cancel: Event) -> Printed | NotPrinted:
        """See PagePrinter. A printer that is out of order beforehand is not given the job at all. A job that was
        cancelled by ``cancel``, with nothing wrong, ends as NotPrinted(OK, ...)."""
        with self._one_job:
            progress(PrintStage.SENDING, PrinterReason.OK)
            started = self._start(cancel)
            if isinstance(started, NotPrinted):
                return started
            try:
                if refused := self._send(started, pdf):
                    return refused
                progress(PrintStage.ACCEPTED, PrinterReason.OK)
                return self._follow(started, progress, cancel)
            finally:
                self._unended = not self._client.forget(started) or self._unended

    def cancel_all_own_jobs(self) -> int:
        """Cancel what an earlier run left in the printer; how many jobs that were. Call it at boot, so that refilled
        paper prints nothing stale. Raises DeviceError when the printer can't be asked, and while it prints for us: that
        job is not to be cancelled, and began with the same."""
        if not self._one_job.acquire(blocking=False):
            raise DeviceUnavailableError("it prints")
        try:
            return self._cancel_own()
        finally:
            self._one_job.release()

    def _cancel_own(self) -> int:
        """For who has the printer to themselves."""
        jobs = self._client.cancel_unfinished(self._last)
        if self._earlier and self._last is None:  # nothing was ever printed since kiosks have names of their own
            jobs += self._earlier.cancel_unfinished()
        self._unended, self._cleared = bool(jobs), True  # asked to end is not ended
        return jobs

    def _holds_given_up_job(self) -> bool:
        """Ask again for the end of what was given up while the printer was away: it would come out with the next paper,
        before the eyes of the next resident. False while a print is under way."""
        if not self._unended or not self._one_job.acquire(blocking=False):
            return False
        try:
            return self._cancel_own() > 0
        finally:
            self._one_job.release()

    def _start(self, cancel: Event) -> int | NotPrinted:
        """An empty job's number, or why there is none."""
        until = time.monotonic() + min(self._patience, _BUSY_PATIENCE)
        while not cancel.is_set():
            try:
                attributes = self._client.printer()
                now = condition(attributes)
                if now.stops:
                    return NotPrinted(now.worst, paper_may_be_out=False)
                if (self._cleared and not self._unended) or not self._cancel_own():
                    return self._create(attributes)
            except IppRefusedError as error:
                if error.status != Status.BUSY:
                    return NotPrinted(PrinterReason.OTHER, paper_may_be_out=False)
            except DeviceError:
                return NotPrinted(PrinterReason.UNREACHABLE, paper_may_be_out=False)
            if time.monotonic() > until:
                return NotPrinted(PrinterReason.BUSY, paper_may_be_out=False)
            with suppress(DeviceError):
                self._cancel_own()  # we print one job at a time, so any other of ours is stale
            cancel.wait(self._poll)
        return NotPrinted(PrinterReason.OK, paper_may_be_out=False)

    def _create(self, attributes: Attributes) -> int:
        self._unended = True
        number = self._client.create_job(_color_mode(attributes))
        self._last = self._client.mark(number)
        if self._memory:
            self._memory.keep(self._last)
        return number

    def _send(self, job: int, pdf: bytes) -> NotPrinted | None:
        """Hand over the document. A lost connection decides nothing yet: the job can be asked about. Nor does an error
        that a printer may find while it is printing already."""
        try:
            self._client.send_document(job, pdf)
        except IppRefusedError as error:
            if error.status == Status.DOCUMENT_FORMAT_ERROR or error.status >= Status.SERVER_ERROR:
                return None
            self._cancel(job)
            return NotPrinted(PrinterReason.OTHER, paper_may_be_out=False)
        except DeviceError:
            return None
        return None

    def _follow(self, number: int, progress: Progress, cancel: Event) -> Printed | NotPrinted:
        """Poll until the job has ended, or stands still for too long, or nobody waits for it any more."""
        last, since = _Seen(None, PrinterReason.OK, PrintStage.ACCEPTED), time.monotonic()
        uuid = self._last.uuid if self._last else ""
        while True:
            seen = self._look(number, uuid)
            if isinstance(seen, NotPrinted):
                return seen
            if seen.job and seen.job.state.ended:
                self._unended = False
                return _end(seen.job, seen.reason)
            if (seen.stage, seen.reason) != (last.stage, last.reason):
                progress(seen.stage, seen.reason)
            if seen != last:
                last, since = seen, time.monotonic()
            uuid = seen.job.uuid if seen.job else uuid
            if cancel.wait(self._poll):
                return self._give_up(number, seen.reason, uuid)
            if time.monotonic() - since > self._patience:
                return self._give_up(number, _fault(seen.reason), uuid)

    def _look(self, number: int, uuid: str) -> _Seen | NotPrinted:
        """One poll. NotPrinted when the printer no longer knows the job: it was restarted, and what came out before
        that nobody can tell."""
        try:
            job = self._client.job(number)
            now = condition(self._client.printer())
        except IppRefusedError as error:
            if error.status == Status.NOT_FOUND:
                return NotPrinted(PrinterReason.OTHER, paper_may_be_out=True)
            return _Seen(None, PrinterReason.OTHER, PrintStage.WAITING)
        except DeviceError:
            return _Seen(None, PrinterReason.UNREACHABLE, PrintStage.WAITING)
        if uuid and job.uuid != uuid:
            return NotPrinted(PrinterReason.OTHER, paper_may_be_out=True)
        if now.stops or job.state is JobState.STOPPED:
            return _Seen(job, _fault(now.worst), PrintStage.WAITING)
        printing = job.state is JobState.PROCESSING
        return _Seen(job, PrinterReason.OK, PrintStage.PRINTING if printing else PrintStage.ACCEPTED)

    def _give_up(self, number: int, reason: PrinterReason, uuid: str) -> Printed | NotPrinted:
        """Cancel the job and await its end. A job that had completed before the cancelling counts as printed; one that
        was cancelled may have left its sheet all the same."""
        until = time.monotonic() + self._settle
        cancelled = False
        while time.monotonic() < until:
            cancelled = self._cancel(number) or cancelled
            seen = self._look(number, uuid)
            if isinstance(seen, NotPrinted):
                break
            if seen.job and seen.job.state.ended:
                self._unended = False
                return NotPrinted(reason, paper_may_be_out=True) if cancelled else _end(seen.job, reason)
            time.sleep(self._poll)
        return NotPrinted(reason, paper_may_be_out=True)

    def _cancel(self, number: int) -> bool:
        """Whether the printer took the cancelling on. It refuses when the job has ended, or is ending already."""
        try:
            self._client.cancel(number)
        except DeviceError:
            return False
        return True


def _end(job: Job, reason: PrinterReason) -> Printed | NotPrinted:
    """A completed job left at least one sheet, whatever its counter says; an aborted one, nobody knows."""
    if job.state is JobState.COMPLETED and "job-completed-with-errors" not in job.reasons:
        return Printed(max(job.sheets, 1))
    return NotPrinted(_fault(reason), paper_may_be_out=True)


def _fault(reason: PrinterReason) -> PrinterReason:
    """Something is wrong, and the printer may not say what."""
    return PrinterReason.OTHER if reason is PrinterReason.OK else reason


def _color_mode(attributes: Attributes) -> str | None:
    """The seal is red: colour where there is any."""
    supported = texts(attributes, "print-color-mode-supported")
    return next((mode for mode in ("color", "auto") if mode in supported), None)


def _facts(attributes: Attributes, keywords: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for fact, name in _TEXT_FACTS:
        if values := texts(attributes, name):
            yield fact, values[0]
    if keywords:
        yield "reasons", ", ".join(keywords)
    if (printed := integer(attributes, "printer-impressions-completed")) is not None:
        yield "impressions", str(printed)
