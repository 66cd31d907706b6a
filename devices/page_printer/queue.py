"""A job that goes to a print queue (cupsd) for a vendor's driver, and is looked for at the printer itself.

A queue knows what it has sent. What became of it, the printer is asked: the job carries a name of its own that the
queue passes on, and it is done when the printer says so of the job of that name. So the queue has to print by IPP.
"""

import time
from contextlib import suppress
from dataclasses import replace
from secrets import token_hex
from urllib.parse import urlsplit

from devices.errors import DeviceError, DeviceTimeoutError, DeviceUnavailableError
from devices.page_printer.client import IppClient, IppRefusedError, Status
from devices.page_printer.jobs import USER, Job, JobState, job_name
from devices.page_printer.memory import JobMark
from devices.page_printer.reasons import integer, texts
from devices.page_printer.wire import Attributes

_OF_THE_QUEUE = ("operations-supported", "document-format-supported", "print-color-mode-supported")
_BY_IPP = ("ipp", "ipps", "http", "https", "dnssd")
_PROCESSING, _STOPPED = 4, 5  # printer-state
_GIVEN_UP = {
    JobState.STOPPED: JobState.ABORTED,  # its filter failed; it would begin anew if somebody told it to
    JobState.ABORTED: JobState.ABORTED,
    JobState.CANCELED: JobState.CANCELED,
}
_PURGES, _BETWEEN_PURGES = 20, 0.1
_AWAY = (DeviceUnavailableError, DeviceTimeoutError)


class QueueUnavailableError(DeviceUnavailableError):
    """The print server is not there, whatever the printer is."""

    code = "print-queue-unavailable"


class QueuedClient:
    """What a driver needs of an IppClient, for one job at a time. ``queue`` and ``printer``: their IPP addresses.
    ``user``: whose jobs these are at both, for the queue passes it on."""

    def __init__(self, queue: str, printer: str, timeout: float, user: str = USER) -> None:
        self._queue = IppClient(queue, timeout, user)
        self._printer = IppClient(printer, timeout, user)
        self._user = user
        self._name = ""  # of the job, at both
        self._arrived = False  # whether the printer has it: what becomes of the queue then, matters no more

    def printer(self) -> Attributes:
        """What the printer says about itself; of what it takes, the driver in the queue decides. A queue that is held
        adds ``paused``; one that does not speak IPP adds a word of ours, and so stops."""
        printer, queue = self._printer.printer(), self._ask_queue()
        reasons = (*printer.get("printer-state-reasons", ()), *_faults(queue))
        accepting = (_accepts(printer) and _accepts(queue),)
        taken = {name: queue[name] for name in _OF_THE_QUEUE if name in queue}
        return {**printer, **taken, "printer-state-reasons": reasons, "printer-is-accepting-jobs": accepting}

    def create_job(self, color_mode: str | None) -> int:
        """An empty job in the queue. Refused as busy while the printer has anybody's: two would be told apart by their
        names only, and a queue never refuses."""
        if self._printer.unfinished_jobs():
            raise IppRefusedError(Status.BUSY)
        self._name, self._arrived = job_name(self._user, token_hex(4)), False
        return self._queue.create_job(color_mode, self._name)

    @staticmethod
    def mark(number: int) -> JobMark:
        """Its number in the queue, which shows a job's user. The printer's job of it has another UUID."""
        return JobMark(number)

    def send_document(self, job: int, document: bytes) -> None:
        """Give the queue the document."""
        self._queue.send_document(job, document)

    def job(self, number: int) -> Job:
        """How the job stands: at the printer, once it is there. Raises IppRefusedError NOT_FOUND when the queue is done
        with it and the printer does not know it: nobody can tell what came out."""
        queued = self._queued(number)  # first: what the queue is done with, the printer must know afterwards
        if there := self._at_printer():
            self._arrived = True
            return there[0]
        if self._arrived or queued is None or queued.state is JobState.COMPLETED:
            raise IppRefusedError(Status.NOT_FOUND)
        if queued.state in _GIVEN_UP and integer(self._ask_queue(), "printer-state") != _PROCESSING:
            return replace(queued, state=_GIVEN_UP[queued.state], uuid="")
        return replace(queued, state=JobState.PENDING, uuid="")

    def cancel(self, number: int) -> None:
        """Ask for the job's end: at the printer first, whose answer counts once it has the job."""
        there = self._at_printer()
        try:
            for job in there:
                self._printer.cancel(job.number)
        finally:
            if there:
                with suppress(DeviceError):
                    self._queue.cancel(number)
        if not there:
            self._queue.cancel(number)

    def forget(self, number: int) -> bool:
        """Let nothing of a job that is over stay in the queue, nor come to the printer yet. False when the queue can't
        be asked: it may still hold it, and must be asked again."""
        self._arrived = False
        try:
            queued = self._queued(number)
            if queued and not queued.state.ended:
                with suppress(IppRefusedError):  # it has just ended
                    self._queue.cancel(number)
            return queued is None or self._purge(number)
        except DeviceError:
            return False

    def cancel_unfinished(self, kept: JobMark | None = None) -> int:
        """Cancel what an earlier run left, at both, and let the queue forget it; how many jobs had not ended. ``kept``
        is one of them, in the queue."""
        left = max(self._queue.cancel_unfinished(kept), self._printer.cancel_unfinished())
        for job in self._queue.own_jobs():
            self._purge(job.number)
        return left

    def _purge(self, number: int) -> bool:
        """Until the print server knows the number no more: it goes on remembering a job whose filters still run."""
        for _ in range(_PURGES):
            try:
                self._queue.cancel(number, purge=True)
            except IppRefusedError as error:
                if error.status == Status.NOT_FOUND:
                    return True
            time.sleep(_BETWEEN_PURGES)  # noqa: TID251 - its filters set their own pace
        return False

    def _ask_queue(self) -> Attributes:
        try:
            return self._queue.printer()
        except _AWAY as error:
            if self._arrived:
                return {}
            raise QueueUnavailableError(error.code) from error

    def _queued(self, number: int) -> Job | None:
        """The job in the queue. A print server that was restarted may have given its number to another."""
        try:
            job = self._queue.job(number)
        except IppRefusedError as error:
            if error.status == Status.NOT_FOUND:
                return None
            raise
        except _AWAY as error:
            if self._arrived:
                return None
            raise QueueUnavailableError(error.code) from error
        return job if job.name == self._name else None

    def _at_printer(self) -> list[Job]:
        """What the printer has of that name, with what is not over first. A queue that tries again makes another job;
        it has a UUID of its own, by which the driver knows."""
        jobs = [job for job in self._printer.own_jobs() if job.name == self._name]
        return sorted(jobs, key=lambda job: (job.state.ended, job.state is not JobState.COMPLETED, -job.number))


def _accepts(attributes: Attributes) -> bool:
    return attributes.get("printer-is-accepting-jobs") != (False,)


def _faults(queue: Attributes) -> tuple[str, ...]:
    held = ("paused",) if integer(queue, "printer-state") == _STOPPED else ()
    schemes = {urlsplit(uri).scheme for uri in texts(queue, "device-uri")}
    return held + tuple(f"queue-prints-by-{scheme}" for scheme in sorted(schemes) if scheme not in _BY_IPP)
