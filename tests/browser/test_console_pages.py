"""The officers' console in a real browser: from signing in to a decided case, and an alarm; at a desk and on a
telephone."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from backend_client.contract.alarms import Alarm
from backend_client.seals import seal_file
from backend_client.session import RecordsSession
from civic.clock import SystemClock
from records.console import paths
from records.console.texts import words
from records.context import Records
from records.services import totp
from records.services.duty import REFRESH_S
from tests.support.browser import PHONE, Seen, chromium
from tests.support.cases import REASON, asked
from tests.support.console import hire
from tests.support.console_walk import VIEWS, Walk, walk_anew, walking
from tests.support.intakes import Outbox, correction, put, residence, rules_of, send
from tests.support.records_client import DENG, UNCLEAR, Card, KioskClient
from tests.support.records_server import RecordsServer

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def kiosk(records: Records) -> KioskClient:
    return KioskClient(records)


@pytest.fixture(scope="module")
def browser(kiosk: KioskClient, server: RecordsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Started last: beside its event loop no other may begin."""
    del kiosk
    with chromium(tmp_path_factory.mktemp("browser"), server.root_pem) as started:
        yield started


@pytest.fixture
def walk(visitors: Callable[[str], Seen], records: Records, size: str, language: str) -> Walk:
    return walk_anew(visitors(size), records, size, language)


@pytest.fixture
def timed_walk(browser: Browser, server: RecordsServer, records: Records, size: str, language: str) -> Iterator[Walk]:
    """In a page of its own, whose clock may be set: it is never as before."""
    with walking(browser, server, records, size, language) as begun:
        begun.page.clock.install()
        yield begun


def _signs_in(walk: Walk) -> None:
    """By keyboard alone: the account's field is where one begins."""
    officer = hire(walk.records, f"chen-{next(_NUMBERS)}")
    walk.page.goto(paths.SIGN_IN)
    if walk.language == "en":
        walk.press("button[name=language]")
    walk.look("sign-in")
    walk.page.locator("#account").focus()
    code = totp.code_at(officer.secret, int(SystemClock().now().timestamp()) // totp.STEP_S)
    for text in (officer.name, officer.password, code):
        walk.page.keyboard.insert_text(text)
        walk.page.keyboard.press("Tab")
    walk.enter()
    walk.shows("nav")


def _opens(walk: Walk, code: str, name: str) -> None:
    walk.go(paths.CODE)
    expect(walk.page.locator("#code")).to_be_focused()
    walk.page.keyboard.insert_text(code)
    walk.enter(name)
    walk.shows("#finding")


def _asks(kiosk: KioskClient, card: Card, walk: Walk) -> str:
    return asked(kiosk, card.evidence(f"visit-{card.birth_date.year}-{walk.language}"))[1]


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_a_case_is_decided(timed_walk: Walk, kiosk: KioskClient) -> None:
    """Who waits comes to an open page by itself. Every page on the way keeps the rules."""
    walk = timed_walk
    _signs_in(walk)
    walk.look("home")
    walk.press(f"form[action='{paths.DUTY}'] button")
    walk.shows("#waiting")
    waiting = walk.page.locator("#waiting ~ ul li")
    expect(waiting).to_have_count(0)
    doubtful, clear = (_asks(kiosk, card, walk) for card in (UNCLEAR, DENG))
    walk.page.clock.run_for(REFRESH_S * 1000)
    expect(waiting).not_to_have_count(0)
    walk.look("queue")
    _opens(walk, doubtful, "doubt")
    _opens(walk, clear, "case")
    walk.press("a[href$='confirm/in-person']", "confirm")
    walk.page.locator(".choice").first.click()
    walk.fill(reason=REASON)
    walk.press("button.next")
    expect(walk.page.locator("#reason")).to_have_count(0)
    walk.look("decided")


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_what_was_handed_in_is_decided(walk: Walk, kiosk: KioskClient) -> None:
    """From the list to the decision, each page keeping the rules; the reason's field and the choices are labelled. What
    came along opens in a tab of its own."""
    outbox = Outbox(rules_of(walk.records), walk.records.clock.now())
    sent, file = seal_file(_picture())
    put(kiosk, file.sha256, sent)
    wrong = correction(DENG, "name", "moved_in").model_copy(update={"files": (file,)})
    send(kiosk, [outbox.item(wrong, [file.sha256]), outbox.item(residence(door=("99", "9", "9999")))])
    _signs_in(walk)
    titles = words(walk.language)
    for kind, choice in (("correction", "accepted/papers-seen"), ("residence", "more-papers/lease")):
        walk.go(paths.INTAKES, "intakes")
        _folds_on_a_phone(walk)
        with walk.seen.led_on():
            walk.page.get_by_role("link", name=titles(f"intake_kind.{kind}")).last.click()
        walk.look(f"intake-{kind}-why")
        walk.fill(reason=REASON)
        walk.press("button.next", f"intake-{kind}")
        walk.shows(walk.page.get_by_text(DENG.id_number))
        if kind == "correction":
            with walk.page.expect_popup() as tab:
                walk.page.get_by_role("button", name=titles("intake_files.open", number=1)).click()
            tab.value.wait_for_load_state()
            assert tab.value.evaluate("[document.contentType, document.images[0].naturalWidth]") == ["image/jpeg", 40]
            tab.value.close()
        walk.page.locator(f"input[value='{choice}']").check()
        walk.press("button.next")
        expect(walk.page.locator("h1")).to_have_text(titles("intakes.title"))


def _folds_on_a_phone(walk: Walk) -> None:
    """By keyboard: what waits stands beside the menu; at a desk all of it is one row."""
    beside, folded = (walk.page.locator(f"{where} a[href='{paths.PASSWORD}']") for where in (".places", "details"))
    waits = walk.page.locator(f".places a[href='{paths.INTAKES}'] .count")
    expect(waits).to_be_visible()
    if walk.size == PHONE:
        expect(beside).to_be_hidden()
        walk.page.locator("summary").press("Enter")
        expect(folded).to_be_visible()
        walk.look("menu")
    else:
        expect(beside).to_be_visible()
        assert walk.page.locator("nav").evaluate("each => each.offsetHeight") < 60


def _picture() -> bytes:
    """A photograph of a paper, as small as it may be."""
    made = BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "JPEG")
    return made.getvalue()


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_an_alarm_comes_to_an_open_page_and_goes_when_it_is_seen(walk: Walk, server: RecordsServer) -> None:
    """Within seconds and under the page's own policy. The kiosk, asking meanwhile, hears that it was seen."""
    identity = server.enrol()
    session = RecordsSession(server.url, server.root_pem, identity.certificate, identity.key)
    number = uuid4()
    walk.sign_in(hire(walk.records, f"alarm-{walk.language}"), on_duty=True)
    walk.go(paths.CODE)
    strip = walk.page.locator("#alarms .alarm")
    expect(strip).to_have_count(0)
    assert session.raise_alarm(Alarm(id=number, at=datetime.now(UTC))).watched
    expect(strip).to_have_count(1, timeout=5_000)
    walk.look("alarm")
    walk.press("#alarms .alarm button", "alarms")
    expect(walk.page).to_have_url(f"{server.url}{paths.ALARMS}")
    assert session.alarm(number).seen_at is not None
    session.close()
