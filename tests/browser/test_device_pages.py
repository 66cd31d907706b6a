"""A machine from its code to its end, in a real browser and with a real kiosk's client at the other end."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Browser, expect

from backend_client.contract.devices import DeviceKind, EnrolmentPending, Heartbeat
from backend_client.device_files import DeviceIdentity
from backend_client.enrolment import enrol
from backend_client.errors import DeviceRevokedError
from backend_client.session import RecordsSession
from backend_client.transport import Timeouts
from civic.clock import SystemClock
from records.console import paths
from records.context import Records
from records.rules.roles import Role
from tests.support.console import hire
from tests.support.console_walk import VIEWS, walking
from tests.support.records_server import RecordsServer

STATES = {"zh": ("还没有开始工作", "正常服务", "已停用"), "en": ("Not at work yet", "In service", "Revoked")}
PATIENCE_S = 60.0


class Machine:
    """A kiosk being set up: it asks by itself, and shows its fingerprint."""

    def __init__(self, server: RecordsServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.shown = ""
        self._shows = Event()
        self._decided = Event()

    def ask(self, code: str) -> DeviceIdentity:
        return enrol(self.server.url, self.server.root_pem, code, DeviceKind.KIOSK, self.folder, self._wait)

    def fingerprint(self) -> str:
        assert self._shows.wait(PATIENCE_S)
        return self.shown

    def decided(self) -> None:
        """Somebody presses a key rather than wait for the next question."""
        self._decided.set()

    def _wait(self, pending: EnrolmentPending) -> None:
        self.shown = pending.fingerprint
        self._shows.set()
        assert self._decided.wait(PATIENCE_S)


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_a_machine_is_let_in_watched_and_put_out(
    browser: Browser, server: RecordsServer, records: Records, tmp_path: Path, size: str, language: str
) -> None:
    """The fingerprint on the page is the one on the machine; after the revocation its next request is refused."""
    machine = Machine(server, tmp_path / "identity")
    states = STATES[language]
    with walking(browser, server, records, size, language) as walk, ThreadPoolExecutor(1) as other_end:
        walk.sign_in(hire(records, f"admin-{language}", Role.ADMINISTRATOR))
        walk.go(paths.DEVICES, "devices-none")
        walk.press(f"a[href='{paths.DEVICE_NEW}']", "device-new")
        walk.page.locator("#kind-kiosk").check()
        walk.fill(name=f"gate {language}")
        walk.enter("device-code")
        enrolling = other_end.submit(machine.ask, walk.page.locator(".fingerprint").inner_text())
        shown = machine.fingerprint()
        walk.go(paths.DEVICES, "devices-waiting")
        expect(walk.page.locator(".fingerprint")).to_have_text(shown)
        walk.press(f"a[href='{paths.device_waiting(shown)}']", "device-compare")
        walk.page.locator("#compared").check()
        walk.press(f"form[action='{paths.device_waiting(shown, 'admit')}'] button")
        expect(walk.page.locator(".state").first).to_contain_text(states[0])
        machine.decided()
        identity = enrolling.result(PATIENCE_S)
        session = RecordsSession(server.url, server.root_pem, identity.certificate, identity.key, Timeouts(2, 5))
        session.heartbeat(Heartbeat(at=SystemClock().now(), software="x", policy_version=0, open_papers=0))
        walk.go(paths.DEVICES, "devices")
        expect(walk.page.locator(".state").first).to_contain_text(states[1])
        walk.press(f"a[href='{paths.device_revoke(identity.device_id)}']", "device-revoke")
        walk.fill(reason="118")
        walk.enter()
        expect(walk.page.locator(".state").last).to_contain_text(states[2])
        with pytest.raises(DeviceRevokedError):
            session.policy()
        session.close()
