"""The technician's PIN and actions: no default, no extra try, nothing unaudited, nothing personal."""

import stat
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event, Thread
from unittest.mock import Mock

import pikepdf
import pytest
from PIL import Image
from zxingcpp import read_barcodes

from civic.masking import Personal
from devices.errors import DeviceUnavailableError
from devices.page_printer.api import NotPrinted, Printed, PrinterReason
from forms.test_page import MARK
from kiosk.flows import maintenance as flow
from kiosk.services.maintenance import Maintenance
from kiosk.services.outbox_sync import OutboxSync
from kiosk.services.printers import PageOutlet, Printers, StripOutlet
from kiosk.store.settings import OutOfService
from terminal import pin as pin_module
from terminal.pin import PinFile, WeakPinError
from terminal.pin_tries import LOCKED, TRIES, PinTries
from terminal.store.audit import AuditKind
from terminal.store.errors import StoreUnwritableError
from tests.support.clocks import NOW, StillClock
from tests.support.issuing import RollPrinter, TrayPrinter
from tests.support.kiosk_store import KioskStore, store_on

RIGHT, WRONG = Personal("27182818"), Personal("31415926")
REFUSED = flow.PinRefused(0)
ACCEPTED = flow.PinAccepted(None)


@pytest.fixture
def pin(tmp_path: Path) -> PinFile:
    file = PinFile(tmp_path / "pin.json")
    file.set(RIGHT)
    return file


@pytest.fixture
def printer(tmp_path: Path) -> TrayPrinter:
    return TrayPrinter(tmp_path / "tray")


@pytest.fixture
def desk(pin: PinFile, store: KioskStore, printer: TrayPrinter, clock: StillClock) -> Maintenance:
    return Maintenance(pin, store.settings, Printers(PageOutlet(printer)), store.audit, clock)


def locked_out(desk: Maintenance) -> None:
    """Five wrong tries."""
    for _ in range(TRIES):
        desk.check(WRONG)


# --- the PIN itself ---


def test_without_a_pin_there_is_no_way_in(
    tmp_path: Path, store: KioskStore, printer: TrayPrinter, clock: StillClock
) -> None:
    """No default; and the screen says that none is set."""
    desk = Maintenance(
        PinFile(tmp_path / "none.json"), store.settings, Printers(PageOutlet(printer)), store.audit, clock
    )
    for guess in ("", "000000", "123456", "12345678"):
        assert desk.check(Personal(guess)) == flow.PinRefused(0, unset=True)
    assert store.audited(AuditKind.MAINTENANCE_ENTERED) == []


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "12345",
        "1234567890123",
        "000000",
        "99999999",
        "123456",
        "987654",
        "890123",
        "210987",
        "27182a",
        "２７１８２８",
    ],
)
def test_weak_pins_are_refused_and_not_repeated(pin: PinFile, weak: str) -> None:
    """The one that was set stays."""
    with pytest.raises(WeakPinError) as raised:
        pin.set(Personal(weak))
    assert not weak or weak not in str(raised.value)
    assert pin.matches(RIGHT)


def test_the_file_is_its_owner_s_alone_and_holds_no_digit_of_the_pin(pin: PinFile, tmp_path: Path) -> None:
    """A salted hash; the same PIN twice looks different."""
    path = tmp_path / "pin.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    assert RIGHT.reveal().encode() not in before
    pin.set(RIGHT)
    assert path.read_bytes() != before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"salt": 1, "hash": 2}', '{"salt": "%", "hash": "%"}'])
def test_a_damaged_file_lets_nobody_in_and_counts_as_unset(desk: Maintenance, tmp_path: Path, content: str) -> None:
    """The screen then says to set the PIN again."""
    (tmp_path / "pin.json").write_text(content)
    assert desk.check(RIGHT) == flow.PinRefused(0, unset=True)


# --- tries ---


def test_the_right_pin_opens_and_takes_wrong_tries_back(desk: Maintenance, store: KioskStore) -> None:
    """Four wrong ones are forgiven, again and again."""
    for _ in range(2):
        for _ in range(TRIES - 1):
            assert desk.check(WRONG) == REFUSED
        assert desk.check(RIGHT) == ACCEPTED
        assert store.settings.pin_tries() == PinTries()


def test_five_wrong_tries_lock_for_fifteen_minutes(desk: Maintenance, store: KioskStore, clock: StillClock) -> None:
    """Also against the right PIN; then there are five new tries."""
    for _ in range(TRIES - 1):
        assert desk.check(WRONG) == REFUSED
    assert desk.check(WRONG) == flow.PinRefused(15)
    assert desk.check(RIGHT) == flow.PinRefused(15)
    clock.pass_by(LOCKED.total_seconds() - 61)
    assert desk.check(RIGHT) == flow.PinRefused(2)
    clock.pass_by(60)
    assert desk.check(RIGHT) == flow.PinRefused(1)
    clock.pass_by(1)
    assert desk.check(WRONG) == REFUSED
    assert store.settings.pin_tries().wrong == 1
    assert desk.check(RIGHT) == ACCEPTED


def test_the_lock_survives_a_restart(tmp_path: Path, pin: PinFile, printer: TrayPrinter, clock: StillClock) -> None:
    """Pulling the plug is no way to more tries."""
    path = tmp_path / "restarted.db"
    with store_on(path, clock) as store:
        locked_out(Maintenance(pin, store.settings, Printers(PageOutlet(printer)), store.audit, clock))
    with store_on(path, clock) as store:
        desk = Maintenance(pin, store.settings, Printers(PageOutlet(printer)), store.audit, clock)
        assert desk.check(RIGHT) == flow.PinRefused(15)
        clock.pass_by(LOCKED.total_seconds())
        assert desk.check(RIGHT) == ACCEPTED


def test_a_clock_set_back_shortens_no_lock_and_prolongs_it_by_one_at_most(desk: Maintenance, clock: StillClock) -> None:
    """The lock lasts fifteen minutes of the new time."""
    locked_out(desk)
    clock.at -= timedelta(days=365)
    assert desk.check(RIGHT) == flow.PinRefused(15)
    clock.pass_by(LOCKED.total_seconds() - 1)
    assert desk.check(RIGHT) == flow.PinRefused(1)
    clock.pass_by(1)
    assert desk.check(RIGHT) == ACCEPTED


def test_a_plug_pulled_before_the_answer_gives_no_extra_try(
    tmp_path: Path, pin: PinFile, printer: TrayPrinter, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The try is on the disk before the PIN is looked at: guess, pull the plug, guess again counts as two."""
    path = tmp_path / "unplugged.db"

    def unplugged(*_: object) -> bool:
        raise KeyboardInterrupt

    for _ in range(TRIES):
        with store_on(path, clock) as store, monkeypatch.context() as patch:
            patch.setattr(pin_module, "_hash", unplugged)
            with pytest.raises(KeyboardInterrupt):
                Maintenance(pin, store.settings, Printers(PageOutlet(printer)), store.audit, clock).check(WRONG)
    with store_on(path, clock) as store:
        assert Maintenance(pin, store.settings, Printers(PageOutlet(printer)), store.audit, clock).check(
            RIGHT
        ) == flow.PinRefused(15)


def test_a_try_that_can_t_be_counted_is_not_taken(
    desk: Maintenance, store: KioskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk gives no unlimited tries."""

    def full(*_: object) -> None:
        raise StoreUnwritableError("full")

    monkeypatch.setattr(store.database, "execute", full)
    with pytest.raises(StoreUnwritableError):
        desk.check(RIGHT)


def test_two_tries_at_once_count_as_two(desk: Maintenance, store: KioskStore) -> None:
    """Counting and looking are one."""
    together = Barrier(3)

    def attempt() -> None:
        together.wait()
        desk.check(WRONG)

    threads = [Thread(target=attempt) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.settings.pin_tries().wrong == 3


# --- actions ---


def test_every_action_is_audited_with_nothing_personal(desk: Maintenance, store: KioskStore) -> None:
    """Neither the PIN nor a guess at it."""
    desk.check(WRONG)
    desk.check(RIGHT)
    desk.print_test_page(Event())
    desk.close("repair", "tonight")
    desk.open()
    desk.leave()
    locked_out(desk)
    kinds = [row[0] for row in store.database.query("SELECT kind FROM audit ORDER BY seq")]
    done = ["pin-wrong", "maintenance-entered", "maintenance-action", "out-of-service", "back-in-service"]
    assert kinds == [*done, "maintenance-left", *["pin-wrong"] * 4, "pin-locked"]
    assert store.audited(AuditKind.OUT_OF_SERVICE) == [{"reason": "repair", "expected": "tonight"}]
    printed = {"action": "test-print", "device": "page_printer", "outcome": "printed"}
    assert store.audited(AuditKind.MAINTENANCE_ACTION) == [printed]
    assert RIGHT.reveal() not in store.text()
    assert WRONG.reveal() not in store.text()


def test_out_of_service_is_kept_with_its_reason(
    tmp_path: Path, pin: PinFile, printer: TrayPrinter, clock: StillClock
) -> None:
    """Until a technician opens the kiosk again, however often it is restarted."""
    path = tmp_path / "closed.db"
    with store_on(path, clock) as store:
        Maintenance(pin, store.settings, Printers(PageOutlet(printer)), store.audit, clock).close("paper", "one-hour")
    with store_on(path, clock) as store:
        desk = Maintenance(pin, store.settings, Printers(PageOutlet(printer)), store.audit, clock)
        assert desk.closed() == ("paper", "one-hour")
        assert desk.check(RIGHT) == flow.PinAccepted(("paper", "one-hour"))
        desk.open()
    with store_on(path, clock) as store:
        assert Maintenance(pin, store.settings, Printers(PageOutlet(printer)), store.audit, clock).closed() is None


def test_the_test_page_is_marked_and_signed_by_nothing(desk: Maintenance, printer: TrayPrinter, tmp_path: Path) -> None:
    """No signature field, no picture, no code: whoever finds it holds nothing that looks like a paper."""
    assert desk.print_test_page(Event()) == flow.TestPrintEnded("printed")
    sheet = next(printer.tray.iterdir())
    with pikepdf.open(sheet) as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.docinfo["/Title"]) == MARK
        assert "/AcroForm" not in pdf.Root
        assert not pdf.pages[0].get_images()
    assert b"/ByteRange" not in sheet.read_bytes()
    assert list(tmp_path.glob("**/*.pdf")) == [sheet]


def test_a_test_strip_is_printed_by_the_strip_printer(
    pin: PinFile, store: KioskStore, printer: TrayPrinter, clock: StillClock
) -> None:
    """Each printer has its own; a kiosk without one says so."""
    roll, page = RollPrinter(), PageOutlet(printer)
    desk = Maintenance(pin, store.settings, Printers(page, StripOutlet(roll)), store.audit, clock)
    assert desk.print_test_page(Event(), "thermal_printer") == flow.TestPrintEnded("printed")
    assert (len(roll.strips), printer.sheets) == (1, [])
    assert read_barcodes(Image.fromarray(~roll.strips[0]).convert("L")) == []
    without = Maintenance(pin, store.settings, Printers(page), store.audit, clock)
    assert without.print_test_page(Event(), "thermal_printer") == flow.TestPrintEnded("other")
    assert [row["device"] for row in store.audited(AuditKind.MAINTENANCE_ACTION)] == ["thermal_printer"] * 2


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (Printed(1), "printed"),
        (NotPrinted(PrinterReason.PAPER_OUT, paper_may_be_out=True), "paper-out"),
        (NotPrinted(PrinterReason.TONER_LOW, paper_may_be_out=True), "other"),
        (NotPrinted(PrinterReason.OK, paper_may_be_out=False), "other"),
        (DeviceUnavailableError("gone"), "other"),
    ],
)
def test_how_the_test_print_ended_is_said_in_words_there_are(
    desk: Maintenance, printer: TrayPrinter, store: KioskStore, result: Printed | NotPrinted | Exception, said: str
) -> None:
    """And audited, whatever it came to."""
    printer.result = result
    assert desk.print_test_page(Event()) == flow.TestPrintEnded(said)
    assert store.audited(AuditKind.MAINTENANCE_ACTION)[0]["outcome"] == said


@pytest.mark.parametrize("what", flow.ASIDE)
def test_what_records_refused_is_sent_again_or_given_up_and_the_audit_says_so(
    desk: Maintenance, store: KioskStore, what: str
) -> None:
    """Without an outbox there is nothing to do."""
    desk.settle_aside(what)
    assert store.audited(AuditKind.MAINTENANCE_ACTION) == []
    outbox = Mock(OutboxSync)
    outbox.again.return_value = outbox.discard.return_value = 2
    desk.outbox = outbox
    desk.settle_aside(what)
    if what == "again":
        outbox.again.assert_called_once_with()
        outbox.discard.assert_not_called()
    else:
        outbox.discard.assert_called_once_with(what)
        outbox.again.assert_not_called()
    said = {"action": "intakes-aside", "count": 2, "reason": what}
    assert store.audited(AuditKind.MAINTENANCE_ACTION) == [said]


def test_a_revoked_kiosk_gives_up_nothing(desk: Maintenance, store: KioskStore) -> None:
    """What it holds is for the bureau."""
    store.settings.close(OutOfService(flow.REVOKED, flow.UNKNOWN, NOW))
    desk.outbox = outbox = Mock(OutboxSync)
    desk.settle_aside("was-a-test")
    outbox.discard.assert_not_called()
