"""A walk through the console's pages in a real browser: each page that it looks at keeps the rules of all pages.

with walking(browser, server, records, "390x844", "en") as walk:
    walk.sign_in(account)
    walk.go(paths.DEVICES, "devices-none")
    walk.press(f"a[href='{paths.DEVICE_NEW}']", "device-new")
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect

from civic.clock import SystemClock
from records.console.visitor import COOKIE, LANGUAGE_COOKIE
from records.context import Records
from records.services import sessions
from records.services.sessions import Attempt
from records.services.totp import STEP_S, code_at
from tests.support.browser import DESK, PHONE, Seen, visitor
from tests.support.console import Account
from tests.support.records_server import RecordsServer

VIEWS = [(DESK, "zh"), (PHONE, "en")]  # the language of officers, and the longest words on the narrowest page
_LANG = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Walk:
    """One browser's way from page to page."""

    seen: Seen
    records: Records
    size: str
    language: str

    @property
    def page(self) -> Page:
        """The page that is open now."""
        return self.seen.page

    def sign_in(self, account: Account, *, on_duty: bool = False) -> None:
        """With a session from beside: signing in by hand is looked at elsewhere."""
        code = code_at(account.secret, int(SystemClock().now().timestamp()) // STEP_S)
        token = sessions.sign_in(self.records, Attempt(account.name, account.password, code, "127.0.0.1"))
        session = sessions.resume(self.records, token)
        assert session is not None
        if on_duty:
            sessions.begin_duty(self.records, session)
        named = ((COOKIE, token), (LANGUAGE_COOKIE, self.language))
        cookie = {"url": self.seen.site, "secure": True, "httpOnly": True, "sameSite": "Strict"}
        self.page.context.add_cookies(
            [{"name": name, "value": value, **cookie} for name, value in named]  # type: ignore[typeddict-item] # cookies
        )

    def go(self, path: str, name: str = "") -> None:
        """Open a page by its address, and look at it."""
        self.page.goto(path)
        self.look(name)

    def press(self, control: str, name: str = "") -> None:
        """Press what leads to another page, or to the same one anew, and look at that."""
        with self.seen.led_on():
            self.page.locator(control).first.click()
        self.look(name)

    def enter(self, name: str = "") -> None:
        """Send the form by keyboard, and look at what comes."""
        with self.seen.led_on():
            self.page.keyboard.press("Enter")
        self.look(name)

    def choose(self, field: str) -> None:
        """By keyboard, as a choice among several is made."""
        found = self.page.locator(field)
        found.focus()
        found.press("Space")
        expect(found).to_be_checked()

    def fill(self, **fields: str) -> None:
        """Write into the fields of these ids."""
        for name, value in fields.items():
            self.page.locator(f"#{name}").fill(value)

    def shows(self, what: str | Locator) -> None:
        """That is on the page, or comes to it."""
        expect(self.page.locator(what) if isinstance(what, str) else what).to_be_visible()

    def look(self, name: str) -> None:
        """It keeps the rules; a picture of it stays under the name."""
        expect(self.page.locator("html")).to_have_attribute("lang", _LANG[self.language])
        if name:
            self.seen.picture(f"console-{name}-{self.language}-{self.size}")
            faults = self.seen.faults(_LANG[self.language])
            assert not faults, "\n".join(faults)


def walk_anew(seen: Seen, records: Records, size: str, language: str) -> Walk:
    """Somebody else who has not signed in yet, at a page that is open already."""
    seen.forgets()
    return Walk(seen, records, size, language)


@contextmanager
def walking(browser: Browser, server: RecordsServer, records: Records, size: str, language: str) -> Iterator[Walk]:
    """Somebody who has not signed in yet."""
    with visitor(browser, size, server.url) as seen:
        yield Walk(seen, records, size, language)
