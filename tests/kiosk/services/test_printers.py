"""Both printers, spoken to alike."""

import re
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from devices.errors import DeviceUnavailableError
from devices.page_printer.api import PrinterReason
from devices.thermal_printer.api import NotPrinted, StripReason
from forms.paper import Medium
from forms.trust import Purpose
from kiosk.services.printers import NotOut, PageOutlet, Printers, StripOutlet, printer_fault, user_at_printers
from terminal.texts import Catalogue
from tests.support.clocks import NOW
from tests.support.issuing import RollPrinter, TrayPrinter
from tests.support.pki import make_issuer, make_root

TEXTS = Path(__file__).resolve().parents[3] / "assets" / "texts"


@pytest.fixture
def page(tmp_path: Path) -> TrayPrinter:
    return TrayPrinter(tmp_path / "tray")


@pytest.fixture
def roll() -> RollPrinter:
    return RollPrinter()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("reason", list(StripReason))
def test_there_are_words_for_every_fault_of_a_strip_printer(language: str, reason: StripReason) -> None:
    """On the progress screen, at the end, on the tile, and for the technician."""
    words, fault = Catalogue.load(TEXTS).in_language(language), printer_fault(reason)
    keys = [f"reason.thermal_printer_reason.{fault}", f"ended.why.{fault}", f"maintenance.said.{fault}"]
    assert [key for key in (*keys, f"device.state.{reason.value}") if not words.has(key)] == []


@pytest.mark.parametrize("reason", [PrinterReason.PAPER_LOW, StripReason.PAPER_NEAR_END, "ok", "never heard of"])
def test_what_stops_no_print_is_never_named_as_its_reason(reason: str) -> None:
    """Nor is what nobody knows."""
    assert printer_fault(reason) == "other"


def test_the_first_medium_that_works_is_chosen(page: TrayPrinter, roll: RollPrinter) -> None:
    """In the policy's order; the first one's reason when none does."""
    printers = Printers(PageOutlet(page), StripOutlet(roll))
    either = (Medium.STRIP, Medium.PAGE)
    assert printers.choose(either) == printers.strip
    roll.down = StripReason.OVERHEATED
    assert printers.choose(either) == printers.page
    page.down = PrinterReason.JAM
    assert printers.choose(either) == "overheated"
    assert printers.choose((Medium.PAGE,)) == "jam"


def test_a_medium_without_a_printer_is_passed_over(page: TrayPrinter) -> None:
    """Where nothing is fitted there is nothing to name."""
    printers = Printers(PageOutlet(page))
    assert printers.choose((Medium.STRIP, Medium.PAGE)) == printers.page
    assert printers.choose((Medium.STRIP,)) == "other"
    assert printers.choose(()) == "other"


def test_a_strip_that_was_drawn_in_again_lies_nowhere(roll: RollPrinter) -> None:
    """Whatever the driver knew when it began."""
    roll.result = NotPrinted(StripReason.PAPER_LEFT_IN_PRESENTER, paper_may_be_out=True)
    said = StripOutlet(roll).print_test(NOW, Event())
    assert said == NotOut(StripReason.PAPER_LEFT_IN_PRESENTER, may_be_out=False, taken_back=True)


def test_a_strip_printer_is_clear_when_it_is_well(roll: RollPrinter) -> None:
    """Its driver empties it before it says so."""
    outlet = StripOutlet(roll)
    assert outlet.clear() == 0
    roll.down = StripReason.BUSY
    with pytest.raises(DeviceUnavailableError):
        outlet.clear()


def test_each_kiosk_has_a_name_of_its_own_at_printers() -> None:
    """By its key alone: a renewed certificate changes nothing, and printers are told of no person or place."""
    root = make_root("Test")
    first, other = make_issuer(root, Purpose.CODE, "first"), make_issuer(root, Purpose.CODE, "other")
    renewed = x509.CertificateBuilder(
        root.certificate.subject, first.certificate.subject, first.key.public_key(), 7, NOW, NOW + timedelta(days=365)
    ).sign(root.key, hashes.SHA256())
    user = user_at_printers(first.pem.encode())
    assert user == user_at_printers(renewed.public_bytes(Encoding.PEM))
    assert user != user_at_printers(other.pem.encode())
    assert re.fullmatch(r"kiosk-[0-9a-f]{8}", user)
