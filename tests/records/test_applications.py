"""Who gets the receipt goes on getting it, for whatever reason; and a receipt that failed to print is printed again."""

from dataclasses import replace
from typing import Any

import pytest

from civic.id_number import IdNumber
from records.context import Records
from records.criminal.source import Finding
from records.population.source import Resident
from records.sections import PolicySettings
from records.services import policy
from records.store import applications, criminal
from records.store.applications import ApplicationRow, ApplicationState
from tests.support.clocks import StillClock
from tests.support.records_client import DENG, LAN, Card, KioskClient
from tests.support.records_server import rules_with

ASKED = {"kind": "no_criminal_record", "purpose": "job"}
A_DAY = 24 * 3600
RECEIPT, CERTIFICATE = "later_receipt", "no_criminal_record"


def _asked(kiosk: KioskClient, visit: str, card: Card = DENG, **changes: Any) -> dict[str, Any]:
    answer = kiosk.reserve(kiosk.prove(card, visit), **{**ASKED, **changes})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _applications(records: Records) -> list[ApplicationRow]:
    with records.database.reading() as transaction:
        return applications.every(transaction)


def _put(records: Records, finding: Finding, card: Card = DENG) -> None:
    person = records.population.find(IdNumber(card.id_number))
    assert person is not None
    with records.database.writing() as transaction:
        criminal.put(transaction, person.person_id, finding.value)


def _by_rules(records: Records, text: str) -> Records:
    """The same records under other rules, any number of applications a year."""
    (records.folder / "other.toml").write_text(text.replace("yearly = 2", "yearly = 0"), "utf-8")
    chosen = records.settings.model_copy(update={"policy": PolicySettings(file="other.toml")})
    other = replace(records, settings=chosen)
    policy.issue(other)
    return other


@pytest.fixture
def everybody_waits(records: Records) -> Records:
    """Return records whose lot falls on everybody."""
    return _by_rules(records, rules_with(share=1, answer_s=0))


@pytest.fixture
def nobody_waits(records: Records) -> Records:
    return _by_rules(records, rules_with(share=0, answer_s=0))


def test_what_the_officers_get_is_an_application(kiosk: KioskClient, records: Records) -> None:
    """Named by its first receipt; ready after three working days, over a weekend, and open for thirty."""
    _put(records, Finding.UNCLEAR)
    serial = _asked(kiosk, "visit-0001")["serial"]
    (row,) = _applications(records)
    assert (row.serial, row.kind, row.outcome) == (serial, "no_criminal_record", "unclear")
    assert (row.state, str(row.ready_on), str(row.valid_until)) == (
        ApplicationState.WAITING,
        "2026-11-25",
        "2026-12-21",
    )


def test_a_certificate_leaves_no_application(kiosk: KioskClient, records: Records) -> None:
    assert _asked(kiosk, "visit-0001")["paper"]["kind"] == CERTIFICATE
    assert _applications(records) == []


def test_while_a_receipt_is_open_every_further_application_gets_one(nobody_waits: Records, clock: StillClock) -> None:
    """Whoever chose to wait and is clean is treated like whoever has to; the days stay those of the first."""
    kiosk = KioskClient(nobody_waits)
    first = _asked(kiosk, "visit-0001", when="later")["paper"]
    clock.pass_by(2 * A_DAY)
    second = _asked(kiosk, "visit-0002")["paper"]
    assert (second["kind"], second["ready_on"], second["valid_until"]) == (
        RECEIPT,
        first["ready_on"],
        first["valid_until"],
    )
    assert len(_applications(nobody_waits)) == 1


def test_when_it_is_settled_or_out_of_time_the_next_one_is_new(nobody_waits: Records, clock: StillClock) -> None:
    """An answer that lies ready is not settled; one that was handed over is."""
    kiosk = KioskClient(nobody_waits)
    serial = _asked(kiosk, "visit-0001", when="later")["serial"]
    for state, kind in ((ApplicationState.READY, RECEIPT), (ApplicationState.HANDED_OVER, CERTIFICATE)):
        with nobody_waits.database.writing() as transaction:
            applications.update(transaction, serial, state=state.value)
        assert _asked(kiosk, f"visit-{state.value}")["paper"]["kind"] == kind
    assert _asked(kiosk, "visit-0004", when="later")["paper"]["kind"] == RECEIPT
    clock.pass_by(31 * A_DAY)
    assert _asked(kiosk, "visit-0005")["paper"]["kind"] == CERTIFICATE


def test_the_lot_falls_once_a_year(everybody_waits: Records) -> None:
    """Asking again, even when the first was handed over, gives no other answer."""
    kiosk = KioskClient(everybody_waits)
    for number in range(3):
        answer = _asked(kiosk, f"visit-100{number}")
        assert answer["paper"]["kind"] == RECEIPT
        with everybody_waits.database.writing() as transaction:
            last = applications.every(transaction)[-1]
            applications.update(transaction, last.serial, state=ApplicationState.HANDED_OVER.value)


def test_the_officers_hear_what_the_source_said_last(nobody_waits: Records) -> None:
    kiosk = KioskClient(nobody_waits)
    _asked(kiosk, "visit-0001", when="later")
    _put(nobody_waits, Finding.CONFLICT)
    _asked(kiosk, "visit-0002")
    assert [row.outcome for row in _applications(nobody_waits)] == ["conflict"]


class _NobodyAsks:
    """A source that must not be asked."""

    def query(self, person: Resident) -> Finding:
        raise AssertionError(person)


def test_a_receipt_is_printed_again_without_asking_anew(kiosk: KioskClient, records: Records) -> None:
    """The same receipt under a new serial; the application keeps the number of its first one."""
    first = _asked(kiosk, "visit-0001", when="later")
    kiosk.void(first["serial"])
    deaf = KioskClient(replace(records, criminal=_NobodyAsks()))
    again = _asked(deaf, "visit-0002", replaces=first["serial"])
    differs = {name for name, value in again["paper"].items() if value != first["paper"][name]}
    assert differs == {"serial", "machine"}
    assert [row.serial for row in _applications(records)] == [first["serial"]]


def test_a_certificate_that_failed_to_print_is_asked_for_anew(kiosk: KioskClient, records: Records) -> None:
    """It says what is true today: had something come to light meanwhile, a receipt would come."""
    first = _asked(kiosk, "visit-0001")
    kiosk.void(first["serial"])
    _put(records, Finding.FOUND)
    assert _asked(kiosk, "visit-0002", replaces=first["serial"])["paper"]["kind"] == RECEIPT


def test_a_receipt_that_is_void_is_void_and_its_application_waits(kiosk: KioskClient, records: Records) -> None:
    """The resident may come without it: the card finds it."""
    kiosk.void(_asked(kiosk, "visit-0001", when="later")["serial"])
    assert [row.state for row in _applications(records)] == [ApplicationState.WAITING]


def test_what_was_found_is_forgotten_when_nobody_came_for_it(nobody_waits: Records, clock: StillClock) -> None:
    """No officer can open it any more; that there was an application is kept a while longer."""
    _put(nobody_waits, Finding.FOUND)
    kiosk = KioskClient(nobody_waits)
    _asked(kiosk, "visit-0001")
    clock.pass_by(29 * A_DAY)
    _asked(kiosk, "visit-0002", LAN, when="later")
    assert [row.outcome for row in _applications(nobody_waits)] == ["found", "clean"]
    clock.pass_by(A_DAY)
    _asked(kiosk, "visit-0003")
    assert [row.outcome for row in _applications(nobody_waits)] == ["", "clean", "found"]


def test_applications_are_forgotten_in_the_end(nobody_waits: Records, clock: StillClock) -> None:
    """Ninety days after they could last be collected."""
    kiosk = KioskClient(nobody_waits)
    old = _asked(kiosk, "visit-0001", when="later")["serial"]
    clock.pass_by(119 * A_DAY)
    kiosk = KioskClient(nobody_waits)  # the first one's certificate has ended
    _asked(kiosk, "visit-0002", when="later")
    assert next(row.serial for row in _applications(nobody_waits)) == old
    clock.pass_by(2 * A_DAY)
    new = _asked(kiosk, "visit-0003", LAN, when="later")["serial"]
    assert old not in {row.serial for row in _applications(nobody_waits)}
    assert new in {row.serial for row in _applications(nobody_waits)}


@pytest.mark.parametrize(
    "change", [("yearly = 2", "yearly = 1"), ('registered = ["990101"]', 'registered = ["880101"]')]
)
def test_nothing_is_looked_up_for_who_is_not_entitled(records: Records, change: tuple[str, str]) -> None:
    """What the refusal goes by does not depend on what would be found, and it comes first."""
    (records.folder / "other.toml").write_text(rules_with(share=0, answer_s=0).replace(*change), "utf-8")
    chosen = records.settings.model_copy(update={"policy": PolicySettings(file="other.toml")})
    other = replace(records, settings=chosen)
    policy.issue(other)
    kiosk, deaf = KioskClient(other), KioskClient(replace(other, criminal=_NobodyAsks()))
    if "yearly" in change[0]:
        _asked(kiosk, "visit-0001")
    answer = deaf.reserve(deaf.prove(visit="visit-0002"), **ASKED)
    assert answer.json()["code"] == ("yearly-limit" if "yearly" in change[0] else "not-eligible")
