"""An alarm in a real browser: it comes to a page that is open, within seconds and under the page's own policy."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from backend_client.contract.alarms import Alarm
from backend_client.session import RecordsSession
from records.console import paths
from records.context import Records
from tests.support.console import hire
from tests.support.console_walk import VIEWS, walking
from tests.support.records_server import RecordsServer


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_an_alarm_comes_to_an_open_page_and_goes_when_it_is_seen(
    browser: Browser, server: RecordsServer, records: Records, size: str, language: str
) -> None:
    """The kiosk, asking meanwhile, hears that it was seen."""
    identity = server.enrol()
    kiosk = RecordsSession(server.url, server.root_pem, identity.certificate, identity.key)
    number = uuid4()
    with walking(browser, server, records, size, language) as walk:
        walk.sign_in(hire(records, f"alarm-{language}"), on_duty=True)
        walk.go(paths.CODE)
        strip = walk.page.locator("#alarms .alarm")
        expect(strip).to_have_count(0)
        assert kiosk.raise_alarm(Alarm(id=number, at=datetime.now(UTC))).watched
        expect(strip).to_have_count(1, timeout=5_000)
        walk.look("alarm")
        walk.press("#alarms .alarm button", "alarms")
        expect(walk.page).to_have_url(f"{server.url}{paths.ALARMS}")
        assert kiosk.alarm(number).seen_at is not None
    kiosk.close()
