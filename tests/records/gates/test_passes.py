"""An officer asks for passes, a second account agrees, gates answer sealed, and the resident reads that they did."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from backend_client.contract.gates import Pass, Passes, PassesAskedOf
from backend_client.contract.tenancies import WayKind
from backend_client.pass_seals import seal_passes
from records.context import Records
from records.rules.purposes import Purpose
from records.rules.roles import Role
from records.services import approvals, looking, retention
from records.services.gates import passes
from records.services.looking import Why
from records.services.refusals import (
    ApprovalOverError,
    AskingUnfitError,
    CheckFailedError,
    NotYourRightError,
    ReadingUnfitError,
    SameAccountError,
)
from records.services.sessions import Session
from records.store.rights import RightRow
from tests.support import at_gates
from tests.support.at_gates import cursor, give, heard, new_card, take
from tests.support.clocks import StillClock
from tests.support.records_client import DENG, LAN, KioskClient

TICKET = "JQ-2026-0311"
Ask = Callable[..., None]


@pytest.fixture
def first(records: Records, clock: StillClock) -> Session:
    return at_gates.session(records, clock, "chen")


@pytest.fixture
def second(records: Records, clock: StillClock) -> Session:
    return at_gates.session(records, clock, "li")


@pytest.fixture
def gates(records: Records) -> tuple[KioskClient, KioskClient]:
    """Return the gate of the flat's unit, and another unit's."""
    return at_gates.at_unit(records), at_gates.at_unit(records, "6")


@pytest.fixture
def right(records: Records, gates: tuple[KioskClient, KioskClient]) -> RightRow:
    assert gates
    right = give(records)
    take(records, right, card=new_card())
    return right


def _span(records: Records, days: float = 3) -> tuple[datetime, datetime]:
    now = records.clock.now()
    return now - timedelta(days=days), now


def _ask(records: Records, session: Session, person: str, purpose: Purpose = Purpose.CASE_HANDLING) -> None:
    handle = looking.seal(records, session, person, Why(purpose, TICKET))
    passes.ask_of_handle(records, session, handle, _span(records))


def _agree(records: Records, session: Session, number: str = DENG.id_number) -> None:
    (row,) = approvals.list_open(records, session)
    _, proof = approvals.read(records, session, row.approval_id, number)
    approvals.approve(records, session, row.approval_id, passes.DO, proof)


def _asked(gate: KioskClient) -> list[PassesAskedOf]:
    answer = gate.get("/v1/gates/self/passes-asked")
    assert answer.status_code == 200
    return [PassesAskedOf.model_validate(each) for each in answer.json()["asks"]]


def _answer(gate: KioskClient, asked: PassesAskedOf, *found: Pass, to: str = "") -> Any:
    sealed = seal_passes(Passes(passes=found), asked)
    return gate.post(f"/v1/gates/self/passes/{to or asked.ask}", sealed.model_dump())


def test_a_question_goes_to_the_gates_of_the_person_and_its_answer_to_who_asked_once(
    records: Records, first: Session, second: Session, gates: tuple[KioskClient, KioskClient], right: RightRow
) -> None:
    own, other = gates
    since = cursor(own), cursor(other)
    _ask(records, first, right.person_id)
    assert _asked(own) == []
    _agree(records, second)
    assert [[each["topic"] for each in heard(gate, at)] for gate, at in zip(gates, since, strict=True)] == [
        ["passes"],
        [],
    ]
    (asked,) = _asked(own)
    assert (asked.purpose, asked.ticket, _asked(other)) == ("case-handling", TICKET, [])
    at = records.clock.now() - timedelta(hours=5)
    inside = Pass(door=own.device_id, at=at, kind=WayKind.CARD)
    beyond = Pass(door=own.device_id, at=at - timedelta(days=9), kind=WayKind.CARD)
    elsewhere = Pass(door=other.device_id, at=at, kind=WayKind.CARD)
    assert _answer(own, asked, beyond, inside, elsewhere).status_code == 204
    assert _asked(own) == []
    with pytest.raises(ApprovalOverError):
        passes.opened(records, second, asked.ask)
    opened = passes.opened(records, first, asked.ask)
    assert (opened.passes, opened.silent, opened.unreadable) == ((inside,), (), ())
    with pytest.raises(ApprovalOverError):
        passes.opened(records, first, asked.ask)
    assert _kept(records) == [("", "")]


def test_the_resident_reads_that_it_was_asked(
    records: Records, first: Session, second: Session, right: RightRow
) -> None:
    kiosk = KioskClient(records)
    subject = kiosk.prove()
    _ask(records, first, right.person_id)
    told = f"/v1/identifications/{subject}/messages"
    assert kiosk.get(told).json()["messages"] == []
    _agree(records, second)
    (message,) = kiosk.get(told).json()["messages"]
    assert (message["kind"], message["purpose"], message["ticket"]) == ("read", "case-handling", TICKET)
    assert message["reader"] == "officer"


def test_who_asked_is_not_the_second_and_the_number_comes_from_the_file(
    records: Records, first: Session, second: Session, right: RightRow
) -> None:
    _ask(records, first, right.person_id)
    with pytest.raises(SameAccountError):
        _agree(records, first)
    with pytest.raises(CheckFailedError):
        _agree(records, second, LAN.id_number)


def test_a_question_has_a_purpose_that_opens_it_and_a_span_of_thirty_days_at_most(
    records: Records, first: Session, right: RightRow
) -> None:
    with pytest.raises(ReadingUnfitError):
        _ask(records, first, right.person_id, Purpose.REGISTER_CORRECTION)
    handle = looking.seal(records, first, right.person_id, Why(Purpose.CASE_HANDLING, TICKET))
    now = records.clock.now()
    for span in (_span(records, 31), (now, now), (now, now + timedelta(days=1))):
        with pytest.raises(AskingUnfitError):
            passes.ask_of_handle(records, first, handle, span)
    with pytest.raises(AskingUnfitError):
        passes.ask_of_handle(records, first, "made up", _span(records))


def test_by_a_slip_too_and_by_no_other_role(
    records: Records, clock: StillClock, first: Session, second: Session, right: RightRow
) -> None:
    kiosk = KioskClient(records)
    slip = kiosk.post(f"/v1/identifications/{kiosk.prove()}/slip", {"right": right.right_id}).json()["number"]
    passes.ask_of_slip(records, first, slip, ("case-handling", TICKET), _span(records))
    _agree(records, second)
    other = at_gates.session(records, clock, "wuye", Role.PROPERTY_DESK)
    with pytest.raises(NotYourRightError):
        passes.ask_of_slip(records, other, slip, ("case-handling", TICKET), _span(records))


def test_a_gate_that_was_not_asked_can_answer_nothing(
    records: Records, first: Session, second: Session, gates: tuple[KioskClient, KioskClient], right: RightRow
) -> None:
    """Nor can one that was, a second time, change its word; what is no seal is told as that."""
    own, other = gates
    _ask(records, first, right.person_id)
    _agree(records, second)
    (asked,) = _asked(own)
    assert _answer(other, asked).json()["code"] == "not-found"
    assert _answer(own, asked, to="0" * 32).json()["code"] == "not-found"
    assert own.post(f"/v1/gates/self/passes/{asked.ask}", {"sealed": "AAAA"}).status_code == 204
    seen = Pass(door=own.device_id, at=records.clock.now() - timedelta(hours=1), kind=WayKind.CARD)
    assert _answer(own, asked, seen).status_code == 204
    opened = passes.opened(records, first, asked.ask)
    assert (opened.passes, opened.unreadable) == ((), (own.device_id,))


def test_after_a_week_neither_question_nor_answer_is_there(
    records: Records, first: Session, second: Session, gates: tuple[KioskClient, KioskClient], right: RightRow
) -> None:
    own, _ = gates
    _ask(records, first, right.person_id)
    _agree(records, second)
    (asked,) = _asked(own)
    _answer(own, asked)
    clock = records.clock
    assert isinstance(clock, StillClock)
    retention.tidy(records)
    for _ in range(2):
        clock.pass_by(timedelta(days=3, hours=13).total_seconds())
        retention.tidy(records)
    assert _kept(records) == []


def _kept(records: Records) -> list[tuple[str, str]]:
    """What is kept of answers, and of the keys that open them."""
    with records.database.reading() as transaction:
        query = sa.text("SELECT a.sealed, q.key_sealed FROM pass_answers a, pass_asks q")
        return [(row.sealed, row.key_sealed) for row in transaction.connection.execute(query)]
