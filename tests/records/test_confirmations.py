"""What a kiosk asks of an officer, and what it hears."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from backend_client.contract.devices import DeviceKind
from records.context import Records
from records.rules.roles import Role
from tests.support.clocks import StillClock
from tests.support.console import Browser, hire
from tests.support.records_client import DENG, EXPIRED, UNCLEAR, Card, KioskClient

MINUTE = 60
DECIDED = {"basis": "document-seen", "reason": "desk book 2026-117"}


def _ask(kiosk: KioskClient, subject: str) -> dict[str, Any]:
    answer = kiosk.post(f"/v1/identifications/{subject}/confirmation")
    assert answer.status_code == 201, answer.text
    asked: dict[str, Any] = answer.json()
    return asked


def _state(kiosk: KioskClient, subject: str) -> dict[str, Any]:
    answer = kiosk.get(f"/v1/identifications/{subject}/confirmation")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_nobody_on_duty_is_said(kiosk: KioskClient, records: Records, clock: StillClock) -> None:
    """Signed in is not on duty, and an administrator never is."""
    subject = kiosk.identify()["subject"]
    Browser(records, clock).sign_in(hire(records))
    Browser(records, clock).sign_in(hire(records, "root", Role.ADMINISTRATOR))
    answer = kiosk.post(f"/v1/identifications/{subject}/confirmation")
    assert (answer.status_code, answer.json()["code"]) == (409, "nobody-on-duty")


@pytest.mark.usefixtures("desk")
def test_a_code_is_six_digits_and_good_for_five_minutes(kiosk: KioskClient) -> None:
    asked = _ask(kiosk, kiosk.identify()["subject"])
    assert re.fullmatch(r"\d{6}", asked["code"])
    assert (asked["server_time"], asked["expires_at"]) == ("2026-11-22T15:05:30Z", "2026-11-22T15:10:30Z")


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("card", [DENG, UNCLEAR, EXPIRED])
def test_whoever_is_in_doubt_may_ask_too(kiosk: KioskClient, card: Card) -> None:
    """It is they who need an officer."""
    subject = kiosk.identify(card)["subject"]
    _ask(kiosk, subject)
    assert _state(kiosk, subject)["state"] == "waiting"


def test_asked_again_the_code_is_the_same(kiosk: KioskClient, desk: Browser, clock: StillClock) -> None:
    """As long as it is good, opened or not; then there is a new one."""
    subject = kiosk.identify()["subject"]
    first = _ask(kiosk, subject)
    clock.pass_by(2 * MINUTE)
    assert _ask(kiosk, subject)["code"] == first["code"]
    desk.open_case(first["code"])
    assert _ask(kiosk, subject)["expires_at"] == first["expires_at"]
    desk.wait(3 * MINUTE)
    assert _ask(kiosk, subject)["expires_at"] > first["expires_at"]


@pytest.mark.usefixtures("desk")
def test_two_open_codes_are_never_alike(
    kiosk: KioskClient, records: Records, monkeypatch: pytest.MonkeyPatch, clock: StillClock
) -> None:
    """Chance is asked again; once the first is over, its digits may serve anew."""
    drawn = iter([7, 7, 7, 8, 7])
    monkeypatch.setattr("records.services.confirmation.secrets.randbelow", lambda _: next(drawn))
    codes = [_ask(kiosk, kiosk.identify(visit=f"visit-000{number}")["subject"])["code"] for number in range(2)]
    assert codes == ["000007", "000008"]
    clock.pass_by(6 * MINUTE)
    Browser(records, clock).on_duty(hire(records, "wang"))
    assert _ask(kiosk, kiosk.identify(visit="visit-0003")["subject"])["code"] == "000007"


@pytest.mark.usefixtures("desk")
def test_a_code_ends_with_its_visit(kiosk: KioskClient, desk: Browser, clock: StillClock) -> None:
    """It promises no longer than the resident can wait."""
    subject = kiosk.identify()
    clock.pass_by(2 * MINUTE)
    desk.wait(11 * MINUTE)
    assert _ask(kiosk, subject["subject"])["expires_at"] == subject["expires_at"]


def test_an_officer_entering_the_code_is_heard_of(kiosk: KioskClient, desk: Browser) -> None:
    subject = kiosk.identify()["subject"]
    desk.open_case(_ask(kiosk, subject)["code"])
    assert _state(kiosk, subject)["state"] == "opened"


def test_a_code_nobody_entered_expires(kiosk: KioskClient, desk: Browser, clock: StillClock) -> None:
    """The kiosk hears it, and the code opens nothing any more."""
    subject = kiosk.identify()["subject"]
    code = _ask(kiosk, subject)["code"]
    clock.pass_by(5 * MINUTE)
    assert _state(kiosk, subject)["state"] == "expired"
    desk.sign_in(hire(desk.records, "li"))
    assert desk.open_case(code).status == 404


def test_confirmed_counts_as_proven(kiosk: KioskClient, desk: Browser) -> None:
    """Without a face, a camera or a statement; the own row can be read, and a paper reserved."""
    subject = kiosk.identify()["subject"]
    case = desk.open_case(_ask(kiosk, subject)["code"])
    assert kiosk.post(f"/v1/identifications/{subject}/record").json()["code"] == "identity-not-proven"
    desk.get(f"{case.path}/confirm/in-person")
    desk.send(f"{case.path}/confirm/in-person", **DECIDED)
    told = _state(kiosk, subject)
    assert told["state"] == "confirmed"
    assert told["proof"]["proven_until"] == "2026-11-22T15:20:30Z"
    assert kiosk.post(f"/v1/identifications/{subject}/record").json()["name"] == DENG.name
    assert kiosk.reserve(subject).status_code == 201


@pytest.mark.usefixtures("desk")
def test_nothing_asked_is_nothing_found(kiosk: KioskClient) -> None:
    subject = kiosk.identify()["subject"]
    assert kiosk.get(f"/v1/identifications/{subject}/confirmation").json()["code"] == "not-found"


@pytest.mark.usefixtures("desk")
def test_a_visit_is_its_own_kiosks(kiosk: KioskClient, records: Records, clock: StillClock) -> None:
    """Another kiosk, a gate, or an old visit learns nothing, asking or listening."""
    subject = kiosk.identify()["subject"]
    _ask(kiosk, subject)
    path = f"/v1/identifications/{subject}/confirmation"
    other, gate = KioskClient(records), KioskClient(records, DeviceKind.GATE)
    assert other.post(path).json()["code"] == other.get(path).json()["code"] == "subject-expired"
    assert gate.post(path).json()["code"] == gate.get(path).json()["code"] == "not-permitted"
    clock.pass_by(15 * MINUTE)
    assert kiosk.post(path).json()["code"] == kiosk.get(path).json()["code"] == "subject-expired"


@pytest.mark.usefixtures("desk")
def test_a_request_is_gone_a_day_after_it_ended(kiosk: KioskClient, records: Records, clock: StillClock) -> None:
    """What stays is in the audit, which names nobody."""
    _ask(kiosk, kiosk.identify()["subject"])
    assert _rows(records) == 1
    clock.pass_by(timedelta(days=1, minutes=6).total_seconds())
    Browser(records, clock).sign_in(hire(records, "wang"))
    assert _rows(records) == 0


def _rows(records: Records) -> int:
    with records.database.reading() as transaction:
        return int(transaction.connection.execute(sa.text("SELECT count(*) FROM confirmations")).scalar_one())
