"""Every page of the console: its headers, its cookie, its forms' tokens, its words; and that it needs no script."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from records import console
from records.app import application
from records.console import texts
from records.console.headers import HEADERS
from records.context import Records
from records.rules.decisions import Basis, How
from records.rules.eligibility import Doubt
from records.rules.roles import RIGHTS, Right, Role
from records.store import alerts
from records.store.alerts import AlertKind, Raise
from tests.support.clocks import StillClock
from tests.support.console import SITE, Account, Browser, Page, hire
from tests.support.records_client import DENG, UNCLEAR, KioskClient

CONFIRMED = {"basis": "portrait-compared", "reason": "card lost, desk book 2026-117"}


@pytest.fixture
def browser(records: Records, clock: StillClock) -> Browser:
    return Browser(records, clock)


def _asked(kiosk: KioskClient, card: object = DENG, visit: str = "visit-0001") -> str:
    subject = kiosk.identify(card, visit)["subject"]  # type: ignore[arg-type] # a Card
    return str(kiosk.post(f"/v1/identifications/{subject}/confirmation").json()["code"])


def _walk(records: Records, kiosk: KioskClient, browser: Browser, officer: Account) -> Iterator[Page]:
    """Each kind of page there is, refusals included."""
    yield browser.get("/console/sign-in")
    yield browser.sign_in(officer, password="wrong")
    yield browser.sign_in(officer)
    yield browser.send("/console/duty", on="yes")
    with records.database.writing() as transaction:
        day, now = records.clock.now().date(), records.clock.now()
        alerts.note(transaction, Raise(AlertKind.NUMBER_GUESSING, day, 12, now, device_id=kiosk.device_id))
        alerts.note(transaction, Raise(AlertKind.NUMBER_GUESSING, day, 11, now, number_hash="0" * 64))
    code = _asked(kiosk)
    yield browser.get("/console/waiting")
    yield browser.get("/console/alerts")
    yield browser.get("/console/password")
    yield browser.send("/console/password", old="wrong", new="other", again="again")
    yield browser.open_case("000000")
    case = browser.open_case(code)
    yield case
    yield browser.get(f"{case.path}/confirm/by-phone")
    yield browser.get(f"{case.path}/decline")
    yield browser.send(f"{case.path}/decline", reason="")
    yield browser.get(f"{case.path}/confirm/in-person")
    yield browser.send(f"{case.path}/confirm/in-person", basis="portrait-compared", reason="no number")
    yield browser.send(f"{case.path}/confirm/in-person", **CONFIRMED)
    yield browser.get(f"{case.path}/confirm/in-person")
    yield browser.open_case(_asked(kiosk, UNCLEAR, "visit-0002"))
    yield browser.get("/console/nothing-here")
    yield browser.get("/console/cases/guessed-handle")
    yield browser.wait(16 * 60)
    yield browser.get("/console/code")


def test_the_service_s_bare_address_leads_to_the_sign_in(browser: Browser) -> None:
    """It is what an officer is told, and types."""
    assert browser.get("/").path == "/console/sign-in"


def test_every_page_is_sound(records: Records, kiosk: KioskClient, browser: Browser, officer: Account) -> None:
    """In both languages: headers, structure, labels, tokens, and nothing that runs or comes from elsewhere."""
    for language in texts.LANGUAGES:
        browser.http.cookies.set("__Host-lamplight-language", language, domain="records.local")
        account = officer if language == "zh" else hire(records, "li")
        pages = list(_walk(records, kiosk, browser, account))
        assert len(pages) == 22
        for page in pages:
            _check_headers(page)
            _check_structure(page, language)
            _check_nothing_runs(page)
        browser.get("/console/")
        browser.send("/console/sign-out")


def _check_headers(page: Page) -> None:
    told = page.answer.headers
    for name, value in HEADERS.items():
        assert told[name] == value, f"{page.path}: {name}"
    assert told["Content-Type"] == "text/html; charset=utf-8"


def _check_structure(page: Page, language: str) -> None:
    names = [tag for tag, _ in page.tags]
    (html,) = (told for tag, told in page.tags if tag == "html")
    assert html["lang"] == {"zh": "zh-CN", "en": "en"}[language], page.path
    assert page.open == []
    assert names.count("h1") == names.count("main") == names.count("header") == names.count("title") == 1
    levels = [int(level[1]) for level, _ in page.headings]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), page.headings
    ids = [told["id"] for _, told in page.tags if "id" in told]
    assert len(ids) == len(set(ids))
    for tag, told in page.tags:
        if tag == "input" and told.get("type") != "hidden":
            assert page.labels[told["id"] or ""], f"{page.path}: {told['name']} has no label"
        if tag == "img":
            assert "alt" in told
        for reference in (told.get("aria-describedby") or told.get("aria-labelledby") or "").split():
            assert reference in ids, f"{page.path}: #{reference} is not there"
    assert "form_token" not in page.text


def _check_nothing_runs(page: Page) -> None:
    for tag, told in page.tags:
        assert tag not in {"style", "iframe", "object", "embed", "base"}
        assert tag != "script" or told["src"] == "/console/static/live.js"  # a file of ours, which pages do without
        assert not [name for name in told if name.startswith("on") or name == "style"], f"{page.path}: <{tag}>"
        for name in ("src", "href", "action"):
            assert not told.get(name) or re.match(r"(/console/|#)", told[name] or ""), f"{page.path}: {told[name]}"
    for form in page.forms:
        assert re.fullmatch(r"[0-9a-f]{64}", form.fields["form_token"]), form.action


def test_the_policy_allows_nothing_but_our_own(browser: Browser) -> None:
    """No script, no frame, no form to elsewhere, no copy on the way."""
    told = browser.get("/console/sign-in").answer.headers
    policy = dict(rule.split(" ", 1) for rule in told["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert told["Cache-Control"] == "no-store"
    assert told["Referrer-Policy"] == "no-referrer"
    assert told["Strict-Transport-Security"].startswith("max-age=")


def test_style_and_icon_are_our_own(browser: Browser) -> None:
    """With the same headers; and nothing else of the package can be fetched."""
    for name, kind in (("console.css", "text/css"), ("lamp.svg", "image/svg+xml")):
        answer = browser.http.get(f"/console/static/{name}")
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, kind)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "http" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    for outside in ("../texts/zh/frame.toml", "..%2ftexts%2fzh%2fframe.toml", "../app.py"):
        assert browser.http.get(f"/console/static/{outside}").status_code == 404


def test_the_cookie_is_of_this_host_alone(browser: Browser, officer: Account) -> None:
    """__Host-, Secure, HttpOnly, SameSite=Strict, and gone with the browser."""
    browser.get("/console/sign-in")
    browser.http.follow_redirects = False
    for answer in (browser.http.get("/console/sign-in", headers={"Cookie": "x=y"}), browser.sign_in(officer).answer):
        (cookie,) = answer.headers.get_list("set-cookie")
        name, *flags = cookie.lower().split("; ")
        assert name.startswith("__host-lamplight-console=")
        assert set(flags) == {"path=/", "secure", "httponly", "samesite=strict"}


def test_a_token_from_before_signing_in_opens_nothing(browser: Browser, officer: Account, records: Records) -> None:
    """Session fixation: what somebody put into the browser is replaced, and is worth nothing."""
    planted = "A" * 43
    browser.http.cookies.set("__Host-lamplight-console", planted, domain="records.local")
    assert browser.sign_in(officer).path == "/console/"
    assert browser.http.cookies["__Host-lamplight-console"] != planted
    thief = TestClient(application(records), base_url=SITE, cookies={"__Host-lamplight-console": planted})
    assert thief.get("/console/", follow_redirects=False).headers["location"] == "/console/sign-in"


def test_the_database_holds_no_token(browser: Browser, officer: Account, records: Records) -> None:
    """A copy of it signs nobody in."""
    browser.sign_in(officer)
    token = browser.http.cookies["__Host-lamplight-console"]
    with records.database.reading() as transaction:
        rows = transaction.connection.execute(sa.text("SELECT * FROM console_sessions")).all()
    assert len(rows) == 1
    assert token not in repr(rows)


@pytest.mark.parametrize("token", ["", "0" * 64, "汉"])
def test_a_form_from_elsewhere_is_refused(browser: Browser, officer: Account, token: str) -> None:
    """Without its token nothing happens, and a page says so."""
    browser.sign_in(officer)
    page = browser.send("/console/duty", form_token=token, on="yes")
    assert (page.status, page.title) == (403, "这一页放得太久了")
    assert browser.get("/console/").title == "不在值班"


def test_a_token_serves_one_form(browser: Browser, officer: Account) -> None:
    """That of another form, or of another cookie, is none."""
    signed_out = browser.get("/console/sign-in").form("/console/sign-in").fields["form_token"]
    page = browser.sign_in(officer)
    for other in (page.form("/console/sign-out").fields["form_token"], signed_out):
        browser.get("/console/")
        assert browser.send("/console/duty", form_token=other, on="yes").status == 403


def test_another_sites_form_is_refused_by_what_the_browser_says(browser: Browser, officer: Account) -> None:
    """Fetch metadata, on top of the token and the cookie."""
    browser.sign_in(officer)
    browser.http.headers["Sec-Fetch-Site"] = "cross-site"
    assert browser.send("/console/duty", on="yes").status == 403
    browser.http.headers["Sec-Fetch-Site"] = "same-origin"
    browser.get("/console/")
    assert browser.send("/console/duty", on="yes").title == "正在值班"


def test_each_page_sends_whoever_is_not_signed_in_to_the_door(browser: Browser) -> None:
    """Reading and sending alike."""
    for path in (
        "",
        "waiting",
        "code",
        "applications",
        "applications/x",
        "alerts",
        "password",
        "unlock",
        "cases/x",
        "cases/x/portrait",
    ):
        assert browser.get(f"/console/{path}").path == "/console/sign-in"
    token = browser.get("/console/sign-in")
    assert token.status == 200
    for path in ("duty", "sign-out", "code", "alerts/1/seen", "cases/x/seen", "applications/x/settle"):
        assert browser.http.post(f"/console/{path}", data={}).status_code == 403


PAGES = {
    Right.CASES: ["/console/code", "/console/cases/x", "/console/cases/x/portrait", "/console/cases/x/decline"],
    Right.APPLICATIONS: ["/console/applications"],
    Right.ALERTS: ["/console/alerts"],
    Right.INTAKES: ["/console/tenancies", "/console/tenancies/overlap", "/console/tenancies/too-many"],
    Right.SLIPS: ["/console/slips"],
    Right.PASSES: ["/console/passes"],
    Right.DEVICES: ["/console/gates"],
}


FIRST = {
    Role.PROPERTY_DESK: "/console/slips",
    Role.TECHNICIAN: "/console/devices",
    Role.AUDITOR: "/console/audit",
    Role.ADMINISTRATOR: "/console/devices",
}


@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_what_the_table_says(records: Records, clock: StillClock, role: Role) -> None:
    """It begins where it has something to do, and reaches nothing else: no page, no form sent unseen, no link."""
    browser = Browser(records, clock)
    home = browser.sign_in(hire(records, "wang", role))
    assert home.path == FIRST.get(role, "/console/")
    linked = {told.get("href") for tag, told in home.tags if tag == "a"}
    for right, paths in PAGES.items():
        allowed = right in RIGHTS[role]
        assert (paths[0] in linked) is allowed
        for path in paths:
            assert (browser.get(path).status == 403) is not allowed, path
    assert ("/console/" in linked) is (Right.DUTY in RIGHTS[role])
    forms = {form.action for form in home.forms}
    assert ("/console/duty" in forms) is (Right.DUTY in RIGHTS[role])
    page = _sent_unseen(browser, records, "/console/duty", on="yes")
    assert (page.status == 403) is (Right.DUTY not in RIGHTS[role])
    page = _sent_unseen(browser, records, "/console/alerts/1/seen")
    assert (page.status == 403) is (Right.ALERTS not in RIGHTS[role])


def _sent_unseen(browser: Browser, records: Records, action: str, **fields: str) -> Page:
    """A form that no page offered, with the token it would have had."""
    cookie = browser.http.cookies["__Host-lamplight-console"]
    token = records.keyed_hash("console-form", cookie, action)
    return Page(browser.http.post(action, data={**fields, "form_token": token}))


def test_the_language_is_chosen_where_one_is(browser: Browser, officer: Account) -> None:
    """Chinese first; the other one on the same page, before and after signing in."""
    page = browser.get("/console/sign-in")
    assert page.title == "登录"
    page = browser.send("/console/language", language="en")
    assert (page.path, page.title) == ("/console/sign-in", "Sign in")
    browser.sign_in(officer)
    assert browser.get("/console/code").title == "Visit code"
    assert browser.send("/console/language", language="zh").title == "核验码"


@pytest.mark.parametrize("back", ["https://elsewhere.example/console/", "//elsewhere.example", "/console/../v1", ""])
def test_the_language_form_leads_nowhere_else(browser: Browser, back: str) -> None:
    """An address from outside is not followed."""
    browser.get("/console/sign-in")
    browser.http.follow_redirects = False
    answer = browser.send("/console/language", language="en", back=back).answer
    assert answer.headers["location"] == "/console/"


def test_both_languages_say_the_same_things() -> None:
    """The same keys, and the same places to fill."""
    zh, en = (texts.words(language).texts for language in texts.LANGUAGES)
    assert list(zh) == list(en)
    places = re.compile(r"{(\w+)}")
    assert {key: set(places.findall(text)) for key, text in zh.items()} == {
        key: set(places.findall(text)) for key, text in en.items()
    }


def test_every_value_has_its_words() -> None:
    """Doubts, bases, ways and roles are closed sets; none may lack its sentence."""
    known = texts.words("zh").texts
    wanted = [f"doubt.{each}" for each in Doubt if each] + [f"basis.{each}" for each in Basis]
    wanted += [f"how.{each}" for each in How] + [f"role.{each}" for each in Role]
    assert [key for key in wanted if key not in known] == []


def test_what_an_officer_typed_is_escaped(browser: Browser, officer: Account) -> None:
    """It comes back as text, in the field it came from."""
    page = browser.sign_in(officer, account='"><script>alert(1)</script>')
    assert "<script>" not in page.answer.text
    assert page.form("/console/sign-in").fields["account"] == '"><script>alert(1)</script>'


def test_a_failure_is_a_page_that_says_nothing_of_it(
    browser: Browser, officer: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The error's own words may quote a form."""

    def fail(*_: object) -> None:
        raise RuntimeError("secret words")

    browser.sign_in(officer)
    monkeypatch.setattr("records.services.sessions.begin_duty", fail)
    page = browser.send("/console/duty", on="yes")
    assert (page.status, page.title) == (500, "系统出错了")
    assert page.answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    assert "secret words" not in page.answer.text
    assert any(record.message == "console failed" for record in caplog.records)


@pytest.mark.parametrize(("path", "status"), [("intakes/x", 404), ("nothing", 404), ("devices", 403)])
def test_an_error_page_keeps_the_frame_of_who_is_signed_in(
    browser: Browser, kiosk: KioskClient, officer: Account, path: str, status: int
) -> None:
    """Name, menu with its section, signing out, the strip of alarms; and nothing of it for anybody else."""
    kiosk.post("/v1/alarms", {"id": str(uuid4()), "at": "2026-11-22T15:05:00Z"})
    browser.on_duty(officer)
    page = browser.get(f"/console/{path}")
    assert (page.status, {form.action for form in page.forms} >= {"/console/sign-out"}) == (status, True)
    for shown in ("chen officer", "有人报警！", "核验码", "返回值班页"):
        assert shown in page.text
    marked = [told["href"] for _, told in page.tags if told.get("aria-current") == "true"]
    assert set(marked) == ({"/console/intakes"} if path == "intakes/x" else set())
    browser.send("/console/sign-out")
    browser.get("/console/sign-in")
    if status == 404:
        page = browser.get(f"/console/{path}x/y")
        assert [told.get("href") for tag, told in page.tags if tag == "a"] == ["#main", "/console/sign-in"]
        assert [form.action for form in page.forms] == ["/console/language"]
        assert "有人报警！" not in page.text


def test_a_frame_that_fails_takes_no_error_page_with_it(
    browser: Browser, officer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What every page asks for may be what failed."""

    def fail(*_: object) -> None:
        raise RuntimeError("secret words")

    browser.sign_in(officer)
    monkeypatch.setattr("records.services.waiting.counts", fail)
    page = browser.get("/console/code")
    assert (page.status, page.title) == (500, "系统出错了")


def test_problem_details_stay_with_the_api(browser: Browser) -> None:
    """And the console is no part of its description."""
    assert browser.http.get("/v1/nothing").headers["content-type"] == "application/problem+json"
    assert browser.http.get("/openapi.json").json()["paths"].keys().isdisjoint({"/console/", "/console/code"})
    assert browser.get("/console").path == "/console/sign-in"


def test_the_log_has_no_address_of_a_case(
    kiosk: KioskClient, browser: Browser, officer: Account, caplog: pytest.LogCaptureFixture
) -> None:
    """The route's pattern stands there, not the handle; nor the code."""
    browser.on_duty(officer)
    code = _asked(kiosk)
    with caplog.at_level("INFO", "lamplight.records"):
        page = browser.open_case(code)
    lines = [str(vars(record)) for record in caplog.records]
    assert any("/cases/{handle}" in line for line in lines)
    assert not any(code in line or page.path in line for line in lines)


def test_an_alert_is_seen_once(records: Records, kiosk: KioskClient, browser: Browser, officer: Account) -> None:
    """The menu counts the open ones; the number itself is shown to nobody."""
    now = records.clock.now()
    guessed = records.keyed_hash("number", "990101198603140019")
    with records.database.writing() as transaction:
        kind = AlertKind.NUMBER_GUESSING
        alerts.note(transaction, Raise(kind, now.date(), 12, now, device_id=kiosk.device_id))
        alerts.note(transaction, Raise(kind, now.date(), 11, now + timedelta(seconds=1), number_hash=guessed))
    home = browser.sign_in(officer)
    assert "提醒 2" in home.text
    page = browser.get("/console/alerts")
    assert "自助机：here" in page.text
    assert "共 12 次" in page.text
    assert guessed not in page.answer.text
    first = page.forms[-1].action
    assert browser.send(first).path == "/console/alerts"
    assert len([form for form in browser.get("/console/alerts").forms if form.action.endswith("/seen")]) == 1


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("ink", "paper"), ("muted", "paper"), ("muted", "card"), ("blue", "paper"), ("card", "blue"),
        ("card", "blue-deep"), ("amber", "amber-paper"), ("ink", "amber-paper"), ("green", "green-paper"),
    ],
)  # fmt: skip
def test_words_stand_out_from_their_ground(ink: str, paper: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    css = (Path(console.__file__).parent / "static" / "console.css").read_text("utf-8")
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", css))
    lighter, darker = sorted((_luminance(colours[ink]), _luminance(colours[paper])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
