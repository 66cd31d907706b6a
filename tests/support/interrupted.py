"""A kiosk that is interrupted at a chosen point while it issues a paper: by kill -9, or by a power cut.

Nothing in the product knows of it: journal, session and printer are wrapped, and every wrapped call reaches a point
before and after. ``python -m tests.support.interrupted`` is a process that forks one child for each line of JSON on its
standard input; the child runs a story and kills itself with SIGKILL at its point, or answers how it ended.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from unittest.mock import patch

from backend_client.contract.papers import Reserve, VoidReason
from backend_client.errors import RecordsUnreachableError
from backend_client.session import RecordsSession
from backend_client.transport import Timeouts
from devices.page_printer.api import NotPrinted, Printed, PrinterReason
from forms.code import CodeKey, sign_code
from forms.paper import PaperKind
from forms.render import render
from forms.signature import prepare
from kiosk.services.issued import Issued
from kiosk.store.journal import MIGRATIONS, Journal
from terminal.store.database import Database
from tests.support.clocks import StillClock
from tests.support.issuing import Kiosk, TrayPrinter, assemble, pki
from tests.support.papers import FULL

JOURNAL_FILE, TRAY = "kiosk/kiosk.db", "tray"
STORIES = {  # and where each begins to differ from the first
    "confirmed": "before journal begin",
    "rejected": "after printer print_pdf",
    "paper-out": "after printer print_pdf",
    "jam": "after printer print_pdf",
    "seal-answer-lost": "after records seal",
}
_JOURNAL_STEPS = (
    "begin",
    "reserved",
    "sealed",
    "spooled",
    "printed",
    "wish_delivered",
    "wish_void",
    "settled",
    "refused",
)
_SESSION_STEPS = ("reserve", "seal", "delivered", "void_paper", "void_reservation")
_PRINTS: dict[str, Printed | NotPrinted] = {
    "paper-out": NotPrinted(PrinterReason.PAPER_OUT, paper_may_be_out=False),
    "jam": NotPrinted(PrinterReason.JAM, paper_may_be_out=True),
}


@dataclass(frozen=True, slots=True)
class Service:
    """How to reach records as an enrolled kiosk whose resident's identity is proven."""

    url: str
    root: str
    certificate: str
    key: str
    subject: str

    def session(self, url: str = "") -> RecordsSession:
        """A fresh session; ``url`` when not the real one."""
        files = (Path(self.root), Path(self.certificate), Path(self.key))
        return RecordsSession(url or self.url, *files, Timeouts(connect=2, read=20))


@dataclass(slots=True)
class Points:
    """Counts the points reached, and interrupts at one of them (1-based; 0: never)."""

    at: int
    interrupt: Callable[[], None]
    names: list[str] = field(default_factory=list)

    def reach(self, name: str) -> None:
        """A point."""
        self.names.append(name)
        if len(self.names) == self.at:
            self.interrupt()


class Watched:
    """An object some of whose calls are points."""

    def __init__(self, subject: object, points: Points, label: str, names: tuple[str, ...]) -> None:
        self._subject = subject
        self._points = points
        self._label = label
        self._names = names

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._subject, name)
        return self._watch(name, value) if name in self._names else value

    def _watch(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:
            self._points.reach(f"before {self._label} {name}")
            answer = call(*arguments, **named)
            self._points.reach(f"after {self._label} {name}")
            return answer

        return watched


class LosesSealAnswer(Watched):
    """Records seal, and the answer is lost on the way."""

    def seal(self, *arguments: Any) -> Any:
        """Do it, and tell nobody."""
        self._watch("seal", self._subject.seal)(*arguments)  # type: ignore[attr-defined]
        raise RecordsUnreachableError("answer lost")


def kiosk_of(folder: Path, session: RecordsSession, points: Points, story: str, database: Database) -> Kiosk:
    """The product's own parts, watched."""
    session_kind = LosesSealAnswer if story == "seal-answer-lost" else Watched
    watched = session_kind(session, points, "records", _SESSION_STEPS)
    journal = Watched(Journal(database, StillClock()), points, "journal", _JOURNAL_STEPS)
    printer = TrayPrinter(folder / TRAY, _PRINTS.get(story, Printed(1)))
    return assemble(database, journal, watched, Watched(printer, points, "printer", ("print_pdf",)))  # type: ignore[arg-type]


def tell_story(kiosk: Kiosk, service: Service, story: str, points: Points) -> None:
    """A resident's paper, and what the resident says of it."""

    def progress(_: object) -> None:
        return

    kind = PaperKind.HOUSEHOLD_CERTIFICATE
    result = kiosk.issue.run(Reserve(subject=service.subject, kind=kind, purpose="school"), progress, Event())
    if isinstance(result, Issued) and story == "confirmed":
        kiosk.issue.confirm(result.serial)
    elif isinstance(result, Issued) and story == "rejected":
        kiosk.issue.reject(result.serial, VoidReason.NOT_RECEIVED)
    points.reach("end")


def open_store(folder: Path, vfs: str | None = None) -> Database:
    """The kiosk's store in a case's folder."""
    return Database(folder / JOURNAL_FILE, MIGRATIONS, vfs=vfs)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _child(order: dict[str, Any]) -> None:
    folder, service = Path(order["folder"]), Service(**order["service"])
    points = Points(order["at"], _die)
    kiosk = kiosk_of(folder, service.session(), points, order["story"], open_store(folder))
    tell_story(kiosk, service, order["story"], points)
    kiosk.database.close()


def _serve() -> None:
    """Fork, wait, answer: the number of the signal that ended the child, or 0."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            with suppress(BrokenPipeError):
                _child(json.loads(line))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status), flush=True)


@contextmanager
def drawn_once() -> Iterator[None]:
    """One page serves every case: what a page says is proved elsewhere, and hundreds of them take minutes to draw.

    It is drawn here, so that whoever forks afterwards has every module and font in memory.
    """
    page = render(FULL, sign_code(FULL, CodeKey(pki().code.key)))
    prepared = prepare(page, at=FULL.issued_at)
    drawn: dict[str, Any] = {"render": lambda *_: page, "prepare": lambda *_: prepared, "seal_place": lambda *_: None}
    with patch.multiple("kiosk.services.issue", **drawn):
        yield


def order(folder: Path, service: Service, story: str, at: int) -> str:
    """One line for the process above."""
    return json.dumps({"folder": os.fspath(folder), "service": asdict(service), "story": story, "at": at}) + "\n"


if __name__ == "__main__":
    with drawn_once():
        _serve()
