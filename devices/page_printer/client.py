"""One IPP printer over HTTP: asks, and answers in Python values (RFC 8010 section 4, RFC 8011 section 4).

A new connection for each request: nothing to keep alive, to find stale or to lock. No proxy, no redirect.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from enum import IntEnum
from http.client import HTTPConnection, HTTPException
from itertools import count
from urllib.parse import urlsplit

from devices.errors import (
    DeviceError,
    DeviceMisconfiguredError,
    DeviceProtocolError,
    DeviceTimeoutError,
    DeviceUnavailableError,
)
from devices.page_printer import wire
from devices.page_printer.jobs import JOB_ATTRIBUTES, OWNER_ATTRIBUTES, USER, Job, is_of, job_from, job_name
from devices.page_printer.memory import JobMark
from devices.page_printer.reasons import A4, PDF, integer
from devices.page_printer.wire import Attributes, Field, GroupTag, Operation, Response, ValueTag

_DEFAULT_PORTS = {"ipp": 631, "http": 80}
_FIRST_ERROR = 0x0400
_LATEST_JOBS = 20  # of those that are over
_HTTP_OK = 200

_PRINTER_ATTRIBUTES = (
    "printer-state",
    "printer-state-reasons",
    "printer-state-message",
    "printer-alert",
    "printer-is-accepting-jobs",
    "operations-supported",
    "document-format-supported",
    "printer-make-and-model",
    "printer-firmware-string-version",
    "printer-impressions-completed",
    "print-color-mode-supported",
    "media-ready",
    "media-col-ready",
    "device-uri",  # a print server's: where its queue leads to
)


class Status(IntEnum):
    """Refusals that are treated differently from one another (RFC 8011 B.1)."""

    NOT_POSSIBLE = 0x0404
    NOT_FOUND = 0x0406
    DOCUMENT_FORMAT_ERROR = 0x0411
    SERVER_ERROR = 0x0500  # and above
    BUSY = 0x0507


class IppRefusedError(DeviceProtocolError):
    """The printer answered with a client-error or server-error status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"IPP status 0x{status:04x}")
        self.status = status


class IppClient:
    """``uri``: ``ipp://host[:631]/path`` or ``http://...``. Raises DeviceMisconfiguredError on any other. ``user``:
    whose jobs are "own"; another kiosk at the same printer has another."""

    def __init__(self, uri: str, timeout: float = 5.0, user: str = USER) -> None:
        parts = urlsplit(uri)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise DeviceMisconfiguredError("a page printer needs an ipp:// or http:// address")
        self._host, self._path = parts.hostname, parts.path or "/ipp/print"
        self._port = parts.port or _DEFAULT_PORTS[parts.scheme]
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.uri = f"ipp://{host}:{self._port}{self._path}"
        self._timeout = timeout
        self._user = user
        self._numbers = count(1)

    def printer(self) -> Attributes:
        """What the printer says about itself."""
        asked = Field("requested-attributes", ValueTag.KEYWORD, _PRINTER_ATTRIBUTES)
        return self._ask(Operation.GET_PRINTER_ATTRIBUTES, [asked]).first(GroupTag.PRINTER)

    def create_job(self, color_mode: str | None, name: str = "") -> int:
        """An empty job for one A4 sheet side, printed as it is; its number. Nothing is printed before a document.
        ``name``: this user's, unless given."""
        template = [
            Field("media", ValueTag.KEYWORD, (A4,)),
            Field("sides", ValueTag.KEYWORD, ("one-sided",)),
            Field("print-scaling", ValueTag.KEYWORD, ("none",)),
        ]
        if color_mode:
            template.append(Field("print-color-mode", ValueTag.KEYWORD, (color_mode,)))
        called = Field("job-name", ValueTag.NAME, (name or job_name(self._user),))
        answer = self._ask(Operation.CREATE_JOB, [called], template)
        number = integer(answer.first(GroupTag.JOB), "job-id")
        if number is None:
            raise DeviceProtocolError("a job without a number")
        return number

    def send_document(self, job: int, document: bytes, mime_type: str = PDF) -> None:
        """Give the job its only document."""
        fields = [
            Field("job-id", ValueTag.INTEGER, (job,)),
            Field("document-format", ValueTag.MIME_TYPE, (mime_type,)),
            Field("last-document", ValueTag.BOOLEAN, (True,)),
        ]
        self._ask(Operation.SEND_DOCUMENT, fields, document=document)

    def job(self, number: int) -> Job:
        """How a job stands."""
        return job_from(self._told(number))

    def mark(self, number: int) -> JobMark:
        """By what a job is known later. One that the printer tells nothing about is known by its number."""
        try:
            return JobMark(number, self.job(number).uuid)
        except DeviceError:
            return JobMark(number)

    def cancel(self, number: int, *, purge: bool = False) -> None:
        """Ask for the job's end, which comes later. ``purge``: a print server also forgets that it was (CUPS)."""
        fields = [Field("job-id", ValueTag.INTEGER, (number,))]
        if purge:
            fields.append(Field("purge-job", ValueTag.BOOLEAN, (True,)))
        self._ask(Operation.CANCEL_JOB, fields)

    def forget(self, number: int) -> bool:  # noqa: ARG002 - which a print queue needs
        """Whether nothing of a job that has ended can come out any more: a printer that ended it has done so."""
        return True

    def cancel_unfinished(self, kept: JobMark | None = None) -> int:
        """Cancel each of this user's jobs that has not ended; how many those were. ``kept`` is one of them, whatever
        the printer shows of it or lists."""
        jobs = {*self.own_unfinished_jobs(), *self._unfinished(kept)}
        for job in jobs:
            with suppress(DeviceError):
                self.cancel(job)
        return len(jobs)

    def own_unfinished_jobs(self) -> list[int]:
        """The numbers of this user's jobs that have not ended."""
        return _numbers(self._own("not-completed", OWNER_ATTRIBUTES))

    def unfinished_jobs(self) -> list[int]:
        """The numbers of everybody's jobs that have not ended."""
        return _numbers(self._jobs("not-completed", ("job-id",), mine=False))

    def own_jobs(self) -> list[Job]:
        """This user's jobs: those that have not ended, then the latest that have. One that ends meanwhile may be in
        both, and is never in neither."""
        which = ("not-completed", "completed")
        return [job_from(job) for each in which for job in self._own(each, JOB_ATTRIBUTES)]

    def _unfinished(self, kept: JobMark | None) -> Iterator[int]:
        """Its number, if the printer still has this job under it."""
        if kept is None:
            return
        try:
            told = self._told(kept.number)
        except IppRefusedError as error:
            if error.status >= Status.SERVER_ERROR:
                raise
            return  # none of that number, or one that is not for us
        now = job_from(told)
        same = now.uuid == kept.uuid if now.uuid and kept.uuid else is_of(self._user, told)
        if same and not now.state.ended:
            yield kept.number

    def _told(self, number: int) -> Attributes:
        fields = [
            Field("job-id", ValueTag.INTEGER, (number,)),
            Field("requested-attributes", ValueTag.KEYWORD, JOB_ATTRIBUTES),
        ]
        return self._ask(Operation.GET_JOB_ATTRIBUTES, fields).first(GroupTag.JOB)

    def _own(self, which: str, wanted: tuple[str, ...]) -> list[Attributes]:
        """What the printer says is this user's, looked at again: not every printer heeds ``my-jobs``."""
        return [job for job in self._jobs(which, wanted, mine=True) if is_of(self._user, job)]

    def _jobs(self, which: str, wanted: tuple[str, ...], *, mine: bool) -> list[Attributes]:
        fields = [
            Field("which-jobs", ValueTag.KEYWORD, (which,)),
            Field("my-jobs", ValueTag.BOOLEAN, (mine,)),
            Field("requested-attributes", ValueTag.KEYWORD, wanted),
        ]
        if which == "completed":
            fields.append(Field("limit", ValueTag.INTEGER, (_LATEST_JOBS,)))
        return self._ask(Operation.GET_JOBS, fields).all(GroupTag.JOB)

    def _opening(self) -> list[Field]:
        return [
            Field("attributes-charset", ValueTag.CHARSET, ("utf-8",)),
            Field("attributes-natural-language", ValueTag.NATURAL_LANGUAGE, ("en",)),
            Field("printer-uri", ValueTag.URI, (self.uri,)),
        ]

    def _ask(
        self,
        operation: Operation,
        fields: Iterable[Field] = (),
        template: Iterable[Field] = (),
        document: bytes = b"",
    ) -> Response:
        """One request and its answer. Raises IppRefusedError on an error status, DeviceError on everything else."""
        user = Field("requesting-user-name", ValueTag.NAME, (self._user,))
        groups = {GroupTag.OPERATION: [*self._opening(), *fields, user]}
        if job := list(template):
            groups[GroupTag.JOB] = job
        number = next(self._numbers)
        answer = wire.decode(self._post(wire.encode(operation, number, groups, document)))
        if answer.request_id != number:
            raise DeviceProtocolError("an answer to another request")
        if answer.status >= _FIRST_ERROR:
            raise IppRefusedError(answer.status)
        return answer

    def _post(self, body: bytes) -> bytes:
        try:
            with closing(HTTPConnection(self._host, self._port, timeout=self._timeout)) as connection:
                connection.request("POST", self._path, body, {"Content-Type": "application/ipp"})
                answer = connection.getresponse()
                if answer.status != _HTTP_OK:
                    raise DeviceProtocolError(f"HTTP status {answer.status}")
                return answer.read(wire.MAX_MESSAGE_BYTES + 1)
        except TimeoutError as error:
            raise DeviceTimeoutError(f"{self._timeout} s") from error
        except OSError as error:
            raise DeviceUnavailableError(type(error).__name__) from error
        except HTTPException as error:
            raise DeviceProtocolError(type(error).__name__) from error


def _numbers(jobs: list[Attributes]) -> list[int]:
    return [number for job in jobs if (number := integer(job, "job-id")) is not None]
