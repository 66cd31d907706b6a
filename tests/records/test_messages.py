"""What there is to tell a resident: written where it happens, read by who is proven, hinted at once a day."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from backend_client.contract.messages import MessageKind
from backend_client.contract.papers import VoidReason
from records.console.visitor import COOKIE
from records.context import Records
from records.messages.texts import TextKind, words
from records.rules.roles import Role
from records.services import messages, papers, residences, retention, sessions, settling, texting
from records.store import applications, audit, criminal, reads
from records.store import messages as kept
from records.store.applications import ApplicationState
from records.store.audit import Deed
from records.store.reads import ReadRow
from tests.support.clocks import StillClock
from tests.support.console import Browser, hire
from tests.support.phone import NUMBER, Phone
from tests.support.records_client import DENG, GUEST, LAN, Card, KioskClient, live, typed
from tests.support.texts_end import TextsEnd

HINT = (NUMBER, words(TextKind.HINT, "zh"))


@pytest.fixture
def end() -> TextsEnd:
    return TextsEnd()


@pytest.fixture
def open_records(records: Records, end: TextsEnd) -> Records:
    return replace(records, gateway=end)


@pytest.fixture
def kiosk(open_records: Records) -> KioskClient:
    return KioskClient(open_records)


def _told(kiosk: KioskClient, card: Card = DENG, visit: str = "visit-read") -> list[dict[str, Any]]:
    answer = kiosk.get(f"/v1/identifications/{kiosk.prove(card, visit)}/messages")
    assert answer.headers["cache-control"] == "no-store"
    found: list[dict[str, Any]] = answer.json()["messages"]
    return found


def _person(records: Records, card: Card = DENG) -> str:
    with records.database.reading() as transaction:
        query = sa.text("SELECT person_id FROM residents WHERE id_number = :number")
        return str(transaction.connection.execute(query, {"number": card.id_number}).scalar_one())


def _append(records: Records, person: str, kind: MessageKind = MessageKind.INTAKE_DECIDED, **values: str) -> None:
    with records.database.writing() as transaction:
        audit.append(transaction, Deed(records.clock.now(), "test"))
        messages.append(records, transaction, person, kind, **values)


def _leave(records: Records) -> None:
    while texting.send_due(records):
        pass


def test_it_is_told_to_its_person_alone_the_newest_first(
    open_records: Records, kiosk: KioskClient, clock: StillClock
) -> None:
    person = _person(open_records)
    _append(open_records, person, ref="first", state="accepted")
    clock.pass_by(1)
    _append(open_records, person, MessageKind.ANSWER_READY, ref="second")
    told = _told(kiosk)
    assert [(each["kind"], each["ref"], each["state"]) for each in told] == [
        ("answer-ready", "second", ""),
        ("intake-decided", "first", "accepted"),
    ]
    assert _told(kiosk, LAN, "visit-lan") == []


def test_nobody_is_told_nothing(open_records: Records) -> None:
    _append(open_records, "")
    with open_records.database.reading() as transaction:
        assert kept.newest(transaction, "", 10) == []


def test_a_hint_leaves_once_a_day_and_says_nothing(
    open_records: Records, kiosk: KioskClient, clock: StillClock, end: TextsEnd
) -> None:
    """By the bureau's days: it is 23:05 there."""
    Phone(kiosk).verified(end)
    person, before = _person(open_records), len(end.taken)
    for _ in range(3):
        _append(open_records, person, ref="2026-0001-000001-79")
        _leave(open_records)
        clock.pass_by(60)
    assert end.taken[before:] == [HINT]
    clock.pass_by(3600)
    _append(open_records, person)
    _leave(open_records)
    assert end.taken[before:] == [HINT] * 2


def test_no_hint_goes_to_a_number_that_is_due(
    open_records: Records, kiosk: KioskClient, clock: StillClock, end: TextsEnd
) -> None:
    """Nor to who has none; the message waits at the kiosk all the same."""
    Phone(kiosk).verified(end)
    clock.pass_by(timedelta(days=365).total_seconds())
    for card in (DENG, LAN):
        _append(open_records, _person(open_records, card))
    _leave(open_records)
    assert len(end.taken) == 1  # its code


def test_a_hint_that_has_not_left_is_called_back_with_its_number(
    open_records: Records, kiosk: KioskClient, end: TextsEnd
) -> None:
    phone = Phone(kiosk)
    found = phone.verified(end)
    _append(open_records, _person(open_records))
    phone.remove(found["revision"])
    _leave(open_records)
    assert [text for _, text in end.taken[1:]] == [words(TextKind.CHANGED, "zh")]


@pytest.mark.parametrize(("reason", "state"), [(VoidReason.OFFICER, ""), (VoidReason.UNREADABLE, "reissue")])
def test_a_delivered_paper_that_becomes_void_is_told(
    open_records: Records, kiosk: KioskClient, reason: VoidReason, state: str
) -> None:
    """And whether there is a free print of it. One that never reached anybody is not: they were told at the kiosk."""
    delivered = kiosk.reserved(DENG, "visit-0001")["serial"]
    kiosk.seal(delivered)
    assert kiosk.delivered(delivered).status_code == 200
    kiosk.void(kiosk.reserved(DENG, "visit-0002")["serial"])
    papers.void_by_officer(open_records, delivered, reason)
    assert [(each["kind"], each["ref"], each["state"]) for each in _told(kiosk)] == [("paper-void", delivered, state)]


def test_what_a_guardian_asked_for_is_told_to_the_guardian(open_records: Records, kiosk: KioskClient) -> None:
    """A child does not come by itself."""
    subject = kiosk.prove()
    child = kiosk.record(subject)["children"][0]["handle"]
    serial = str(kiosk.reserve(subject, person=child).json()["serial"])
    kiosk.seal(serial)
    assert kiosk.delivered(serial).status_code == 200
    papers.void_by_officer(open_records, serial, VoidReason.OFFICER)
    assert [(each["kind"], each["ref"]) for each in _told(kiosk)] == [("paper-void", serial)]


def test_an_answer_that_is_ready_is_told(open_records: Records, kiosk: KioskClient, clock: StillClock) -> None:
    """Once it lies there; not again when it was handed over."""
    browser = Browser(open_records, clock).on_duty(hire(open_records, role=Role.OFFICER))
    asked = {"kind": "no_criminal_record", "purpose": "job"}
    person = _person(open_records)
    with open_records.database.writing() as transaction:
        criminal.put(transaction, person, "unclear")
    serial = kiosk.reserve(kiosk.prove(), **asked).json()["serial"]
    with open_records.database.reading() as transaction:
        row = applications.find(transaction, serial)
    assert row is not None
    session = sessions.resume(open_records, str(browser.http.cookies.get(COOKIE)))
    assert session is not None
    settling.opened(open_records, session, row, "holder at the window, desk book 2026-31")
    settling.settle(open_records, session, row, ApplicationState.READY)
    settling.settle(open_records, session, row, ApplicationState.HANDED_OVER)
    assert [(each["kind"], each["ref"]) for each in _told(kiosk)] == [("answer-ready", serial)]


def test_a_residence_that_was_confirmed_is_told(open_records: Records, kiosk: KioskClient) -> None:
    subject = kiosk.vouched(GUEST)
    door = kiosk.post("/v1/dwellings", {"building": "3", "unit": "2", "room": "501"}).json()
    paper = {"kind": "residence_receipt", "purpose": "declare", "dwelling": door["id"]}
    serial = kiosk.reserve(subject, **paper).json()["serial"]
    residences.confirm(open_records, serial, "lease seen, desk book 2026-12")
    told = kiosk.get(f"/v1/identifications/{subject}/messages").json()["messages"]
    assert [(each["kind"], each["ref"]) for each in told] == [("residence-confirmed", serial)]


def test_others_tries_stay_to_be_read(open_records: Records, kiosk: KioskClient, end: TextsEnd) -> None:
    """They are told on the screen in the visit that proves the owner; no text says that somebody typed a number."""
    Phone(kiosk).verified(end)
    subject = kiosk.identified(typed(visit="visit-guess"))["subject"]
    assert kiosk.portrait(subject, live(subject, "visit-guess")).status_code == 200
    told = _told(kiosk)
    _leave(open_records)
    assert {(each["kind"], each["state"]) for each in told} == {("number-guessed", "1"), ("contact-changed", "")}
    assert len(end.taken) == 1


def test_who_looked_at_them_is_told_with_what_for_and_never_by_name(
    open_records: Records, kiosk: KioskClient, clock: StillClock
) -> None:
    """Of the looks at themselves; one that the limit refused saw nothing."""
    person = open_records.keyed_hash("person", _person(open_records))
    look = ReadRow(clock.now(), "chen", "officer", "report-received", "JQ-2026-0311", reads.Outcome.SHOWN, person)
    with open_records.database.writing() as transaction:
        reads.add(transaction, look)
        reads.add(transaction, replace(look, outcome=reads.Outcome.LIMIT))
        reads.add(transaction, replace(look, person_hash=open_records.keyed_hash("person", "p-other")))
    (told,) = _told(kiosk)
    assert (told["kind"], told["purpose"], told["ticket"]) == ("read", "report-received", "JQ-2026-0311")
    assert told["reader"] == "officer"
    assert "chen" not in json.dumps(told)


def test_messages_are_kept_half_a_year(open_records: Records, clock: StillClock) -> None:
    person = _person(open_records)
    _append(open_records, person)
    clock.pass_by(timedelta(days=90).total_seconds())
    _append(open_records, person)
    clock.pass_by(timedelta(days=91).total_seconds())
    retention.tidy(open_records)
    with open_records.database.reading() as transaction:
        assert len(kept.newest(transaction, person, 10)) == 1


def test_reading_them_is_in_the_audit(open_records: Records, kiosk: KioskClient) -> None:
    _append(open_records, _person(open_records))
    _told(kiosk)
    with open_records.database.reading() as transaction:
        query = sa.text("SELECT facts FROM audit WHERE action = 'messages-read'")
        assert json.loads(transaction.connection.execute(query).scalar_one()) == {"count": 1}


def test_never_more_than_two_hundred_are_shown(open_records: Records, kiosk: KioskClient) -> None:
    person = _person(open_records)
    for _ in range(3):
        with open_records.database.writing() as transaction:
            for _ in range(70):
                messages.append(open_records, transaction, person, MessageKind.INTAKE_DECIDED)
    assert len(_told(kiosk)) == 200
