"""A machine from its code to its end, in a real browser and with a real kiosk's client at the other end."""

from collections.abc import Iterator
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
from records import installation
from records.console import paths
from records.context import Records
from records.rules.roles import Role
from records.services import sessions
from records.services.sessions import Attempt
from records.services.totp import STEP_S, code_at
from tests.support.browser import DESK, PHONE, Seen, chromium, visitor
from tests.support.console import hire
from tests.support.records_server import RecordsServer, running_records

LANG = {"zh": "zh-CN", "en": "en"}
STATES = {"zh": ("还没有开始工作", "正常服务", "已停用"), "en": ("Not at work yet", "In service", "Revoked")}
PATIENCE_S = 20.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordsServer]:
    with running_records(tmp_path_factory.mktemp("devices")) as started:
        yield started


@pytest.fixture(scope="module")
def records(server: RecordsServer) -> Iterator[Records]:
    """The same data, beside the service."""
    opened = installation.open_existing(server.folder, SystemClock())
    yield opened
    opened.database.close()


@pytest.fixture(scope="module")
def browser(server: RecordsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("browser"), server.root_pem) as started:
        yield started


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


def _signed_in(seen: Seen, records: Records, site: str, language: str) -> None:
    """An administrator, with a session from beside: signing in by hand is looked at elsewhere."""
    account = hire(records, f"admin-{language}", Role.ADMINISTRATOR)
    code = code_at(account.secret, int(SystemClock().now().timestamp()) // STEP_S)
    token = sessions.sign_in(records, Attempt(account.name, account.password, code, "127.0.0.1"))
    cookie = {"url": site, "secure": True, "httpOnly": True, "sameSite": "Strict"}
    named = (("__Host-lamplight-console", token), ("__Host-lamplight-language", language))
    seen.page.context.add_cookies(
        [{"name": name, "value": value, **cookie} for name, value in named]  # type: ignore[typeddict-item] # cookies
    )


@pytest.mark.parametrize(("size", "language"), [(DESK, "zh"), (PHONE, "en")])
def test_a_machine_is_let_in_watched_and_put_out(
    browser: Browser, server: RecordsServer, records: Records, tmp_path: Path, size: str, language: str
) -> None:
    """The fingerprint on the page is the one on the machine; after the revocation its next request is refused."""
    machine = Machine(server, tmp_path / "identity")
    with visitor(browser, size, server.url) as seen, ThreadPoolExecutor(1) as other_end:

        def look(name: str) -> None:
            seen.picture(f"console-{name}-{language}-{size}")
            assert not seen.faults(LANG[language])

        _signed_in(seen, records, server.url, language)
        seen.page.goto(paths.DEVICES)
        look("devices-none")
        seen.page.locator(f"a[href='{paths.DEVICE_NEW}']").click()
        look("device-new")
        seen.page.locator("#kind-kiosk").check()
        seen.page.locator("#name").fill(f"gate {language}")
        seen.page.keyboard.press("Enter")
        look("device-code")
        enrolling = other_end.submit(machine.ask, seen.page.locator(".fingerprint").inner_text())
        shown = machine.fingerprint()
        seen.page.goto(paths.DEVICES)
        expect(seen.page.locator(".fingerprint")).to_have_text(shown)
        look("devices-waiting")
        seen.page.locator(f"a[href='{paths.device_waiting(shown)}']").click()
        look("device-compare")
        seen.page.locator("#compared").check()
        seen.page.locator(f"form[action='{paths.device_waiting(shown, 'admit')}'] button").click()
        expect(seen.page.locator(".state").first).to_contain_text(STATES[language][0])
        machine.decided()
        identity = enrolling.result(PATIENCE_S)
        session = RecordsSession(server.url, server.root_pem, identity.certificate, identity.key, Timeouts(2, 5))
        session.heartbeat(Heartbeat(at=SystemClock().now(), software="x", policy_version=0, open_papers=0))
        seen.page.reload()
        expect(seen.page.locator(".state").first).to_contain_text(STATES[language][1])
        look("devices")
        seen.page.locator(f"a[href='{paths.device_revoke(identity.device_id)}']").click()
        look("device-revoke")
        seen.page.locator("#reason").fill("118")
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator(".state").last).to_contain_text(STATES[language][2])
        with pytest.raises(DeviceRevokedError):
            session.policy()
        session.close()
