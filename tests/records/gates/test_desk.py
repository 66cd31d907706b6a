"""The property desk opens one right by its slip, and the guard's code helps whoever has just moved out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from backend_client.contract.tenancies import WayKind
from civic.gate_codes import code_ref
from records.context import Records
from records.rules.roles import Role
from records.services.gates import deriving, desk, guests
from records.services.refusals import (
    GuardCodeUnfitError,
    MustWaitError,
    NotYourRightError,
    ReasonUnfitError,
    SlipUnknownError,
)
from records.services.sessions import Session
from records.store import ways
from records.store.ways import Ended
from tests.support import at_gates
from tests.support.at_gates import LAST, cursor, give, grants_heard, told_to
from tests.support.clocks import StillClock
from tests.support.records_client import KioskClient

REASON = "台账 2026-031"


@pytest.fixture
def property_desk(records: Records, clock: StillClock) -> Session:
    return at_gates.session(records, clock, "wuye", Role.PROPERTY_DESK)


def _slip(records: Records, right_id: str) -> dict[str, Any]:
    kiosk = KioskClient(records)
    answer = kiosk.post(f"/v1/identifications/{kiosk.prove()}/slip", {"right": right_id})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_one_right_is_opened_by_its_number_or_its_square(records: Records, property_desk: Session) -> None:
    """However the number is typed; and what is seen is a number, a door, a day and ways."""
    right = give(records)
    slip = _slip(records, right.right_id)
    for typed in (slip["number"], slip["number"].lower().replace("-", " "), slip["code"]):
        opened = desk.open_right(records, property_desk, typed)
        assert (opened.number, opened.flat, opened.valid_to) == (slip["number"], "5-1-602", LAST)
        assert opened.methods == (WayKind.SLIP,)
        assert slip["number"] not in repr(opened)


def test_a_former_slip_and_a_made_up_number_are_the_same(
    records: Records, property_desk: Session, clock: StillClock
) -> None:
    right = give(records)
    former = _slip(records, right.right_id)
    _slip(records, right.right_id)
    for typed in (former["number"], former["code"], "ABCD-EFGH", "", "12345678", "x" * 60):
        clock.pass_by(130)
        with pytest.raises(SlipUnknownError):
            desk.open_right(records, property_desk, typed)


@pytest.mark.parametrize("why", [Ended.LOST, Ended.TWICE, Ended.REPLACED, Ended.GONE])
def test_a_slip_that_went_astray_opens_nothing_for_whoever_brings_it(
    records: Records, property_desk: Session, why: Ended
) -> None:
    """Neither the view nor, after the right's end, the guard's code."""
    right = give(records)
    slip = _slip(records, right.right_id)
    (way,) = at_gates.open_ways(records, right)
    with records.database.writing() as transaction:
        ways.cancel(transaction, [way.way_id], why, records.clock.now())
    at_gates.change(records, right, ended_at=records.clock.now(), ended_why="departure")
    for typed in (slip["number"], slip["code"]):
        with pytest.raises(SlipUnknownError):
            desk.open_right(records, property_desk, typed)
        with pytest.raises(SlipUnknownError):
            guests.guard(records, property_desk, typed, REASON)


def test_guessing_at_numbers_is_slowed(records: Records, property_desk: Session) -> None:
    """A right one between does not make the next guess free."""
    slip = _slip(records, give(records).right_id)
    for guess in range(5):
        with pytest.raises(SlipUnknownError):
            desk.open_right(records, property_desk, f"ABCD-EF2{guess + 2}")
    desk.open_right(records, property_desk, slip["number"])
    with pytest.raises(SlipUnknownError):
        desk.open_right(records, property_desk, "ABCD-EF9Z")
    with pytest.raises(MustWaitError):
        desk.open_right(records, property_desk, slip["number"])


def test_who_is_neither_desk_nor_officer_opens_none(records: Records, clock: StillClock) -> None:
    for role in (Role.TECHNICIAN, Role.AUDITOR, Role.ADMINISTRATOR, Role.AUXILIARY):
        somebody = at_gates.session(records, clock, f"other-{role.value.replace('_', '-')}", role)
        with pytest.raises(NotYourRightError):
            desk.open_right(records, somebody, "ABCD-EFGH")
        with pytest.raises(NotYourRightError):
            guests.guard(records, somebody, "ABCD-EFGH", REASON)


def test_the_guards_code_opens_todays_gate_and_its_holder_reads_of_it(records: Records, property_desk: Session) -> None:
    gate, right = at_gates.at_unit(records), give(records)
    slip = _slip(records, right.right_id)
    at_gates.change(records, right, ended_at=records.clock.now(), ended_why="departure")
    since = cursor(gate)
    code = guests.guard(records, property_desk, slip["number"], REASON)
    (grant,) = grants_heard(gate, since)
    assert grant is not None
    assert [each.ref for each in grant.ways] == [code_ref(code.code)]
    assert (grant.starts_on, grant.ends_on) == (code.day, code.day)
    assert told_to(records, right.person_id) == [("guard-code", "", "")]
    with records.database.writing() as transaction:
        assert deriving.renew(records, transaction, (right.person_id,)) == 0  # it outlives its right


def test_no_guards_code_while_the_right_runs_long_after_or_too_often(
    records: Records, property_desk: Session, clock: StillClock
) -> None:
    right = give(records)
    slip = _slip(records, right.right_id)["number"]
    assert _unfit(records, property_desk, slip) == "running"
    clock.at = datetime(2026, 12, 10, 4, 0, tzinfo=UTC)  # the grace ended on the 7th
    fresh = at_gates.session(records, clock, "wuye-2", Role.PROPERTY_DESK)
    for _ in range(guests.GUARDS_A_DAY):
        guests.guard(records, fresh, slip, REASON)
    assert _unfit(records, fresh, slip) == "many"
    clock.at = datetime(2027, 1, 8, 4, 0, tzinfo=UTC)
    later = at_gates.session(records, clock, "wuye-3", Role.PROPERTY_DESK)
    assert _unfit(records, later, slip) == "long-over"


@pytest.mark.parametrize("reason", ["", "忘带卡", "身份证 990101198603140019"])
def test_a_guards_code_needs_a_reason_with_its_number_and_nobodys(
    records: Records, property_desk: Session, reason: str
) -> None:
    with pytest.raises(ReasonUnfitError):
        guests.guard(records, property_desk, "ABCD-EFGH", reason)


def _unfit(records: Records, session: Session, slip: str) -> str:
    with pytest.raises(GuardCodeUnfitError) as refused:
        guests.guard(records, session, slip, REASON)
    return refused.value.detail
