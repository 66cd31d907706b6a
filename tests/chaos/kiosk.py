"""The kiosk that is interrupted: a real process with the product's own parts, on a disk that can lose its power.

``python -m tests.chaos.kiosk`` forks one child for each line of JSON on its standard input. A child says ``begun PID``
when the resident taps, ``ended WHAT`` when it has come to an end by itself; the parent says ``dead``.
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread
from typing import Any, NoReturn

from backend_client.contract.papers import Reserve, VoidReason, When
from backend_client.session import RecordsSession
from backend_client.transport import Timeouts
from civic.clock import SystemClock
from devices.page_printer.driver import IppPagePrinter
from devices.page_printer.memory import JobMemory
from devices.thermal_printer.driver import EscPosStripPrinter
from devices.thermal_printer.model import StripModel
from forms.code import CodeKey, sign_code
from forms.fonts import preload
from forms.paper import Medium, PaperKind
from forms.raster import strip
from forms.render import render
from kiosk.services.issue import IssuePaper
from kiosk.services.issued import Issued
from kiosk.services.printers import PageOutlet, Printers, StripOutlet
from kiosk.services.settle import Settle
from kiosk.store.journal import MIGRATIONS, Journal
from kiosk.store.settings import Settings
from terminal.store.audit import Audit
from terminal.store.database import Database
from tests.chaos.bugs import Bug, plant
from tests.chaos.plan import Answer
from tests.support.issuing import pki
from tests.support.papers import FULL
from tests.support.power_cut import Loss, PowerCutVfs

STORE = "kiosk/kiosk.db"
_PATIENCE_S = {Medium.PAGE: 2.5, Medium.STRIP: 1.0}  # a kiosk: 20
_SYNC_S = 0.3  # a kiosk: 2.5
_BOOT_S = 2.0
_LAST_WORDS = Lock()  # a process that ends while its power is cut would leave half a disk: that of no power cut
_PURPOSES = {
    PaperKind.HOUSEHOLD_CERTIFICATE: "move_hukou",
    PaperKind.TEMPORARY_ID_PROOF: "hotel",
    PaperKind.NO_CRIMINAL_RECORD: "job",
    PaperKind.RESIDENCE_RECEIPT: "declare",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where everything is, as a kiosk's configuration would say."""

    folder: str
    records: str
    root: str
    certificate: str
    key: str
    page_printer: str
    strip_printer: str
    subject: str
    dwelling: str

    def session(self) -> RecordsSession:
        """A fresh one."""
        files = Path(self.root), Path(self.certificate), Path(self.key)
        return RecordsSession(self.records, *files, Timeouts(connect=1.0, read=2.0))

    def printers(self, memory: JobMemory) -> tuple[IppPagePrinter, EscPosStripPrinter]:
        """Fresh drivers, which know of nothing that was before but what is on the disk."""
        patience = _PATIENCE_S[Medium.PAGE]
        page = IppPagePrinter(self.page_printer, patience, timeout=2.0, poll=0.05, settle=4.0, memory=memory)
        return page, EscPosStripPrinter(
            self.strip_printer, StripModel(), _PATIENCE_S[Medium.STRIP], deadline=0.3, silence=0.6
        )

    def request(self, kind: PaperKind, *, later: bool) -> Reserve:
        """What the resident wants."""
        return Reserve(
            subject=self.subject,
            kind=kind,
            purpose=_PURPOSES[kind],
            when=When.LATER if later else When.NOW,
            dwelling=self.dwelling if kind is PaperKind.RESIDENCE_RECEIPT else "",
        )


@dataclass(frozen=True, slots=True)
class OneMedium:
    """A policy that prints papers on one medium; receipts on strips first."""

    medium: Medium

    def media(self, _service: str) -> tuple[Medium, ...]:
        """A service's paper."""
        return (self.medium,)

    def receipt_media(self, _service: str) -> tuple[Medium, ...]:
        """The receipt that may come in its stead."""
        return (Medium.STRIP, Medium.PAGE)

    def words(self, _service: str) -> None:
        """Nobody looks at a record first."""


@dataclass(slots=True)
class Kiosk:
    """What issues papers, started."""

    database: Database
    journal: Journal
    page: IppPagePrinter
    strip: EscPosStripPrinter
    issue: IssuePaper
    settle: Settle


def start(around: Surroundings, medium: Medium = Medium.PAGE, vfs: str | None = None) -> Kiosk:
    """The product's own parts, put together as the composition root does."""
    database, session = Database(Path(around.folder) / STORE, MIGRATIONS, vfs=vfs), around.session()
    journal, audit = Journal(database, SystemClock()), Audit(database, SystemClock())
    page, strip = around.printers(Settings(database))
    printers = Printers(PageOutlet(page), StripOutlet(strip))
    issue = IssuePaper(session, journal, printers, OneMedium(medium), audit)
    return Kiosk(database, journal, page, strip, issue, Settle(session, journal, printers, audit))


def _child(order: dict[str, Any]) -> None:
    """One resident at a kiosk that has just been started."""
    vfs = PowerCutVfs() if order["power_at"] is not None else None
    medium, around = Medium(order["medium"]), Surroundings(**order["around"])
    kiosk = start(around, medium, vfs.name if vfs else None)
    plant(Bug(order["bug"]), kiosk.database)
    over = Event()
    syncing = _beside(lambda: _sync(kiosk, over))
    outlet = kiosk.page if medium is Medium.PAGE else kiosk.strip
    _wait_for(lambda: kiosk.settle.queue_clear and outlet.health().works, _BOOT_S)
    _say(f"begun {os.getpid()}")
    if vfs:
        _beside(lambda: _cut(vfs, order))
    outcome = kiosk.issue.run(around.request(PaperKind(order["kind"]), later=order["later"]), lambda _: None, Event())
    if isinstance(outcome, Issued):
        time.sleep(order["answer_after"])
        said = _answer(kiosk, outcome.serial, Answer(order["answer"]))
        _say(f"ended {outcome.serial} {said}")
    else:
        _say(f"ended {outcome.serial or 'none'} {outcome.reason}")
    over.set()
    syncing.join()
    kiosk.database.close()


def _answer(kiosk: Kiosk, serial: str, answer: Answer) -> str:
    match answer:
        case Answer.TAKEN:
            kiosk.issue.confirm(serial)
        case Answer.MISSING:
            kiosk.issue.reject(serial, VoidReason.NOT_RECEIVED)
        case Answer.UNREADABLE:
            kiosk.issue.reject(serial, VoidReason.UNREADABLE)
        case Answer.NOBODY:
            pass
    return answer.value


def _sync(kiosk: Kiosk, over: Event) -> None:
    while not over.wait(_SYNC_S if kiosk.settle.queue_clear else 0.02):
        kiosk.settle.run()


def _cut(vfs: PowerCutVfs, order: dict[str, Any]) -> None:
    time.sleep(order["power_at"])
    with _LAST_WORDS:
        vfs.cut(Loss(order["loss"]), Random(order["seed"]))
        os.kill(os.getpid(), signal.SIGKILL)


def _be_child(order: dict[str, Any]) -> NoReturn:
    code = 1
    try:
        _child(order)
        code = 0
    except BaseException:  # noqa: BLE001 - a fork must never go on as its parent
        traceback.print_exc()
    with _LAST_WORDS:
        os._exit(code)


def _beside(work: Callable[[], None]) -> Thread:
    thread = Thread(target=work, daemon=True)
    thread.start()
    return thread


def _wait_for(true: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.01)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _warm() -> None:
    """Draw a paper, so that whoever is forked has every module and font in memory, as a kiosk in the evening has."""
    preload()
    code = sign_code(FULL, CodeKey(pki().code.key))
    for medium in Medium:
        strip(render(FULL, code, medium))


def main() -> None:
    """Fork, wait, say so."""
    _warm()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _be_child(json.loads(line))
        _, status = os.waitpid(child, 0)
        _say("crashed" if os.WIFEXITED(status) and os.WEXITSTATUS(status) else "dead")


if __name__ == "__main__":
    main()
