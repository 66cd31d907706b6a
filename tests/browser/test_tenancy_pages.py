"""Flats and gates at the console in a real browser: queues, a dispute, the property desk, a code for a day, a question
for passes, where a gate stands; at a desk and on a telephone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from civic.clock import SystemClock
from records import installation
from records.console import paths
from records.context import Records
from records.rules.periods import bureau_time
from records.rules.roles import Role
from records.rules.tenancies import QueueKind
from tests.support import at_gates
from tests.support.browser import Seen, chromium
from tests.support.clocks import StillClock
from tests.support.console import Account, hire
from tests.support.console_walk import VIEWS, Walk, walk_anew
from tests.support.intakes_desk import REASON
from tests.support.records_client import DENG, GUEST, LAN, KioskClient
from tests.support.records_server import RecordsServer, running_records
from tests.support.tenancies import OTHER_DOOR, Town

TICKET = "JQ-2026-0311"


@dataclass(frozen=True)
class Made:
    """What was there before the browser: intakes by language, one that is disputed, slips, a gate, a flat, the day."""

    fresh: dict[str, str]
    disputed: str
    slip: str
    over: str
    gate: str
    flat: str
    today: date


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordsServer]:
    with running_records(tmp_path_factory.mktemp("tenancies"), by_file=False) as started:
        yield started


@pytest.fixture(scope="module")
def records(server: RecordsServer) -> Iterator[Records]:
    """The same data, beside the service."""
    opened = installation.open_existing(server.folder, SystemClock())
    yield opened
    opened.database.close()


@pytest.fixture(scope="module")
def made(records: Records) -> Made:
    kiosk, clock, today = KioskClient(records), StillClock(), bureau_time(SystemClock().now()).date()
    clock.at = SystemClock().now()
    town, year = Town(records, kiosk, clock), _days(today, 365)
    fresh = {"zh": town.rents(DENG, OTHER_DOOR, **year), "en": town.rents(GUEST, OTHER_DOOR, **year)}
    town.owns()
    contract = town.tenancy(town.rents(GUEST, **year))
    town.answers(LAN)
    assert contract is not None
    disputed = town.asks_for_the_end(contract.tenancy_id, day=today + timedelta(days=9))
    town.answers(GUEST, yes=False)
    subject = kiosk.prove()
    right, over = (at_gates.give(records, starts_on=today, ends_on=today + timedelta(days=90)) for _ in range(2))
    slip, of_over = (_slip(kiosk, subject, each.right_id) for each in (right, over))
    at_gates.change(records, over, ended_at=SystemClock().now(), ended_why="left")
    return Made(fresh, disputed, slip, of_over, at_gates.at_unit(records).device_id, right.dwelling_id, today)


@pytest.fixture(scope="module")
def browser(made: Made, server: RecordsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Started last: beside its event loop no other may begin."""
    del made
    with chromium(tmp_path_factory.mktemp("browser"), server.root_pem) as started:
        yield started


@pytest.fixture
def walk(visitors: Callable[[str], Seen], records: Records, size: str, language: str) -> Walk:
    return walk_anew(visitors(size), records, size, language)


def _days(today: date, many: int) -> dict[str, Any]:
    return {"starts_on": today.isoformat(), "ends_on": (today + timedelta(days=many)).isoformat()}


def _slip(kiosk: KioskClient, subject: str, right_id: str) -> str:
    answer = kiosk.post(f"/v1/identifications/{subject}/slip", {"right": right_id})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def _hired(walk: Walk, name: str, role: Role) -> Account:
    """An account of this test's own."""
    return hire(walk.records, f"{name}-{walk.language}", role)


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_queues_are_worked_and_a_dispute_wants_its_document(walk: Walk, made: Made) -> None:
    """Then a flat's rights, and a question for passes."""
    walk.sign_in(_hired(walk, "flats", Role.OFFICER))
    walk.go(paths.TENANCIES, "tenancies")
    walk.go(paths.tenancies(QueueKind.MISSING_FILING))
    walk.go(paths.tenancies(QueueKind.NEW_WITHOUT_LANDLORD), "tenancy-queue")
    _opens(walk, made.fresh[walk.language], "tenancy")
    walk.choose("#accepted-papers-seen")
    walk.press("form[action$='/decide'] button")
    expect(walk.page).to_have_url(f"{walk.seen.site}{paths.TENANCIES}")
    _opens(walk, made.disputed, "dispute")
    walk.shows(walk.page.locator("#why ~ .attention"))
    walk.choose("#refused-papers-disagree")
    walk.press("form[action$='/decide'] button")
    walk.shows("#problem")
    walk.go(paths.flat(made.flat))
    walk.choose("#purpose-rental-inspection")
    walk.fill(ticket=TICKET)
    walk.enter("flat-rights")
    walk.shows("#rights")
    _asks_for_passes(walk, made)


def _asks_for_passes(walk: Walk, made: Made) -> None:
    walk.go(paths.PASSES)
    walk.choose("#purpose-case-handling")
    walk.fill(slip=made.slip, ticket=TICKET, since="2026-13", until=made.today.isoformat())
    walk.enter("passes-slip")
    walk.shows("#since-slip")
    walk.fill(slip=made.slip, since=made.today.isoformat())
    walk.enter()
    expect(walk.page).to_have_url(f"{walk.seen.site}{paths.APPROVALS}")


def _opens(walk: Walk, number: str, name: str) -> None:
    walk.go(paths.intake(number))
    walk.fill(reason=REASON)
    walk.enter(f"{name}-opened")
    walk.shows("#why")


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_the_property_desk_and_the_gates(walk: Walk, made: Made) -> None:
    """By keyboard: the field is where one begins."""
    walk.sign_in(_hired(walk, "wuye", Role.PROPERTY_DESK))
    walk.go(paths.HOME, "slips")
    expect(walk.page.locator("#slip")).to_be_focused()
    walk.fill(slip="ABCD-EFGH")
    walk.enter()
    walk.fill(slip=made.slip)
    walk.enter("slip")
    walk.shows(walk.page.get_by_text(made.slip))
    walk.go(paths.SLIP_CODE, "slip-code")
    walk.fill(slip=made.over, reason="no number")
    walk.enter()
    walk.fill(slip=made.over, reason=REASON)
    walk.enter("slip-code-made")
    walk.shows(".fingerprint")
    walk.sign_in(_hired(walk, "gates", Role.ADMINISTRATOR))
    walk.go(paths.GATES, "gates")
    walk.press(f"a[href='{paths.gate(made.gate)}']")
    walk.fill(building="99")
    walk.press(f"form[action='{paths.gate(made.gate)}'] button", "gate-slip")
    walk.shows("#building-slip")
