"""The officers' console as a browser sees it: cookies, forms and their tokens, no script.

``hire`` makes an account with a cheap hash: what a guess costs is tested by itself.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx2

from records.app import application
from records.console import paths
from records.console.visitor import COOKIE
from records.context import Records
from records.rules.roles import Role
from records.services import passwords, sessions, totp
from records.services.passwords import Cost
from records.services.sessions import Attempt
from records.store import officers
from records.store.officers import OfficerRow
from tests.support.clocks import StillClock
from tests.support.in_process import client_of
from tests.support.records_client import Client, routes_of

SITE = "https://records"
_JAR_DOMAIN = "records.local"  # what http.cookiejar makes of a name without a dot
PASSWORD = "lanterns over the north wall"
_CHEAP = Cost(n=2, r=1, p=1)
_VOID = {"meta", "link", "input", "img", "br", "hr"}


@dataclass
class Form:
    """A form of a page: where it goes, what it is sent with as it stands, and the buttons' values."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """An answer, read."""

    def __init__(self, answer: httpx2.Response) -> None:
        super().__init__()
        self.answer = answer
        self.status: int = answer.status_code
        self.path: str = answer.url.path
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.forms: list[Form] = []
        self.headings: list[tuple[str, str]] = []
        self.labels: dict[str, str] = {}
        self.words: list[str] = []
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.feed(answer.text)

    @property
    def text(self) -> str:
        """All words."""
        return " ".join(self.words)

    @property
    def title(self) -> str:
        """The first heading of the first level."""
        return next(words for level, words in self.headings if level == "h1")

    def form(self, action: str) -> Form:
        """The form that goes there."""
        return next(each for each in self.forms if each.action == action)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append((tag, told))
        if tag == "form":
            self.forms.append(Form(told["action"] or ""))
        if tag in {"input", "button", "textarea", "select"} and told.get("name") and self.forms:
            self._field(tag, told)
        if tag == "option" and "selected" in told:
            self.forms[-1].fields[self.open[-1][1]["name"] or ""] = told["value"] or ""
        if tag not in _VOID:
            self.open.append((tag, told))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop()[0] == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] == "textarea":
            self.forms[-1].fields[self.open[-1][1]["name"] or ""] += data
        words = " ".join(data.split())
        if not words or not self.open or self.open[-1][0] in {"style", "script"}:
            return
        self.words.append(words)
        for tag, told in reversed(self.open):
            if tag in {"h1", "h2", "h3"}:
                self._heading(tag, words)
            if tag == "label":
                self.labels[told.get("for") or ""] = words

    def _heading(self, tag: str, words: str) -> None:
        begun = self.get_starttag_text() != f"<{tag}>" and self.headings and self.headings[-1][0] == tag
        if begun and self.open[-1][0] != tag:
            self.headings[-1] = (tag, f"{self.headings[-1][1]} {words}")
        else:
            self.headings.append((tag, words))

    def _field(self, tag: str, told: dict[str, str | None]) -> None:
        name, value, form = told["name"] or "", told.get("value") or "", self.forms[-1]
        if tag == "button" or told.get("type") == "radio":
            form.choices.setdefault(name, []).append(value)
        elif told.get("type") != "checkbox" or "checked" in told:
            form.fields[name] = value


@dataclass
class Account:
    """An officer and what they know."""

    name: str
    role: Role
    password: str
    secret: bytes

    def code(self, clock: StillClock) -> str:
        """What their authenticator shows, after it has changed: no code works twice."""
        clock.pass_by(totp.STEP_S)
        return totp.code_at(self.secret, int(clock.now().timestamp()) // totp.STEP_S)


def hire(records: Records, name: str = "chen", role: Role = Role.OFFICER, *, initial: bool = False) -> Account:
    """A new account."""
    secret = totp.new_secret()
    sealed = totp.seal(records, name, secret)
    kept = passwords.kept(PASSWORD, _CHEAP)
    row = OfficerRow(name, f"{name} {role.value}", role, kept, initial, sealed, 0, records.clock.now())
    with records.database.writing() as transaction:
        officers.add(transaction, row)
    return Account(name, role, PASSWORD, secret)


class Browser:
    """One browser at one place."""

    def __init__(self, records: Records, clock: StillClock, address: str = "10.0.0.7") -> None:
        self.records = records
        self.clock = clock
        self.address = address
        app = application(records, routes_of(records))
        self.http = client_of(app, Client.portal, SITE, (address, 40000))
        self.page: Page | None = None

    def get(self, path: str) -> Page:
        """Go to a page, along every redirect."""
        self.page = Page(self.http.get(path))
        return self.page

    def send(self, action: str, **fields: str) -> Page:
        """Fill in the form of the present page that goes to ``action``, and send it."""
        assert self.page is not None
        self.page = Page(self.http.post(action, data={**self.page.form(action).fields, **fields}))
        return self.page

    def sign_in(self, officer: Account, **changes: str) -> Page:
        """Sign in, and land on the home page."""
        self.get("/console/sign-in")
        right = {"account": officer.name, "password": officer.password, "code": officer.code(self.clock)}
        return self.send("/console/sign-in", **{**right, **changes})

    def on_duty(self, officer: Account) -> "Browser":
        """Signed in and on duty, without the pages: those are tested by ``sign_in``."""
        attempt = Attempt(officer.name, officer.password, officer.code(self.clock), self.address)
        token = sessions.sign_in(self.records, attempt)
        session = sessions.resume(self.records, token)
        assert session is not None
        sessions.begin_duty(self.records, session)
        self.http.cookies.set(COOKIE, token, domain=_JAR_DOMAIN, path="/")
        self.get(paths.HOME)
        return self

    def wait(self, seconds: int) -> Page:
        """Leave the waiting page open for a while, as the browser does by itself."""
        page = self.get("/console/waiting")
        for _ in range(seconds // 60):
            self.clock.pass_by(60)
            page = self.get("/console/waiting")
        return page

    def open_case(self, code: str) -> Page:
        """Open the case of a visit code."""
        self.get("/console/code")
        return self.send("/console/code", code=code)
