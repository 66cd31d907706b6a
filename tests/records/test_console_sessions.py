"""Sessions at the console, and the duty that hangs on them: how they begin, are slowed, fall asleep and end."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from records.context import Records
from records.rules.roles import Role
from records.services.duty import REFRESH_S, officer_on_duty
from records.services.failures import neighbourhood
from tests.support.clocks import StillClock
from tests.support.console import Account, Browser, hire

MINUTE, HOUR = 60, 3600
HOME, DOOR, UNLOCK = "/console/", "/console/sign-in", "/console/unlock"


@pytest.fixture
def browser(records: Records, clock: StillClock) -> Browser:
    return Browser(records, clock)


@pytest.mark.parametrize("wrong", [{"password": "x"}, {"code": "000000"}, {"account": "nobody"}])
def test_whatever_is_wrong_the_answer_is_one(browser: Browser, officer: Account, wrong: dict[str, str]) -> None:
    """Which of the three it was is not said."""
    page = browser.sign_in(officer, **wrong)
    assert page.status == 403
    assert "账号、密码或动态口令不对" in page.text
    assert browser.get(HOME).path == DOOR


def test_a_code_signs_in_once(browser: Browser, officer: Account, records: Records, clock: StillClock) -> None:
    """Whoever watches it being typed is too late; a wrong password does not use it up."""
    code = officer.code(clock)
    assert browser.sign_in(officer, code=code, password="x").status == 403
    clock.pass_by(-30)
    assert browser.sign_in(officer, code=code).path == HOME
    clock.pass_by(-30)
    assert Browser(records, clock).sign_in(officer, code=code).status == 403


def test_failures_slow_one_account_at_one_place(browser: Browser, officer: Account, records: Records) -> None:
    """The right password has to wait too, and is told how long; elsewhere its owner signs in."""
    for _ in range(5):
        browser.clock.pass_by(MINUTE)
        assert browser.sign_in(officer, password="x").status == 403
    browser.clock.pass_by(-30)  # signing in lets half a minute pass
    page = browser.sign_in(officer)
    assert page.status == 429
    assert int(page.answer.headers["Retry-After"]) == 4
    assert "请等 4 秒" in page.text
    assert Browser(records, browser.clock, "10.0.0.8").sign_in(officer).path == HOME
    assert browser.sign_in(officer).path == HOME


def test_nobody_is_locked_out_however_often(browser: Browser, officer: Account) -> None:
    """The wait grows to five minutes and no more (hundreds of failures: see the rule's own test)."""
    for _ in range(20):
        browser.clock.pass_by(310)
        assert browser.sign_in(officer, password="x").status == 403
    browser.clock.pass_by(300)
    assert browser.sign_in(officer).path == HOME


def test_one_address_is_slowed_whatever_the_account(browser: Browser, records: Records) -> None:
    """Trying one password on many accounts costs like trying many on one."""
    many = [hire(records, f"officer-{number}") for number in range(20)]
    browser.clock.pass_by(-HOUR)
    answers = []
    for each in many:
        answers.append(browser.sign_in(each, password="x").status)
        browser.clock.pass_by(-30)
    assert answers == [403] * 13 + [429] * 7


def test_a_refused_try_does_not_count(browser: Browser, officer: Account, clock: StillClock) -> None:
    """Who tries during the wait does not lengthen it."""
    for _ in range(4):
        browser.sign_in(officer, password="x")
    for _ in range(3):
        clock.pass_by(-30)
        assert browser.sign_in(officer).status == 429
    assert browser.sign_in(officer).path == HOME


def test_an_ipv6_neighbourhood_is_one_place() -> None:
    """A subscriber has 2^64 addresses of their own."""
    assert neighbourhood("2001:db8:1:2:3:4:5:6") == neighbourhood("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert neighbourhood("192.0.2.7") == "192.0.2.7"
    assert neighbourhood("testclient") == "testclient"


def test_a_session_left_alone_is_over(browser: Browser, officer: Account, clock: StillClock) -> None:
    """After a quarter of an hour without an act; each act begins it anew."""
    browser.sign_in(officer)
    for _ in range(3):
        clock.pass_by(14 * MINUTE)
        assert browser.get("/console/password").path == "/console/password"
    clock.pass_by(15 * MINUTE)
    assert browser.get(HOME).path == DOOR


def test_no_session_lasts_longer_than_twelve_hours(browser: Browser, officer: Account, records: Records) -> None:
    """However busy; the duty ends with it."""
    browser.on_duty(officer)
    for _ in range(12 * 6 - 1):
        browser.clock.pass_by(10 * MINUTE)
        assert browser.get(HOME).path == HOME
    assert officer_on_duty(records)
    browser.clock.pass_by(10 * MINUTE)
    assert not officer_on_duty(records)
    assert browser.get(HOME).path == DOOR


def test_signing_out_ends_it_here_and_its_duty(browser: Browser, officer: Account, records: Records) -> None:
    """One click; the cookie is worth nothing afterwards, and another session goes on."""
    other = Browser(records, browser.clock, "10.0.0.8")
    other.sign_in(officer)
    browser.on_duty(officer)
    kept = browser.http.cookies["__Host-lamplight-console"]
    assert officer_on_duty(records)
    assert browser.send("/console/sign-out").path == DOOR
    assert not officer_on_duty(records)
    browser.http.cookies.set("__Host-lamplight-console", kept, domain="records.local")
    assert browser.get(HOME).path == DOOR
    assert other.get(HOME).path == HOME


def test_a_waiting_page_keeps_the_duty_and_not_the_right_to_act(
    browser: Browser, officer: Account, records: Records, clock: StillClock
) -> None:
    """After a quarter of an hour it is locked: whoever sits down there finds no case, and can't even end the duty."""
    browser.on_duty(officer)
    page = browser.wait(20 * MINUTE)
    assert officer_on_duty(records)
    assert "核验前需要动态口令" in page.text
    assert [form.action for form in page.forms] == ["/console/language", "/console/sign-out"]
    for path in ("code", "alerts", "password", "cases/x"):
        assert browser.get(f"/console/{path}").path == UNLOCK
    assert browser.send("/console/unlock", code="000000").status == 403
    assert browser.send("/console/unlock", code=officer.code(clock)).path == HOME
    assert browser.get("/console/code").path == "/console/code"


def test_guessing_at_a_locked_session_is_slowed(browser: Browser, officer: Account, clock: StillClock) -> None:
    """By officer, wherever they sit."""
    browser.on_duty(officer)
    browser.wait(16 * MINUTE)
    browser.get(UNLOCK)
    answers = [browser.send("/console/unlock", code="000000").status for _ in range(6)]
    assert answers == [403, 403, 403, 403, 429, 429]
    clock.pass_by(10)
    assert browser.send("/console/unlock", code=officer.code(clock)).path == HOME


def test_a_locked_page_that_is_closed_is_over(browser: Browser, officer: Account, clock: StillClock) -> None:
    """Nobody is left who could come back to it."""
    browser.on_duty(officer)
    browser.wait(16 * MINUTE)
    clock.pass_by(3 * MINUTE)
    assert browser.get("/console/waiting").path == DOOR


def test_the_waiting_page_asks_for_itself(browser: Browser, officer: Account) -> None:
    """Only while on duty, and not the pages with a field to fill, which it would empty."""
    live = f'data-from="/console/waiting" data-every-ms="{REFRESH_S * 1000}"'
    bare = f'"{REFRESH_S};url=/console/waiting"'
    assert live not in browser.sign_in(officer).answer.text
    page = browser.send("/console/duty", on="yes").answer.text
    assert live in page
    assert f"每 {REFRESH_S} 秒自动刷新" in page
    assert f'<noscript><meta http-equiv="refresh" content={bare}></noscript>' in page
    for path in ("code", "alerts", "password"):
        page = browser.get(f"/console/{path}").answer.text
        assert "/console/waiting" not in page


def test_duty_counts_while_the_page_is_open(browser: Browser, officer: Account, records: Records) -> None:
    """Three minutes without it, and kiosks say that nobody is there; opened again, it counts again."""
    assert not officer_on_duty(records)
    browser.on_duty(officer)
    assert officer_on_duty(records)
    browser.clock.pass_by(3 * MINUTE - 1)
    assert officer_on_duty(records)
    browser.clock.pass_by(1)
    assert not officer_on_duty(records)
    page = browser.get("/console/waiting")
    assert "23:05 开始值班" in page.text
    assert officer_on_duty(records)
    browser.send("/console/duty", on="no")
    assert not officer_on_duty(records)


def test_one_of_two_officers_is_enough(browser: Browser, records: Records) -> None:
    """An auxiliary counts like an officer."""
    other = Browser(records, browser.clock).on_duty(hire(records, "wang", Role.AUXILIARY))
    browser.on_duty(hire(records))
    browser.send("/console/duty", on="no")
    assert officer_on_duty(records)
    other.get("/console/")
    other.send("/console/sign-out")
    assert not officer_on_duty(records)


def test_beginning_the_duty_twice_keeps_its_hour(browser: Browser, officer: Account, records: Records) -> None:
    """A second click is no second duty."""
    browser.on_duty(officer)
    page = browser.page
    browser.clock.pass_by(2 * MINUTE)
    browser.page = page
    assert page is not None
    token = {"form_token": page.form("/console/duty").fields["form_token"]}
    browser.http.post("/console/duty", data={"on": "yes", **token})
    assert _deeds(records).count("duty-begun") == 1
    assert "23:05 开始值班" in browser.get(HOME).text


def test_a_new_password_ends_every_other_session(browser: Browser, officer: Account, records: Records) -> None:
    """Whoever had it before is out; this browser gets a new cookie."""
    other = Browser(records, browser.clock, "10.0.0.8")
    other.sign_in(officer)
    browser.sign_in(officer)
    before = browser.http.cookies["__Host-lamplight-console"]
    browser.get("/console/password")
    new = "lamps along the quiet river"
    assert browser.send("/console/password", old=officer.password, new=new, again=new).path == HOME
    assert browser.http.cookies["__Host-lamplight-console"] != before
    assert other.get(HOME).path == DOOR
    assert other.sign_in(officer).status == 403
    assert other.sign_in(replace(officer, password=new)).path == HOME


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"old": "wrong password"}, "现在的密码不对"),
        ({"again": "lamps along the quiet brook"}, "两次输入的新密码不一样"),
        ({"new": "short", "again": "short"}, "至少 12 个字符"),
        ({"new": "x" * 129, "again": "x" * 129}, "最多 128 个字符"),
        ({"new": "password123456", "again": "password123456"}, "太容易猜到"),
        ({"new": "lanterns over the north wall", "again": "lanterns over the north wall"}, "不能与现在的密码相同"),
    ],
)
def test_an_unfit_password_is_refused_in_words(
    browser: Browser, officer: Account, fields: dict[str, str], words: str
) -> None:
    """And none of what was typed comes back."""
    browser.sign_in(officer)
    browser.get("/console/password")
    new = "lamps along the quiet river"
    page = browser.send("/console/password", **{"old": officer.password, "new": new, "again": new, **fields})
    assert page.status == 422
    assert words in page.text
    assert not any(value for name, value in page.form("/console/password").fields.items() if name != "form_token")


def test_looking_for_a_fit_password_is_no_guess_at_the_old_one(browser: Browser, officer: Account) -> None:
    """However many are refused, the first that will do is taken at once."""
    browser.sign_in(officer)
    browser.get("/console/password")
    for _ in range(5):
        assert browser.send("/console/password", old=officer.password, new="short", again="short").status == 422
    new = "lamps along the quiet river"
    assert browser.send("/console/password", old=officer.password, new=new, again=new).path == HOME


def test_what_happens_to_an_account_is_audited(browser: Browser, officer: Account, records: Records) -> None:
    """Signing in, refusals with their place, duty, unlocking and leaving, each by officer."""
    browser.sign_in(officer, password="x")
    browser.on_duty(officer)
    browser.wait(16 * MINUTE)
    browser.get(UNLOCK)
    browser.send("/console/unlock", code="1")
    browser.send("/console/unlock", code=officer.code(browser.clock))
    browser.send("/console/duty", on="no")
    browser.send("/console/sign-out")
    assert _deeds(records) == [
        "sign-in-refused", "signed-in", "duty-begun", "console-unlock-refused", "console-unlocked", "duty-ended",
        "signed-out",
    ]  # fmt: skip
    with records.database.reading() as transaction:
        query = sa.text("SELECT facts FROM audit WHERE action = 'sign-in-refused'")
        assert transaction.connection.execute(query).scalars().all() == ['{"address": "10.0.0.7", "officer": "chen"}']


def _deeds(records: Records) -> list[str]:
    with records.database.reading() as transaction:
        query = sa.text("SELECT action FROM audit WHERE facts LIKE '%officer%' ORDER BY seq")
        return list(transaction.connection.execute(query).scalars())
