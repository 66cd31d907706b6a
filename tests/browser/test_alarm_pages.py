"""An alarm in a real browser: it comes to a page that is open, within seconds and under the page's own policy."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from backend_client.contract.alarms import Alarm
from backend_client.session import RecordsSession
from civic.clock import SystemClock
from records import installation
from records.console import paths
from records.context import Records
from records.services import sessions
from records.services.sessions import Attempt
from records.services.totp import STEP_S, code_at
from tests.support.browser import DESK, PHONE, Seen, chromium, visitor
from tests.support.console import hire
from tests.support.records_server import RecordsServer, running_records

LANG = {"zh": "zh-CN", "en": "en"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordsServer]:
    with running_records(tmp_path_factory.mktemp("alarms")) as started:
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


def _on_duty(seen: Seen, records: Records, site: str, language: str) -> None:
    """With a session from beside: signing in by hand is looked at elsewhere."""
    account = hire(records, f"alarm-{language}")
    code = code_at(account.secret, int(SystemClock().now().timestamp()) // STEP_S)
    token = sessions.sign_in(records, Attempt(account.name, account.password, code, "127.0.0.1"))
    session = sessions.resume(records, token)
    assert session is not None
    sessions.begin_duty(records, session)
    cookie = {"url": site, "secure": True, "httpOnly": True, "sameSite": "Strict"}
    named = (("__Host-lamplight-console", token), ("__Host-lamplight-language", language))
    seen.page.context.add_cookies(
        [{"name": name, "value": value, **cookie} for name, value in named]  # type: ignore[typeddict-item] # cookies
    )


@pytest.mark.parametrize(("size", "language"), [(DESK, "zh"), (PHONE, "en")])
def test_an_alarm_comes_to_an_open_page_and_goes_when_it_is_seen(
    browser: Browser, server: RecordsServer, records: Records, size: str, language: str
) -> None:
    """The kiosk, asking meanwhile, hears that it was seen."""
    identity = server.enrol()
    kiosk = RecordsSession(server.url, server.root_pem, identity.certificate, identity.key)
    number = uuid4()
    with visitor(browser, size, server.url) as seen:
        _on_duty(seen, records, server.url, language)
        seen.page.goto(paths.CODE)
        strip = seen.page.locator("#alarms .alarm")
        expect(strip).to_have_count(0)
        assert kiosk.raise_alarm(Alarm(id=number, at=datetime.now(UTC))).watched
        expect(strip).to_have_count(1, timeout=5_000)
        seen.picture(f"console-alarm-{language}-{size}")
        assert not seen.faults(LANG[language])
        strip.get_by_role("button").click()
        expect(seen.page).to_have_url(f"{server.url}{paths.ALARMS}")
        seen.picture(f"console-alarms-{language}-{size}")
        assert not seen.faults(LANG[language])
        assert kiosk.alarm(number).seen_at is not None
    kiosk.close()
