"""The officers' console in a real browser: from signing in to a decided case, at a desk and on a telephone."""

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from backend_client.seals import seal_file
from civic.clock import SystemClock
from records import installation
from records.console import paths
from records.console.texts import words
from records.context import Records
from records.services import totp
from records.services.duty import REFRESH_S
from tests.support.browser import DESK, PHONE, Seen, chromium, visitor
from tests.support.cases import REASON, asked
from tests.support.console import Account, hire
from tests.support.intakes import Outbox, correction, put, residence, rules_of, send
from tests.support.records_client import DENG, UNCLEAR, Card, KioskClient
from tests.support.records_server import RecordsServer, running_records

VIEWS = [(DESK, "zh"), (PHONE, "en")]  # the language of officers, and the longest words on the narrowest page
LANG = {"zh": "zh-CN", "en": "en"}
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordsServer]:
    with running_records(tmp_path_factory.mktemp("console")) as started:
        yield started


@pytest.fixture(scope="module")
def records(server: RecordsServer) -> Iterator[Records]:
    """The same data, beside the service."""
    opened = installation.open_existing(server.folder, SystemClock())
    yield opened
    opened.database.close()


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
def officer(records: Records) -> Account:
    """Return an account of this test's own."""
    return hire(records, f"chen-{next(_NUMBERS)}")


@pytest.fixture
def looked(browser: Browser, server: RecordsServer, size: str, language: str) -> Iterator[Callable[[str], Seen]]:
    """The page that is open now, which keeps the rules; a picture of it is kept under the name."""
    with visitor(browser, size, server.url) as seen:

        def look(name: str) -> Seen:
            if name:
                seen.picture(f"console-{name}-{language}-{size}")
                assert not seen.faults(LANG[language])
            return seen

        yield look


def _signs_in(seen: Seen, officer: Account, language: str, looked: Callable[[str], Seen]) -> None:
    """By keyboard alone: the account's field is where one begins."""
    seen.page.goto(paths.SIGN_IN)
    if language == "en":
        seen.page.locator("button[name=language]").click()
    expect(seen.page.locator("html")).to_have_attribute("lang", LANG[language])
    looked("sign-in")
    seen.page.locator("#account").focus()
    code = totp.code_at(officer.secret, int(SystemClock().now().timestamp()) // totp.STEP_S)
    for text in (officer.name, officer.password, code):
        seen.page.keyboard.insert_text(text)
        seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("nav")).to_be_visible()


def _opens(seen: Seen, code: str) -> None:
    seen.page.goto(paths.CODE)
    expect(seen.page.locator("#code")).to_be_focused()
    seen.page.keyboard.insert_text(code)
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("#finding")).to_be_visible()


def _asks(kiosk: KioskClient, card: Card, size: str, language: str) -> str:
    return asked(kiosk, card.evidence(f"visit-{card.birth_date.year}-{size}-{language}"))[1]


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_a_case_is_decided(
    looked: Callable[[str], Seen], officer: Account, kiosk: KioskClient, size: str, language: str
) -> None:
    """Who waits comes to an open page by itself. Every page on the way keeps the rules."""
    seen = looked("")
    seen.page.clock.install()
    _signs_in(seen, officer, language, looked)
    looked("home")
    seen.page.locator(f"form[action='{paths.DUTY}'] button").click()
    expect(seen.page.locator("#waiting")).to_be_visible()
    waiting = seen.page.locator("#waiting ~ ul li")
    expect(waiting).to_have_count(0)
    doubtful, clear = (_asks(kiosk, card, size, language) for card in (UNCLEAR, DENG))
    seen.page.clock.run_for(REFRESH_S * 1000)
    expect(waiting).not_to_have_count(0)
    looked("queue")
    _opens(seen, doubtful)
    looked("doubt")
    _opens(seen, clear)
    looked("case")
    seen.page.locator("a[href$='confirm/in-person']").click()
    looked("confirm")
    seen.page.locator(".choice").first.click()
    seen.page.locator("#reason").fill(REASON)
    seen.page.locator("button.next").click()
    expect(seen.page.locator("#reason")).to_have_count(0)
    looked("decided")


@pytest.mark.parametrize(("size", "language"), VIEWS)
@pytest.mark.usefixtures("size")
def test_what_was_handed_in_is_decided(
    looked: Callable[[str], Seen], officer: Account, kiosk: KioskClient, records: Records, language: str
) -> None:
    """From the list to the decision, each page keeping the rules; the reason's field and the choices are labelled. What
    came along opens in a tab of its own."""
    outbox = Outbox(rules_of(records), records.clock.now())
    sent, file = seal_file(_picture())
    put(kiosk, file.sha256, sent)
    wrong = correction(DENG, "name", "moved_in").model_copy(update={"files": (file,)})
    send(kiosk, [outbox.item(wrong, [file.sha256]), outbox.item(residence(door=("99", "9", "9999")))])
    seen = looked("")
    _signs_in(seen, officer, language, looked)
    for kind, choice in (("correction", "accepted/papers-seen"), ("residence", "more-papers/lease")):
        seen.page.goto(paths.INTAKES)
        looked("intakes")
        titles = words(language)
        seen.page.get_by_role("link", name=titles(f"intake_kind.{kind}")).last.click()
        looked(f"intake-{kind}-why")
        seen.page.locator("#reason").fill(REASON)
        seen.page.locator("button.next").click()
        expect(seen.page.get_by_text(DENG.id_number)).to_be_visible()
        looked(f"intake-{kind}")
        if kind == "correction":
            with seen.page.expect_popup() as tab:
                seen.page.get_by_role("button", name=titles("intake_files.open", number=1)).click()
            tab.value.wait_for_load_state()
            assert tab.value.evaluate("[document.contentType, document.images[0].naturalWidth]") == ["image/jpeg", 40]
            tab.value.close()
        seen.page.locator(f"input[value='{choice}']").check()
        seen.page.locator("button.next").click()
        expect(seen.page.locator("h1")).to_have_text(titles("intakes.title"))


def _picture() -> bytes:
    """A photograph of a paper, as small as it may be."""
    made = BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "JPEG")
    return made.getvalue()
