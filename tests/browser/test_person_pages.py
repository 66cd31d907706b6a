"""Looking at a person, a flat and a paper, hiding somebody with a second account, signing rules, reading the audit: in
a real browser, at a desk and on a telephone."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Locator, expect

from backend_client.contract.papers import PaperState
from civic.clock import SystemClock
from records import installation
from records.console import paths
from records.context import Records
from records.rules import numbering
from records.rules.roles import Role
from records.services import sessions
from records.services.sessions import Attempt
from records.services.totp import STEP_S, code_at
from records.store import dwellings, papers
from records.store.papers import ContentRow, PaperRow
from tests.support.browser import DESK, PHONE, Seen, chromium, visitor
from tests.support.console import Account, hire
from tests.support.hidden import registered
from tests.support.records_client import DENG, MOTHER, NOBODYS_NUMBER, WIFE
from tests.support.records_server import RecordsServer, running_records

VIEWS = [(DESK, "zh"), (PHONE, "en")]
LANG = {"zh": "zh-CN", "en": "en"}
TICKET = "JJ-2026-0117"
SERIAL = numbering.serial(2026, 1, 42)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordsServer]:
    with running_records(tmp_path_factory.mktemp("persons"), by_file=False) as started:
        yield started


@pytest.fixture(scope="module")
def records(server: RecordsServer) -> Iterator[Records]:
    """The same data, beside the service."""
    opened = installation.open_existing(server.folder, SystemClock())
    with opened.database.writing() as transaction:
        flat = dwellings.by_door(transaction, "5", "1", "602")
        assert flat is not None
        day = SystemClock().now().date()
        dwellings.declare(transaction, registered(opened, DENG).person_id, flat.dwelling_id, day)
        papers.add(transaction, _paper(registered(opened, DENG).person_id), ContentRow(SERIAL, "{}"))
    yield opened
    opened.database.close()


@pytest.fixture(scope="module")
def browser(records: Records, server: RecordsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    del records
    with chromium(tmp_path_factory.mktemp("browser"), server.root_pem) as started:
        yield started


def _paper(person_id: str) -> PaperRow:
    """One that was handed over."""
    now = SystemClock().now()
    row = PaperRow(
        SERIAL, person_id, "household_certificate", "school", "kiosk-0001", "visit-0001", "", now.date(),
        PaperState.DELIVERED, now,
    )  # fmt: skip
    return replace(row, sealed_at=now, delivered_at=now)


def _signed_in(seen: Seen, records: Records, server: RecordsServer, account: Account, language: str) -> None:
    """With a session from beside: signing in by hand is looked at elsewhere."""
    code = code_at(account.secret, int(SystemClock().now().timestamp()) // STEP_S)
    token = sessions.sign_in(records, Attempt(account.name, account.password, code, "127.0.0.1"))
    cookie = {"url": server.url, "secure": True, "httpOnly": True, "sameSite": "Strict"}
    seen.page.context.add_cookies(
        [
            {"name": "__Host-lamplight-console", "value": token, **cookie},  # type: ignore[typeddict-item] # a cookie
            {"name": "__Host-lamplight-language", "value": language, **cookie},  # type: ignore[typeddict-item]
        ]
    )


def _chosen(field: Locator) -> None:
    """By keyboard, as a choice among several is made."""
    field.focus()
    field.press("Space")
    expect(field).to_be_checked()


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_a_person_and_a_flat_are_looked_at(
    browser: Browser, server: RecordsServer, records: Records, size: str, language: str
) -> None:
    """Every page on the way keeps the rules, the refusals too."""
    account = hire(records, f"looks-{language}-{size}")
    with visitor(browser, size, server.url) as seen:
        _signed_in(seen, records, server, account, language)
        look = _looker(seen, language, size)
        seen.page.goto(paths.PERSONS)
        look("person-find")
        _fill(seen, NOBODYS_NUMBER, "case-handling")
        look("person-nobody")
        seen.page.goto(paths.PERSONS)
        _fill(seen, DENG.id_number[:-1], "case-handling")
        expect(seen.page.locator("#problem")).to_be_visible()
        look("person-unfit")
        _fill(seen, DENG.id_number, "case-handling")
        expect(seen.page.locator("#identity")).to_be_visible()
        look("person")
        seen.page.locator("#household ~ ul button").first.click()
        expect(seen.page.get_by_text(WIFE.name)).to_be_visible()
        for path, name in ((paths.HOUSES, "houses"), (paths.building("5"), "floors"), (paths.floor("5", "6"), "flats")):
            seen.page.goto(path)
            look(name)
        seen.page.locator("a", has_text="602").first.click()
        look("flat-why")
        _chosen(seen.page.locator("#purpose-rental-inspection"))
        seen.page.locator("#ticket").fill(TICKET)
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator("#living")).to_be_visible()
        look("flat")
        seen.page.goto(paths.PAPERS)
        look("papers")
        seen.page.locator("#serial").fill(SERIAL)
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator("#holder")).to_be_visible()
        look("paper")
        _chosen(seen.page.locator("#basis-lost"))
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator("input[name=confirmed]")).to_have_count(1)
        look("paper-void")


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_two_accounts_hide_somebody_and_an_auditor_reads_of_it(
    browser: Browser, server: RecordsServer, records: Records, size: str, language: str
) -> None:
    """Asked by one, agreed to by the other, who reads a life event first; then the audit and its check."""
    first, second, auditor = (
        hire(records, f"{name}-{language}-{size}", role)
        for name, role in (("first", Role.OFFICER), ("second", Role.OFFICER), ("auditor", Role.AUDITOR))
    )
    with visitor(browser, size, server.url) as seen:
        look = _looker(seen, language, size)
        _signed_in(seen, records, server, first, language)
        seen.page.goto(paths.PROTECTION)
        look("protection")
        for path, name in ((paths.LIFE_EVENTS, "life-events"), (paths.life_event("number-change"), "life-event")):
            seen.page.goto(path)
            look(name)
        seen.page.goto(paths.PROTECTION)
        seen.page.locator("#hide-number").fill(MOTHER.id_number)
        _chosen(seen.page.locator("#basis-protection-order"))
        seen.page.locator("#hide-ticket").fill(TICKET)
        with seen.page.expect_navigation():
            seen.page.keyboard.press("Enter")
        seen.page.goto(paths.life_event("move-out"))
        _write_down(seen, number=MOTHER.id_number, address="远方路2号", division="990202", since="2026-01-20")
        look("approvals-own")
        _signed_in(seen, records, server, second, language)
        seen.page.goto(paths.APPROVALS)
        look("approvals")
        seen.page.locator("form[action$='/approve'] input[name=number]").fill(MOTHER.id_number)
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator("form[action$='/approve']")).to_have_count(0)
        seen.page.locator("form[action$='/read'] input[name=number]").fill(MOTHER.id_number)
        seen.page.keyboard.press("Enter")
        expect(seen.page.get_by_text("远方路2号")).to_be_visible()
        look("approval")
        seen.page.locator("form[action$='/refuse'] button").click()
        _signed_in(seen, records, server, auditor, language)
        seen.page.goto(paths.AUDIT)
        look("audit")
        seen.page.locator(f"form[action='{paths.AUDIT_CHECK}'] button").click()
        expect(seen.page.locator("#finding")).to_be_visible()
        look("audit-check")


def _write_down(seen: Seen, **fields: str) -> None:
    _chosen(seen.page.locator("#basis-migration-permit"))
    for name, value in {"document": "QY-1", "ticket": TICKET, **fields}.items():
        seen.page.locator(f"#{name}").fill(value)
    seen.page.keyboard.press("Enter")


def _fill(seen: Seen, number: str, purpose: str) -> None:
    seen.page.locator("#number").fill(number)
    _chosen(seen.page.locator(f"#purpose-{purpose}"))
    seen.page.locator("#ticket").fill(TICKET)
    seen.page.keyboard.press("Enter")


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_rules_are_drafted_by_one_account_and_signed_by_another(
    browser: Browser, server: RecordsServer, records: Records, size: str, language: str
) -> None:
    """A slip beside its field, the preview with a sample of the paper, and the signature."""
    author, second = (hire(records, f"{name}-{language}-{size}", Role.ADMINISTRATOR) for name in ("author", "signer"))
    with visitor(browser, size, server.url) as seen:
        look = _looker(seen, language, size)
        _signed_in(seen, records, server, author, language)
        seen.page.goto(paths.POLICY)
        look("policy")
        seen.page.locator(f"form[action='{paths.POLICY_DRAFTS}'] button").click()
        look("policy-draft-fresh")
        draft = seen.page.url
        seen.page.locator("a[href$='edit/purposes.household_certificate']").click()
        seen.page.locator("#f-0-title-en").fill("")
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator("#f-0-title-en-slip")).to_be_visible()
        look("policy-subject")
        seen.page.locator("#f-0-title-zh").fill(f"迁户口 {language}")
        seen.page.locator("#f-0-title-en").fill(f"Moving {language}")
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator("#changes ~ ul li")).to_have_count(2)
        expect(seen.page.locator("details[open] img")).to_have_js_property("complete", value=True)
        look("policy-draft")
        seen.page.locator("form[action$='/ask'] button").click()
        expect(seen.page.locator("form[action$='/take-back']")).to_have_count(1)
        _signed_in(seen, records, server, second, language)
        seen.page.goto(draft)
        look("policy-sign")
        seen.page.locator("form[action$='/sign'] button").click()
        seen.page.wait_for_url(f"**{paths.POLICY}")
        look("policy-signed")


def _looker(seen: Seen, language: str, size: str) -> Callable[[str], None]:
    def look(name: str) -> None:
        expect(seen.page.locator("html")).to_have_attribute("lang", LANG[language])
        seen.picture(f"console-{name}-{language}-{size}")
        assert not seen.faults(LANG[language])

    return look
