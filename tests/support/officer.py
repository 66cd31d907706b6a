"""An officer at the real console: over HTTPS, with a password, an authenticator and a browser's cookies.

``on_staff`` makes the account as an administrator does, with the records command, and signs in for the first time.
"""

import base64
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2

from civic.clock import Clock, SystemClock
from records.console import paths
from records.rules.decisions import Basis, How
from records.services import totp
from tests.support.console import Page

OWN_PASSWORD = "lanterns over the north wall"
REASON = "电话核对无误，值班簿 17 号"


@dataclass
class Authenticator:
    """The officer's phone: the secret of an ``otpauth://`` address. No code is shown twice."""

    uri: str = field(repr=False)
    clock: Clock = field(default_factory=SystemClock)
    _last: int = 0

    def code(self) -> str:
        """The next code that is accepted; the one of the step to come, where this one's is used up."""
        (secret,) = parse_qs(urlsplit(self.uri).query)["secret"]
        key = base64.b32decode(secret + "=" * (-len(secret) % 8))
        self._last = max(self._last + 1, int(self.clock.now().timestamp()) // totp.STEP_S)
        return totp.code_at(key, self._last)


class Officer:
    """One browser, signed in. Close it."""

    def __init__(self, url: str, root: Path, name: str, phone: Authenticator) -> None:
        trusted = ssl.create_default_context(cafile=str(root))
        self.name = name
        self.phone = phone
        self.http = httpx2.Client(base_url=url, verify=trusted, follow_redirects=True, timeout=20)
        self.page = self.look(paths.SIGN_IN)

    def close(self) -> None:
        """Close the browser."""
        self.http.close()

    def look(self, path: str) -> Page:
        """Go to a page."""
        self.page = Page(self.http.get(path))
        return self.page

    def send(self, action: str, **fields: str) -> Page:
        """Fill in the form of this page that goes to ``action``, and send it."""
        form = self.page.form(action)
        self.page = Page(self.http.post(action, data={**form.fields, **fields}))
        return self.page

    def sign_in(self, password: str = OWN_PASSWORD) -> Page:
        """With password and one-time code."""
        self.look(paths.SIGN_IN)
        return self.send(paths.SIGN_IN, account=self.name, password=password, code=self.phone.code())

    def first_sign_in(self, password: str) -> Page:
        """The first password opens one page alone: the one for another."""
        assert self.sign_in(password).path == paths.PASSWORD
        return self.send(paths.PASSWORD, old=password, new=OWN_PASSWORD, again=OWN_PASSWORD)

    def duty(self, *, on: bool) -> Page:
        """Begin or end the duty."""
        self.look(paths.HOME)
        wanted = "yes" if on else "no"
        return self.send(paths.DUTY, on=wanted) if wanted in self.page.form(paths.DUTY).choices["on"] else self.page

    def open_case(self, code: str) -> Page:
        """Type the visit code that the resident reads out."""
        self.look(paths.CODE)
        return self.send(paths.CODE, code=code)

    def confirm(self, basis: Basis = Basis.CALLED_BACK, reason: str = REASON) -> Page:
        """The open case is the person, on the phone."""
        how = f"{self.page.path}/confirm/{How.BY_PHONE.value}"
        self.look(how)
        return self.send(how, basis=basis.value, reason=reason)

    def decline(self, reason: str = REASON) -> Page:
        """Not by this way today."""
        declining = f"{self.page.path}/decline"
        self.look(declining)
        return self.send(declining, reason=reason)

    def mark_seen(self) -> Page:
        """The person is awaited at the window."""
        return self.send(f"{self.page.path}/seen")

    def accept_intake(self, number: str, seconds: float = 60.0) -> Page:
        """What was handed in under the number on its slip, as soon as it is there: opened, and accepted."""
        deadline = time.monotonic() + seconds
        while number not in self.look(paths.INTAKES).text:
            assert time.monotonic() < deadline, "it did not arrive"
            time.sleep(0.2)
        links = [str(told["href"]) for tag, told in self.page.tags if tag == "a" and f"{paths.INTAKES}/" in str(told)]
        (link,) = [each for each in links if number in self.look(each).text]
        self.look(link)
        assert number in self.send(link, reason=REASON).text
        return self.send(f"{link}/decide", decision="accepted/papers-seen")


def on_staff(
    records: Callable[..., str], url: str, root: Path, name: str = "chen", clock: Clock | None = None
) -> Officer:
    """A new officer's first day. ``records``: runs a records command and gives back what it printed."""
    printed = records("officer", "add", name, "--role", "officer", "--display", "陈亮")
    told = dict(line.split(": ", 1) for line in printed.splitlines())
    officer = Officer(url, root, name, Authenticator(told["one-time secret"], clock or SystemClock()))
    officer.first_sign_in(told["password"])
    return officer
