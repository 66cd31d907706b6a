"""What issuing says, in the words of the flow: every word is one that the catalogue has."""

from collections.abc import Callable
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest

from backend_client.contract.base import ProblemCode
from backend_client.contract.papers import PaperState, Reservation, Reserve
from backend_client.errors import RecordsProtocolError, RecordsUnreachableError
from devices.page_printer.api import NotPrinted, Printed, PrinterReason, PrintStage, Progress
from kiosk.flows import happenings as h
from kiosk.services.memory import VisitMemory
from kiosk.services.paper import PaperDesk
from kiosk.services.printers import printer_fault
from kiosk.store.journal import AttemptState
from terminal.texts import Catalogue
from tests.support.issuing import MemoryRecords, TrayPrinter, assemble, refused
from tests.support.kiosk_store import KioskStore

COMMAND = h.MakePaper(h.Application("household_certificate", "move"))


class Bench:
    """A desk, its records and its printer."""

    def __init__(self, store: KioskStore, folder: Path) -> None:
        self.records, self.printer = MemoryRecords(), TrayPrinter(folder / "tray")
        self.desk = PaperDesk(assemble(store.database, store.journal, self.records, self.printer).issue)
        self.journal = store.journal
        self.told: list[h.IssueAdvanced] = []
        self.memory = VisitMemory(subject="somebody")

    def make(self, command: h.MakePaper = COMMAND) -> h.PaperPrinted | h.PaperNotPrinted:
        """One paper."""
        return self.desk.make(command, self.memory, self.told.append, Event())


def printer_that_says(*steps: tuple[PrintStage, PrinterReason]) -> Callable[..., Printed]:
    """A printer's way of printing, with what it says meanwhile."""

    def print_pdf(_: TrayPrinter, pdf: bytes, progress: Progress, cancel: Event) -> Printed:
        assert pdf
        assert not cancel.is_set()
        for stage, reason in steps:
            progress(stage, reason)
        return Printed(1)

    return print_pdf


@pytest.fixture
def bench(store: KioskStore, tmp_path: Path) -> Bench:
    return Bench(store, tmp_path)


@pytest.fixture(scope="module")
def words(checkout: Path) -> Callable[[str], bool]:
    """Whether there are words for a key in both languages."""
    catalogue = Catalogue.load(checkout / "assets" / "texts")
    return lambda key: all(catalogue.in_language(tongue).has(key) for tongue in ("zh", "en"))


def test_a_paper_is_made_stage_by_stage(bench: Bench) -> None:
    """Each stage is told in order; the printer waits for nothing."""
    printed = bench.make()
    assert isinstance(printed, h.PaperPrinted)
    stages = list(dict.fromkeys(step.stage for step in bench.told))
    assert stages == [h.Stage.RESERVING, h.Stage.RENDERING, h.Stage.SEALING, h.Stage.PRINTING]
    assert {step.waiting_for for step in bench.told} == {""}


def test_what_the_printer_waits_for_is_told_while_it_waits(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """And taken back when it goes on. A warning alone is no waiting."""
    says = printer_that_says(
        (PrintStage.PRINTING, PrinterReason.PAPER_LOW),
        (PrintStage.WAITING, PrinterReason.PAPER_OUT),
        (PrintStage.WAITING, PrinterReason.TONER_LOW),
        (PrintStage.PRINTING, PrinterReason.OK),
    )
    monkeypatch.setattr(TrayPrinter, "print_pdf", says)
    bench.make()
    assert [step.waiting_for for step in bench.told[-4:]] == ["", "paper-out", "other", ""]


@pytest.mark.parametrize("reason", list(PrinterReason))
def test_there_are_words_for_every_fault_of_a_printer(words: Callable[[str], bool], reason: PrinterReason) -> None:
    """On the progress screen, at the end, on the tile, and for the technician."""
    fault = printer_fault(reason)
    assert words(f"reason.page_printer_reason.{fault}")
    assert words(f"ended.why.{fault}")
    assert words(f"maintenance.said.{fault}")
    assert words(f"device.state.{reason.value}")


@pytest.mark.parametrize("reason", list(PrinterReason))
@pytest.mark.parametrize("maybe_out", [True, False])
def test_a_print_that_failed_is_said_with_what_is_true_of_the_paper(
    bench: Bench, words: Callable[[str], bool], reason: PrinterReason, maybe_out: bool
) -> None:
    """A serial was reserved, so it is void; whether a sheet lies in the tray is said as it is known."""
    bench.printer.result = NotPrinted(reason, paper_may_be_out=maybe_out)
    ended = bench.make()
    assert isinstance(ended, h.PaperNotPrinted)
    assert (ended.void, ended.maybe_out) == (True, maybe_out)
    assert words(f"ended.why.{ended.code}")


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (RecordsUnreachableError("no"), "records-unreachable"),
        (RecordsProtocolError("odd"), "records-refused"),
        (refused(ProblemCode.REISSUE_LIMIT), "reissue-limit"),
        (refused(ProblemCode.PURPOSE_NOT_OFFERED), "records-refused"),
        (refused(ProblemCode.RECORD_UNCLEAR), "record-unclear"),
        (refused(ProblemCode.NOT_ELIGIBLE), "not-eligible"),
        (refused(ProblemCode.YEARLY_LIMIT), "yearly-limit"),
        (refused(ProblemCode.TOO_YOUNG), "too-young"),
        (refused(ProblemCode.RESIDENCE_UNCONFIRMED), "residence-unconfirmed"),
        (refused(ProblemCode.NO_PORTRAIT), "no-portrait"),
        (refused(ProblemCode.PAPER_TOO_LONG), "paper-too-long"),
        (refused(ProblemCode.DEVICE_REVOKED), "records-refused"),
    ],
)
def test_records_that_do_not_reserve_leave_no_serial(
    bench: Bench, words: Callable[[str], bool], failure: Exception, code: str
) -> None:
    """Nothing is void that never was."""
    bench.records.fails["reserve"] = failure
    assert bench.make() == h.PaperNotPrinted(code, void=False, maybe_out=False)
    assert words(f"ended.why.{code}")


def test_a_paper_takes_the_place_of_the_one_that_was_voided(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one of this visit first, then one that waits from an earlier visit, for the same purpose only."""
    serials = {
        ("household_certificate", "move", ""): "earlier",
        ("household_certificate", "move", "a-child"): "another",
    }
    bench.memory.voided = serials
    asked: list[str] = []
    reserve = MemoryRecords.reserve

    def noting(records: MemoryRecords, request: Reserve, key: UUID) -> Reservation:
        asked.append(request.replaces)
        return reserve(records, request, key)

    monkeypatch.setattr(MemoryRecords, "reserve", noting)
    bench.make()
    bench.make(h.MakePaper(h.Application("household_certificate", "move"), replaces="this-visit"))
    bench.make(h.MakePaper(h.Application("household_certificate", "book_lost")))
    assert asked == ["earlier", "this-visit", ""]


@pytest.mark.parametrize("unreadable", [True, False])
def test_a_rejected_paper_is_void_on_the_disk_though_records_are_away(bench: Bench, unreadable: bool) -> None:
    """They hear later."""
    printed = bench.make()
    assert isinstance(printed, h.PaperPrinted)
    bench.records.fails["*"] = RecordsUnreachableError("away")
    assert bench.desk.reject(printed.serial, unreadable=unreadable) == h.PaperRejected()
    waiting = bench.journal.untold()
    assert [attempt.serial for attempt in waiting] == [printed.serial]
    assert str(waiting[0].reason) == ("unreadable" if unreadable else "not-received")


def test_a_confirmed_paper_is_delivered(bench: Bench) -> None:
    """Here and at records."""
    printed = bench.make()
    assert isinstance(printed, h.PaperPrinted)
    bench.desk.confirm(printed.serial)
    assert bench.records.states[printed.serial] is PaperState.DELIVERED
    found = bench.journal.find(printed.serial)
    assert found is not None
    assert found.state is AttemptState.SETTLED
