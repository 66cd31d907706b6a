"""Looking at a person, a flat and a paper, hiding somebody with a second account, signing rules, reading the audit: in
a real browser, at a desk and on a telephone."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from backend_client.contract.papers import PaperState
from civic.clock import SystemClock
from records import installation
from records.console import paths
from records.context import Records
from records.rules import numbering
from records.rules.roles import Role
from records.store import dwellings, papers
from records.store.papers import ContentRow, PaperRow
from tests.support.browser import Seen, chromium
from tests.support.console import Account, hire
from tests.support.console_walk import VIEWS, Walk, walk_anew
from tests.support.hidden import registered
from tests.support.records_client import DENG, MOTHER, NOBODYS_NUMBER, WIFE
from tests.support.records_server import RecordsServer, running_records

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


@pytest.fixture
def walk(visitors: Callable[[str], Seen], records: Records, size: str, language: str) -> Walk:
    return walk_anew(visitors(size), records, size, language)


def _hired(walk: Walk, name: str, role: Role) -> Account:
    """An account of this test's own."""
    return hire(walk.records, f"{name}-{walk.language}", role)


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_a_person_a_flat_and_a_paper_are_looked_at(walk: Walk) -> None:
    """Every page on the way keeps the rules, the refusals too."""
    walk.sign_in(_hired(walk, "looks", Role.OFFICER))
    walk.go(paths.PERSONS, "person-find")
    _asks_for(walk, NOBODYS_NUMBER, "person-nobody")
    walk.go(paths.PERSONS)
    _asks_for(walk, DENG.id_number[:-1], "person-unfit")
    walk.shows("#number-slip")
    _asks_for(walk, DENG.id_number, "person")
    walk.shows("#identity")
    walk.press("#household ~ ul button")
    walk.shows(walk.page.get_by_text(WIFE.name))
    for path, name in ((paths.HOUSES, "houses"), (paths.building("5"), "floors"), (paths.floor("5", "6"), "flats")):
        walk.go(path, name)
    walk.press("a:has-text('602')", "flat-why")
    walk.choose("#purpose-rental-inspection")
    walk.fill(ticket=TICKET)
    walk.enter("flat")
    walk.shows("#living")
    walk.go(paths.PAPERS, "papers")
    walk.fill(serial=SERIAL)
    walk.enter("paper")
    walk.shows("#holder")
    walk.choose("#basis-lost")
    walk.enter("paper-void")
    expect(walk.page.locator("input[name=confirmed]")).to_have_count(1)


def _asks_for(walk: Walk, number: str, name: str) -> None:
    walk.choose("#purpose-case-handling")
    walk.fill(number=number, ticket=TICKET)
    walk.enter(name)


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_two_accounts_hide_somebody_and_an_auditor_reads_of_it(walk: Walk) -> None:
    """Asked by one, agreed to by the other, who reads a life event first; then the audit and its check."""
    first, second = (_hired(walk, name, Role.OFFICER) for name in ("first", "second"))
    walk.sign_in(first)
    walk.go(paths.LIFE_EVENTS, "life-events")
    walk.go(paths.life_event("number-change"), "life-event")
    walk.go(paths.PROTECTION, "protection")
    walk.page.locator("#hide-number").fill(MOTHER.id_number)
    walk.choose("#basis-protection-order")
    walk.page.locator("#hide-ticket").fill(TICKET)
    walk.enter()
    walk.go(paths.life_event("move-out"))
    walk.choose("#basis-migration-permit")
    walk.fill(number=MOTHER.id_number, address="远方路2号", division="990202", since="2026-01-20")
    walk.fill(document="QY-1", ticket=TICKET)
    walk.enter("approvals-own")
    walk.sign_in(second)
    walk.go(paths.APPROVALS, "approvals")
    _reads(walk, DENG.id_number, "approvals-slip")
    expect(walk.page.locator("form[action$='/read'] input[name=number]").first).to_be_focused()
    _reads(walk, MOTHER.id_number, "approval-protection")
    walk.press("form[action$='/approve'] button", "approvals-agreed")
    walk.shows("main [role=status]")
    _reads(walk, MOTHER.id_number, "approval")
    walk.shows(walk.page.get_by_text("远方路2号"))
    walk.press("main a[href$='/refuse']", "approval-refuse")
    walk.press("form[action$='/refuse'] button", "approvals-refused")
    walk.shows("main [role=status]")
    walk.sign_in(_hired(walk, "auditor", Role.AUDITOR))
    walk.go(paths.AUDIT, "audit")
    walk.press(f"form[action='{paths.AUDIT_CHECK}'] button", "audit-check")
    walk.shows("#finding")


def _reads(walk: Walk, number: str, name: str) -> None:
    """What the first of those that wait says, for this number."""
    walk.page.locator("form[action$='/read'] input[name=number]").first.fill(number)
    walk.enter(name)


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_rules_are_drafted_by_one_account_and_signed_by_another(walk: Walk) -> None:
    """A slip beside its field, the preview with a sample of the paper, and the signature."""
    walk.sign_in(_hired(walk, "author", Role.ADMINISTRATOR))
    walk.go(paths.POLICY, "policy")
    walk.press(f"form[action='{paths.POLICY_DRAFTS}'] button", "policy-draft-fresh")
    draft = walk.page.url
    walk.press("a[href$='edit/purposes.household_certificate']")
    walk.page.locator("#f-0-title-en").fill("")
    walk.enter("policy-subject")
    walk.shows("#f-0-title-en-slip")
    walk.page.locator("#f-0-title-zh").fill(f"迁户口 {walk.language}")
    walk.page.locator("#f-0-title-en").fill(f"Moving {walk.language}")
    walk.enter()
    expect(walk.page.locator("#changes ~ ul li")).to_have_count(2)
    expect(walk.page.locator("details[open] img")).to_have_js_property("complete", value=True)
    walk.look("policy-draft")
    walk.press("form[action$='/ask'] button")
    expect(walk.page.locator("form[action$='/take-back']")).to_have_count(1)
    walk.sign_in(_hired(walk, "signer", Role.ADMINISTRATOR))
    walk.go(draft, "policy-sign")
    walk.press("form[action$='/sign'] button", "policy-signed")
    expect(walk.page).to_have_url(f"{walk.seen.site}{paths.POLICY}")
