"""Issuing: the paper comes out once, and every way it can fail leaves one true sentence and one fate for the serial."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from uuid import UUID

import pikepdf
import pytest

from backend_client.contract.base import ProblemCode
from backend_client.contract.papers import PaperState, Reservation, Reserve, VoidReason
from backend_client.contract.persons import HouseholdRecord
from backend_client.errors import RecordsUnreachableError
from devices.errors import DeviceFaultError
from devices.page_printer.api import NotPrinted, Printed, PrinterReason, PrintStage
from forms.paper import PaperKind
from kiosk.services.issued import Issued, IssueProgress, IssueStage, NotIssued
from kiosk.store.journal import AttemptState, IllegalTransitionError, JournalCounts
from terminal.store.errors import StoreUnwritableError
from tests.support.issuing import Kiosk, MemoryRecords, TrayPrinter, kiosk_on, refused
from tests.support.papers import FULL, LONG

SERIAL = "2026-0001-000000-00"
DONE = JournalCounts(under_way=0, untold=0, refused=0, settled=1)
RECORD_FIELDS = [name for name in HouseholdRecord.model_fields if hasattr(FULL, name) and name != "members"]


class Bench:
    """One kiosk, its records and its printer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records = MemoryRecords()
        self.printer = TrayPrinter(folder / "tray")
        self.progress: list[IssueProgress] = []
        self.cancel = Event()

    @contextmanager
    def kiosk(self) -> Iterator[Kiosk]:
        """A start of the kiosk."""
        with kiosk_on(self.folder / "kiosk.db", self.records, self.printer) as kiosk:
            yield kiosk

    def run(self, kiosk: Kiosk, replaces: str = "") -> Issued | NotIssued:
        """Issue one certificate."""
        kind = PaperKind.HOUSEHOLD_CERTIFICATE
        request = Reserve(subject="subject", kind=kind, purpose="school", replaces=replaces)
        return kiosk.issue.run(request, self.progress.append, self.cancel)

    def cancel_at(self, stage: IssueStage) -> None:
        """Have the visit end when a stage begins."""

        class Watch(list[IssueProgress]):
            def append(watch, progress: IssueProgress) -> None:  # noqa: N805
                super().append(progress)
                if progress.stage is stage:
                    self.cancel.set()

        self.progress = Watch()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A fresh one."""
    return Bench(tmp_path)


def test_a_paper_is_printed_and_counts_once_it_is_confirmed(bench: Bench) -> None:
    """From the tap to delivered, and one signed sheet in the tray."""
    with bench.kiosk() as kiosk:
        assert bench.run(kiosk) == Issued(SERIAL)
        assert bench.records.states == {SERIAL: PaperState.SEALED}
        assert kiosk.issue.confirm(SERIAL)
        assert kiosk.journal.counts() == DONE
    assert bench.records.states == {SERIAL: PaperState.DELIVERED}
    assert [each.stage for each in bench.progress] == [*list(IssueStage), IssueStage.PRINTING]
    (sheet,) = bench.printer.sheets
    with pikepdf.open(io.BytesIO(sheet)) as document:
        assert document.Root.AcroForm.Fields[0].V.SubFilter == "/ETSI.CAdES.detached"


@pytest.mark.parametrize("reason", [VoidReason.NOT_RECEIVED, VoidReason.UNREADABLE])
def test_a_rejected_paper_is_void_and_can_be_reissued(bench: Bench, reason: VoidReason) -> None:
    """纸没出来 or 看不清: a new serial replaces the old one."""
    with bench.kiosk() as kiosk:
        bench.run(kiosk)
        assert kiosk.issue.reject(SERIAL, reason)
        again = bench.run(kiosk, replaces=SERIAL)
        assert isinstance(again, Issued)
        assert kiosk.journal.find(again.serial) is not None
        with pytest.raises(IllegalTransitionError):
            kiosk.issue.confirm(SERIAL)
    assert bench.records.states == {SERIAL: PaperState.VOID, again.serial: PaperState.SEALED}
    assert ("void " + reason) in dict(bench.records.calls)


@pytest.mark.parametrize(
    ("result", "expected", "told"),
    [
        (
            NotPrinted(PrinterReason.PAPER_OUT, paper_may_be_out=False),
            NotIssued("printer-paper-out", SERIAL, paper_may_be_out=False),
            VoidReason.NOT_PRINTED,
        ),
        (
            NotPrinted(PrinterReason.JAM, paper_may_be_out=True),
            NotIssued("printer-jam", SERIAL, paper_may_be_out=True),
            VoidReason.PRINT_DOUBTFUL,
        ),
        (
            DeviceFaultError("fuser"),
            NotIssued("device-fault", SERIAL, paper_may_be_out=True),
            VoidReason.PRINT_DOUBTFUL,
        ),
    ],
)
def test_a_print_that_fails_voids_the_serial_for_its_true_reason(
    bench: Bench, result: NotPrinted | Exception, expected: NotIssued, told: VoidReason
) -> None:
    """The resident reads whether a sheet may lie there; records hear the same."""
    bench.printer.result = result
    with bench.kiosk() as kiosk:
        assert bench.run(kiosk) == expected
        assert kiosk.journal.counts() == DONE
    assert bench.records.states == {SERIAL: PaperState.VOID}
    assert bench.records.calls[-1][0] == f"void {told}"


@pytest.mark.parametrize(
    ("stage", "calls"),
    [
        (IssueStage.RESERVING, ["reserve", "void abandoned"]),
        (IssueStage.RENDERING, ["reserve", "void abandoned"]),
        (IssueStage.SEALING, ["reserve", "seal", "void not-printed"]),
        (IssueStage.PRINTING, ["reserve", "seal", "void not-printed"]),
    ],
)
def test_a_visit_that_ends_voids_its_paper(bench: Bench, stage: IssueStage, calls: list[str]) -> None:
    """Whatever was being done when the resident left, nothing is printed."""
    bench.cancel_at(stage)
    with bench.kiosk() as kiosk:
        assert bench.run(kiosk) == NotIssued("cancelled", SERIAL, paper_may_be_out=False)
        assert kiosk.journal.counts() == DONE
    assert [call for call, _ in bench.records.calls] == calls
    assert bench.printer.sheets == []


@pytest.mark.parametrize("step", ["reserve", "seal"])
@pytest.mark.parametrize("lost", ["request", "answer"])
def test_records_that_do_not_answer_end_the_attempt_and_hear_of_it_later(bench: Bench, step: str, lost: str) -> None:
    """Whether the request arrived is unknown: the void covers both."""
    away = RecordsUnreachableError("test")
    if lost == "request":
        bench.records.fails["*" if step == "reserve" else step] = away
    else:
        bench.records.deaf[step] = away
    with bench.kiosk() as kiosk:
        result = bench.run(kiosk)
        assert result == NotIssued("records-unreachable", SERIAL if step == "seal" else None, paper_may_be_out=False)
        assert kiosk.journal.counts() == JournalCounts(under_way=0, untold=1, refused=0, settled=0)
        bench.records.fails.clear()
        assert kiosk.settle.run().told == 1
        assert kiosk.journal.counts() == DONE
    assert set(bench.records.states.values()) <= {PaperState.VOID}
    assert bench.printer.sheets == []


def test_a_late_request_of_a_voided_key_reserves_nothing(bench: Bench) -> None:
    """The first request was slow, not lost."""
    bench.records.fails["reserve"] = RecordsUnreachableError("test")
    with bench.kiosk() as kiosk:
        bench.run(kiosk)
        bench.records.fails.clear()
        kiosk.settle.run()
    assert list(bench.records.keys.values()) == [""]
    assert bench.records.states == {}


@pytest.mark.parametrize(
    "code", [ProblemCode.PURPOSE_NOT_OFFERED, ProblemCode.REISSUE_LIMIT, ProblemCode.IDENTITY_NOT_PROVEN]
)
def test_a_refusal_is_passed_on_by_its_code(bench: Bench, code: ProblemCode) -> None:
    """The text catalogue has a sentence for each."""
    bench.records.fails["reserve"] = refused(code)
    with bench.kiosk() as kiosk:
        assert bench.run(kiosk) == NotIssued(f"records-{code}", None, paper_may_be_out=False)
        assert kiosk.journal.counts() == DONE


def test_a_defect_of_ours_voids_the_serial_and_is_not_hidden(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job's failure event carries it; the paper is decided all the same."""

    def broken(*_: object) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr("kiosk.services.issue.render", broken)
    with bench.kiosk() as kiosk:
        with pytest.raises(ZeroDivisionError):
            bench.run(kiosk)
        assert kiosk.journal.counts() == DONE
    assert bench.records.states == {SERIAL: PaperState.VOID}


@pytest.mark.parametrize("step", ["reserved", "sealed", "spooled", "printed", "wish_void"])
def test_a_disk_that_fails_stops_the_next_step_and_the_next_sync_decides(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """What could not be written down is not done; the row is no longer anybody's and is decided later."""

    def full(*_: object) -> None:
        raise StoreUnwritableError("FullError")

    bench.printer.result = NotPrinted(PrinterReason.JAM, paper_may_be_out=True) if step == "wish_void" else Printed(1)
    with bench.kiosk() as kiosk:
        with monkeypatch.context() as broken:
            broken.setattr(kiosk.journal, step, full)
            broken.setattr(kiosk.journal, "wish_void", full)
            with pytest.raises(StoreUnwritableError):
                bench.run(kiosk)
        assert kiosk.settle.run().decided == 1
        assert kiosk.journal.counts() == DONE
    assert bench.records.states == {SERIAL: PaperState.VOID}
    assert len(bench.printer.sheets) == (step in ("printed", "wish_void"))


def test_preflight_gives_every_reason_before_a_serial_is_spent(bench: Bench) -> None:
    """A printer that is down, a character that no font draws, an address that no page holds."""
    fields = {name: getattr(FULL, name) for name in RECORD_FIELDS}
    record = HouseholdRecord(**fields)
    private_use = HouseholdRecord(**fields | {"name": "王\ue000"})
    with bench.kiosk() as kiosk:
        assert kiosk.issue.preflight(record) == ()
        assert kiosk.issue.preflight(record.model_copy(update={"address": LONG.address * 40})) == ("paper-too-long",)
        bench.printer.down = PrinterReason.PAPER_OUT
        assert kiosk.issue.preflight() == ("printer-paper-out",)
        assert kiosk.issue.preflight(private_use) == ("printer-paper-out", "missing-glyph")
    assert bench.records.calls == []


def test_a_printed_paper_stays_open_until_the_resident_has_answered(bench: Bench) -> None:
    """A sync in between decides nothing."""
    with bench.kiosk() as kiosk:
        bench.run(kiosk)
        assert kiosk.settle.run().decided == 0
        attempt = kiosk.journal.find(SERIAL)
        assert attempt is not None
        assert attempt.state is AttemptState.PRINTED
        assert kiosk.issue.reject(SERIAL, VoidReason.NOT_RECEIVED)


def test_a_paper_that_comes_out_as_its_resident_leaves_is_decided_all_the_same(bench: Bench) -> None:
    """The visit is over and its results are dropped, so nobody will ever answer for it."""

    class Leaving(list[IssueProgress]):
        def append(leaving, progress: IssueProgress) -> None:  # noqa: N805
            super().append(progress)
            if progress.print_stage is PrintStage.PRINTING:
                bench.cancel.set()

    bench.progress = Leaving()
    with bench.kiosk() as kiosk:
        assert bench.run(kiosk) == Issued(SERIAL)
        kiosk.settle.run()
        assert kiosk.journal.counts() == DONE
    assert bench.records.states == {SERIAL: PaperState.DELIVERED}


def test_a_page_under_another_serial_is_never_printed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the journal would call delivered and what the sheet says would differ for ever."""
    honest = bench.records.reserve

    def confused(request: Reserve, key: UUID) -> Reservation:
        answer = honest(request, key)
        return answer.model_copy(update={"paper": replace(answer.paper, serial="2026-0001-000099-00")})

    monkeypatch.setattr(MemoryRecords, "reserve", lambda _records, request, key: confused(request, key))
    with bench.kiosk() as kiosk:
        assert bench.run(kiosk) == NotIssued("records-protocol", SERIAL, paper_may_be_out=False)
        assert kiosk.journal.counts() == DONE
    assert (bench.printer.sheets, bench.records.states) == ([], {SERIAL: PaperState.VOID})
