"""A technician at night: in by the hidden corner, one page, a test print, out of service and back."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pikepdf
import pypdfium2

from civic.clock import SystemClock
from forms.test_page import MARK
from forms.trust import TrustStore
from forms.verification import Outcome, verify_paper
from kiosk.flows import maintenance, proof
from kiosk.flows import visit as flow
from kiosk.flows.readiness import OutOfService
from kiosk.ground import LOCK_FILE, STORE_FILE
from kiosk.store.journal import MIGRATIONS
from simulators.house import House
from terminal.store.database import Database
from terminal.views import MessageView, TableView, View
from tests.support.records_client import DENG
from tests.support.story import open_kiosk

if TYPE_CHECKING:  # importing it would open the window
    from simulators.walker import Walker

WRONG = "31415926"
REASON, EXPECTED = "repair", "tonight"


def test_a_technician_finds_what_is_wrong_closes_the_kiosk_and_opens_it_again(house: House) -> None:
    with open_kiosk(house, "technician") as walker:
        assert walker.wait_until_ready() == ()
        somebody_was_here(walker)
        enter(walker, house)
        an_unplugged_reader_is_shown(walker, house)
        a_test_page_comes_out(walker, house)
        close(walker)
        residents_read_why(walker, "residents-read-why")
    with open_kiosk(house, "technician-after-restart") as walker:
        residents_read_why(walker, "still-closed")
        assert not walker.driver.shows("begin")
        corner(walker)
        press(walker, house.pin)
        page = walker.await_screen(maintenance.Page)
        assert page == maintenance.Page((REASON, EXPECTED))
        walker.driver.tap("reopen")
        walker.await_screen(maintenance.Page)
        walker.note("back-in-service")
        walker.driver.tap("leave")
        walker.await_screen(flow.Attract)
        assert walker.wait_until_ready() == ()
        walker.go_home()


def test_a_service_manager_ends_the_kiosk_and_a_second_one_is_refused(house: House) -> None:
    command = [sys.executable, "-m", "kiosk.main", "--config", str(house.configuration_file)]
    lock = house.configuration().store.folder / LOCK_FILE
    lock.unlink(missing_ok=True)
    serving = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert _until(lambda: lock.exists() and lock.read_text("ascii").strip() == str(serving.pid))
        second = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert second.returncode == 1
        assert "already-running" in second.stderr
        assert "Traceback" not in second.stderr
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(20) == 0
    finally:
        serving.kill()
        serving.communicate()
    database = Database(lock.with_name(STORE_FILE), MIGRATIONS)
    kinds = [row[0] for row in database.query("SELECT kind FROM audit ORDER BY seq")]
    database.close()
    assert kinds[-1] == "stopped"


def _until(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 40
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


# --- what the technician does ---


def somebody_was_here(walker: "Walker") -> None:
    """A resident laid a card, was found, and left: of all that nothing may stand on the page."""
    walker.go_home()
    walker.choose()
    walker.lay_card("deng")
    walker.await_screen(proof.ChoosingProof)
    walker.driver.tap("clear")
    walker.state.set("id_card", card="none")
    walker.await_screen(flow.Attract)


def corner(walker: "Walker") -> None:
    """Five taps where nothing shows that there is anything."""
    from kivy.core.window import Window

    for _ in range(5):
        walker.driver.tap_at(20, Window.height - 20)
    walker.await_screen(maintenance.EnteringPin)


def press(walker: "Walker", pin: str) -> None:
    """Type a PIN."""
    for digit in pin:
        walker.driver.tap(f"digit-{digit}")
    walker.driver.tap("enter")


def enter(walker: "Walker", house: House) -> None:
    """Wrong once, then right."""
    corner(walker)
    walker.note("pin")
    press(walker, WRONG)
    assert walker.driver.wait_until(lambda: walker.here == maintenance.EnteringPin(wrong=True))
    walker.note("pin-wrong")
    press(walker, house.pin)
    walker.await_screen(maintenance.Page)


def an_unplugged_reader_is_shown(walker: "Walker", house: House) -> None:
    """Within five seconds, with the port to look at; and nobody's name."""
    began = time.monotonic()
    house.state.set("id_card", "unplugged")
    assert walker.driver.wait_until(lambda: row(walker, "身份证读卡器")[0] == "没接上", 8)
    assert time.monotonic() - began < 5
    assert "id_card.tty" in row(walker, "身份证读卡器")[1]
    walker.note("reader-unplugged")
    words = repr(shown(walker))
    assert all(part not in words for part in (DENG.name, DENG.id_number, DENG.id_number[-4:], "示例市平安区"))
    house.state.set("id_card", "ok")
    assert walker.driver.wait_until(lambda: row(walker, "身份证读卡器")[0] == "正常", 8)


def a_test_page_comes_out(walker: "Walker", house: House) -> None:
    """Out of the printer's tray; nobody could take it for a paper."""
    before = set(house.tray.glob("*.pdf"))
    walker.driver.tap("tests")
    walker.await_screen(maintenance.ChoosingTest)
    walker.driver.tap("test-print")
    printed = walker.driver.wait_until(lambda: walker.here == maintenance.Page(None, "printed"), 40)
    assert printed, walker.here
    walker.note("test-page-printed")
    (sheet,) = set(house.tray.glob("*.pdf")) - before
    nothing_official(sheet, house)


def nothing_official(sheet: Path, house: House) -> None:
    with pikepdf.open(sheet) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert not pdf.pages[0].get_images()
    document = pypdfium2.PdfDocument(sheet)
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    assert MARK in text
    page = sheet.with_suffix(".png").read_bytes()
    verdict = verify_paper(page, TrustStore.from_folder(house.trust), SystemClock().now())
    assert verdict.outcome is Outcome.NOT_READABLE
    assert verdict.claims is None


def close(walker: "Walker") -> None:
    """Out of service, with reason and time."""
    walker.driver.tap("close")
    walker.await_screen(maintenance.ChoosingReason)
    walker.note("why")
    walker.driver.tap(f"reason:{REASON}")
    walker.await_screen(maintenance.ChoosingExpected)
    walker.note("until-when")
    walker.driver.tap(f"expected:{EXPECTED}")
    assert walker.await_screen(maintenance.Page) == maintenance.Page((REASON, EXPECTED), "closed")
    walker.note("closed")
    walker.driver.tap("leave")


def residents_read_why(walker: "Walker", name: str) -> None:
    """The screen that stands in the lamp's place."""
    assert walker.await_screen(flow.Closed) == flow.Closed(OutOfService(REASON, EXPECTED))
    walker.note(name)
    view = shown(walker)
    assert isinstance(view, MessageView)
    assert "机器需要修理" in view.true_now
    assert "预计今晚恢复" in view.true_now


def shown(walker: "Walker") -> View:
    """What the window shows."""
    return cast("View", walker.application.app.root._view)


def row(walker: "Walker", name: str) -> tuple[str, str]:
    """State and detail of a device on the page."""
    view = shown(walker)
    assert isinstance(view, TableView)
    return next((each.state, each.detail) for _, rows in view.groups for each in rows if each.name == name)
