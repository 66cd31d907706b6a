"""A paper comes out of the printer that works, and what it is printed on stands on the disk before it does."""

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from PIL import Image

from backend_client.contract.papers import PaperState, Reserve, VoidReason
from devices.page_printer.api import PrinterReason
from devices.thermal_printer.api import NotPrinted, Strip, StripReason
from forms.code import read_claims
from forms.paper import Medium, Paper, PaperKind
from forms.raster import WIDTH
from kiosk.services.issued import Issued, IssueProgress, NotIssued
from kiosk.store.journal import Attempt
from terminal.store.audit import AuditKind
from tests.support.issuing import Kiosk, MemoryRecords, OnPages, RollPrinter, TrayPrinter, kiosk_on
from tests.support.papers import FULL, LATER
from tests.support.squares import squares

SERIAL = "2026-0001-000000-00"
EITHER = (Medium.STRIP, Medium.PAGE)
FOR_PAGES = replace(FULL, wording=replace(FULL.wording, remarks=("仅限所列用途。" * 20,) * 8))  # too long for a strip


class Counter:
    """One kiosk with two printers, and records that answer with ``paper``."""

    def __init__(self, folder: Path, media: OnPages, paper: Paper = FULL) -> None:
        self.records = MemoryRecords(paper=paper)
        self.page, self.roll = TrayPrinter(folder / "tray"), RollPrinter()
        self.progress: list[IssueProgress] = []
        self._file, self._media = folder / "kiosk.db", media

    def run(self, kind: PaperKind = PaperKind.HOUSEHOLD_CERTIFICATE) -> Issued | NotIssued:
        """One paper; ``row`` and ``audited`` are what was written of it."""
        request = Reserve(subject="subject", kind=kind, purpose="school")
        with kiosk_on(self._file, self.records, self.page, self.roll, self._media) as kiosk:
            outcome = kiosk.issue.run(request, self.progress.append, Event())
            self.row = kiosk.journal.find(SERIAL)
            self.audited = _audited(kiosk)
        return outcome

    @property
    def came_out(self) -> tuple[int, int]:
        """Pages and strips."""
        return len(self.page.sheets), len(self.roll.strips)


def _audited(kiosk: Kiosk) -> list[str]:
    return [" ".join(row) for row in kiosk.database.query("SELECT kind, fields FROM audit ORDER BY seq")]


def read(strip: Strip) -> str:
    """The serial in a strip's code, as any phone reads it."""
    found = squares(Image.fromarray(~strip).convert("L"))
    return read_claims(found[0].text).serial


def test_a_strip_is_sealed_like_a_page_and_its_code_is_read(tmp_path: Path) -> None:
    """Its dots are those of the signed PDF; the journal knew the medium and the digest before the first went out."""
    counter = Counter(tmp_path, OnPages(EITHER))
    assert counter.run() == Issued(SERIAL, Medium.STRIP, receipt=False)
    (strip,) = counter.roll.strips
    assert strip.shape[1] == WIDTH
    assert read(strip) == SERIAL
    assert counter.came_out == (0, 1)
    assert isinstance(counter.row, Attempt)
    assert (counter.row.medium, counter.row.digest is not None) == (Medium.STRIP, True)
    assert {each.device for each in counter.progress} == {"thermal_printer"}


def test_the_next_medium_serves_where_the_first_printer_is_away(tmp_path: Path) -> None:
    """The policy names both; the resident hears nothing of it."""
    counter = Counter(tmp_path, OnPages(EITHER))
    counter.roll.down = StripReason.PAPER_OUT
    assert counter.run() == Issued(SERIAL, Medium.PAGE)
    assert counter.came_out == (1, 0)


def test_what_fits_on_one_medium_alone_comes_out_of_its_printer(tmp_path: Path) -> None:
    """Whatever is preferred: the kiosk sets the paper that it got, as records did."""
    counter = Counter(tmp_path, OnPages(EITHER), FOR_PAGES)
    assert counter.run() == Issued(SERIAL, Medium.PAGE)
    assert counter.came_out == (1, 0)


def test_where_the_only_printer_for_it_is_away_its_serial_is_void(tmp_path: Path) -> None:
    """Nothing is printed that would be cut short."""
    counter = Counter(tmp_path, OnPages(EITHER), FOR_PAGES)
    counter.page.down = PrinterReason.JAM
    assert counter.run() == NotIssued("paper-too-long", SERIAL, paper_may_be_out=False)
    assert (counter.records.states, counter.came_out) == ({SERIAL: PaperState.VOID}, (0, 0))


def test_no_serial_is_spent_where_no_printer_works(tmp_path: Path) -> None:
    """The reason is that of the preferred one."""
    counter = Counter(tmp_path, OnPages(EITHER))
    counter.roll.down, counter.page.down = StripReason.COVER_OPEN, PrinterReason.JAM
    assert counter.run() == NotIssued("printer-cover-open", None, paper_may_be_out=False)
    assert (counter.records.calls, counter.row, counter.came_out) == ([], None, (0, 0))
    assert any(line.startswith(AuditKind.PAPER_FAILED.value) for line in counter.audited)


def test_a_receipt_that_comes_in_a_papers_stead_is_printed_on_its_own_medium(tmp_path: Path) -> None:
    """The journal says what was asked for, and on what it is printed; nothing says why there is a receipt."""
    counter = Counter(tmp_path, OnPages((Medium.PAGE,), EITHER), LATER)
    assert counter.run(PaperKind.NO_CRIMINAL_RECORD) == Issued(SERIAL, Medium.STRIP, receipt=True)
    assert counter.came_out == (0, 1)
    assert counter.row is not None
    assert (counter.row.kind, counter.row.medium) == (PaperKind.NO_CRIMINAL_RECORD, Medium.STRIP)
    assert "receipt" not in "".join(counter.audited)
    assert [each.device for each in counter.progress][:2] == ["page_printer", "thermal_printer"]


def test_a_receipt_is_printed_as_what_was_asked_for_where_its_own_printer_is_away(tmp_path: Path) -> None:
    """On a page, which says the same."""
    counter = Counter(tmp_path, OnPages((Medium.PAGE,), (Medium.STRIP,)), LATER)
    counter.roll.down = StripReason.UNREACHABLE
    assert counter.run(PaperKind.NO_CRIMINAL_RECORD) == Issued(SERIAL, Medium.PAGE, receipt=True)
    assert counter.came_out == (1, 0)


@pytest.mark.parametrize(
    ("reason", "told", "maybe_out"),
    [
        (StripReason.PAPER_LEFT_IN_PRESENTER, VoidReason.NOT_TAKEN, False),
        (StripReason.PAPER_OUT, VoidReason.PRINT_DOUBTFUL, True),
    ],
)
def test_a_strip_that_was_not_handed_over_is_void_for_its_true_reason(
    tmp_path: Path, reason: StripReason, told: VoidReason, *, maybe_out: bool
) -> None:
    """One that the presenter drew in again lies nowhere; one that stopped half-way may."""
    counter = Counter(tmp_path, OnPages(EITHER))
    counter.roll.result = NotPrinted(reason, paper_may_be_out=True)
    assert counter.run() == NotIssued(f"printer-{reason}", SERIAL, maybe_out)
    assert counter.records.states == {SERIAL: PaperState.VOID}
    assert counter.records.calls[-1][0] == f"void {told}"
