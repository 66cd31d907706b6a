"""Guessing is slowed and never locked, is reported, and is told once to whose number it was."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from backend_client.contract.base import ProblemCode
from backend_client.contract.identity import SignedStatement
from backend_client.contract.persons import NumberEvidence
from backend_client.statement import subject_hash
from records.context import Records
from records.errors import RefusedError
from records.rules.tries import Pace, left
from records.sections import GuessingSettings
from records.services import identification, proof
from records.services.portrait import portrait
from records.services.tries import told
from records.store import alerts, visits
from tests.support.clocks import NOW, StillClock
from tests.support.records_client import DENG, LAN, NOBODYS_NUMBER, KioskClient, live, other_face, statement, typed

NUMBER_PACE = Pace(3, timedelta(seconds=15), timedelta(seconds=60))
KIOSK_PACE = Pace(3, timedelta(seconds=15), timedelta(seconds=120))
NUMBER_CAP, KIOSK_CAP = 60, 120
DAY = 86_400

_VISITS = count(1)


def _visit() -> str:
    return f"visit-{next(_VISITS):06}"


def _guess(kiosk: KioskClient, number: str = DENG.id_number) -> int:
    """A try: a portrait is given, and whoever it was just leaves. 0, or the seconds that it has to wait."""
    visit = _visit()
    try:
        subject = _typed(kiosk, number, visit)
    except RefusedError as refused:
        if refused.problem is not ProblemCode.TOO_MANY_REQUESTS or not refused.retry_after_s:
            raise
        return refused.retry_after_s
    _portrait(kiosk, subject, visit)
    return 0


def _typed(kiosk: KioskClient, number: str, visit: str) -> str:
    """The subject. Behind the routes: a hundred guesses take their time (what a route answers has its own tests)."""
    evidence = NumberEvidence.model_validate(typed(number, visit))
    return identification.identify(kiosk.records, kiosk.device, evidence, "").subject


def _portrait(kiosk: KioskClient, subject: str, visit: str) -> None:
    said = SignedStatement.model_validate(kiosk.sign(live(subject, visit)))
    assert portrait(kiosk.records, kiosk.device, subject, said, "")


def _own(kiosk: KioskClient, number: str = DENG.id_number) -> dict[str, object] | None:
    """The owner's own visit by number; what they are told."""
    visit = _visit()
    subject = _typed(kiosk, number, visit)
    _portrait(kiosk, subject, visit)
    return _told(kiosk, subject, visit, document="number", checks=["liveness", "face"])


def _own_card(kiosk: KioskClient) -> dict[str, object] | None:
    visit = _visit()
    subject = kiosk.identify(DENG, visit)["subject"]
    assert kiosk.portrait(subject).status_code == 200
    return _told(kiosk, subject, visit)


def _told(kiosk: KioskClient, subject: str, visit: str, **changes: object) -> dict[str, object] | None:
    answer = kiosk.state(subject, statement(subject, visit, **changes))
    assert answer.status_code == 200, answer.text
    tries: dict[str, object] | None = answer.json()["tries"]
    return tries


@pytest.mark.parametrize(
    ("pace", "tries", "seconds"),
    [
        (NUMBER_PACE, 0, 0),
        (NUMBER_PACE, 2, 0),
        (NUMBER_PACE, 3, 15),
        (NUMBER_PACE, 4, 30),
        (NUMBER_PACE, 5, 60),
        (NUMBER_PACE, 1_000_000, 60),
        (KIOSK_PACE, 5, 60),
        (KIOSK_PACE, 6, 120),
        (KIOSK_PACE, 1_000_000, 120),
    ],
)
def test_the_wait_doubles_up_to_its_cap(pace: Pace, tries: int, seconds: int) -> None:
    """Three are free; a million cost no more than six."""
    assert pace.after(tries) == timedelta(seconds=seconds)


def test_a_wait_is_measured_from_the_last_try_here() -> None:
    """Where there was none, there is nothing to wait for."""
    assert left(NUMBER_PACE, 99, None, NOW) == timedelta()
    assert left(NUMBER_PACE, 99, NOW, NOW + timedelta(seconds=45)) == timedelta(seconds=15)
    assert left(NUMBER_PACE, 99, NOW, NOW + timedelta(days=1)) == timedelta()


def test_a_clock_set_back_makes_no_wait_longer_than_the_cap() -> None:
    """What was tried tomorrow locks nobody today."""
    assert left(NUMBER_PACE, 99, NOW + timedelta(days=1), NOW) == timedelta(seconds=60)


@dataclass
class Attack:
    """Somebody stays at one kiosk and guesses, as fast as it lets them, each guess taking no time at all."""

    kiosk: KioskClient
    clock: StillClock
    numbers: tuple[str, ...] = (DENG.id_number,)
    passed_at: list[float] = field(default_factory=list)

    def go_on(self, guesses: int) -> None:
        """That many guesses get through."""
        begun = self.clock.monotonic()
        for turn in range(guesses):
            while wait := _guess(self.kiosk, self.numbers[turn % len(self.numbers)]):
                self.clock.pass_by(wait)
            self.passed_at.append(self.clock.monotonic() - begun)


def test_a_hundred_wrong_guesses_take_hours_and_the_owner_none(
    records: Records, kiosk: KioskClient, clock: StillClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """At one kiosk against one number. The owner comes in between: by card at once, by number after a wait."""
    attack, spent, waits = Attack(kiosk, clock), [], []
    clock.pass_by(-DAY / 2)  # half a day lies ahead
    for _ in range(4):
        attack.go_on(25)
        spent.append(attack.passed_at[-1])
        _own_card(kiosk)  # at the same kiosk, in the same second
        _own(KioskClient(records))  # at another kiosk: no wait either
        begun = clock.monotonic()
        while wait := _refused(kiosk):
            clock.pass_by(wait)
        waits.append(clock.monotonic() - begun)
        _own(kiosk)
    assert spent == [15 + 30 + 60 + 19 * KIOSK_CAP, *[24 * KIOSK_CAP] * 3]
    assert waits == [KIOSK_CAP] * 4  # for the one who comes the very second after the guesser
    assert _total(records) == 100
    with capsys.disabled():
        print(
            f"\n  a hundred guesses get through in {sum(spent) / 3600:.1f} hours, 25 each in {spent} s; the owner waits"
        )
        print(f"  by number, in the second after the guesser: {waits} s; by card, or at another kiosk: 0 s")


def _refused(kiosk: KioskClient) -> int:
    """What the route says of the wait."""
    answer = kiosk.post("/v1/identifications", typed(DENG.id_number, _visit()))
    if answer.status_code == 201:
        return 0
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")
    return int(answer.headers["retry-after"])


def _total(records: Records) -> int:
    with records.database.reading() as transaction:
        return int(transaction.connection.scalar(sa.text("SELECT count(*) FROM tries")))


def test_guesses_from_everywhere_keep_nobody_out(records: Records, clock: StillClock) -> None:
    """However many kiosks are used against one number, each slows itself alone; the owner at a fourth does not wait."""
    kiosks = [KioskClient(records) for _ in range(3)]
    for _ in range(10):
        for kiosk in kiosks:
            while wait := _guess(kiosk):
                clock.pass_by(wait)
    owner = KioskClient(records)
    assert _own(owner) is not None
    assert _guess(owner) == 0


@pytest.mark.parametrize("number", [DENG.id_number, NOBODYS_NUMBER])
def test_numbers_that_nobody_has_are_slowed_alike(kiosk: KioskClient, clock: StillClock, number: str) -> None:
    """Guess by guess, to the second."""
    attack = Attack(kiosk, clock, (number,))
    attack.go_on(9)
    assert attack.passed_at == [0, 0, 0, 15, 45, 105, 225, 345, 465]


def test_another_number_at_each_guess_is_slowed_by_the_kiosk(kiosk: KioskClient, clock: StillClock) -> None:
    """Who looks for a face among numbers gets thirty an hour."""
    attack = Attack(kiosk, clock, (DENG.id_number, LAN.id_number, NOBODYS_NUMBER))
    clock.pass_by(-DAY / 2)
    attack.go_on(6 + 30)
    assert attack.passed_at[-1] - attack.passed_at[5] == 30 * KIOSK_CAP


def test_a_number_tried_elsewhere_is_slow_from_the_second_try_on(records: Records, clock: StillClock) -> None:
    """The day's tries at a number are counted over all kiosks; up to the number's own cap."""
    first, second = KioskClient(records), KioskClient(records)
    Attack(first, clock).go_on(8)
    assert [_guess(second), _guess(second)] == [0, NUMBER_CAP]


def test_subjects_asked_for_in_advance_gain_nothing(kiosk: KioskClient) -> None:
    """The wait is asked for again where it counts: before the portrait."""
    asked = [(visit, kiosk.identified(typed(visit=visit))["subject"]) for visit in (_visit() for _ in range(6))]
    answers = [kiosk.portrait(subject, live(subject, visit)).status_code for visit, subject in asked]
    assert answers == [200, 200, 200, 429, 429, 429]


def test_a_new_day_begins_anew(kiosk: KioskClient, clock: StillClock) -> None:
    """At the bureau's midnight, 55 minutes away."""
    Attack(kiosk, clock).go_on(8)
    assert _guess(kiosk) > 0
    clock.pass_by(3600)
    assert [_guess(kiosk) for _ in range(4)] == [0, 0, 0, 15]


def test_the_owner_is_told_once(records: Records, kiosk: KioskClient, clock: StillClock) -> None:
    """At the next visit that proves them, by whatever way; how many, and when the last one was."""
    Attack(kiosk, clock).go_on(5)
    last = (NOW + timedelta(seconds=45)).isoformat().replace("+00:00", "Z")
    elsewhere = KioskClient(records)
    assert _own_card(elsewhere) == {"count": 5, "last_at": last}
    assert _own_card(elsewhere) is None
    assert _own(elsewhere) is None
    clock.pass_by(KIOSK_CAP)
    _guess(kiosk)
    told = _own(elsewhere)
    assert told is not None
    assert told["count"] == 1


def test_only_the_owner_is_told(records: Records, kiosk: KioskClient) -> None:
    """Somebody else's number is nothing to another."""
    _guess(kiosk, LAN.id_number)
    _guess(kiosk, NOBODYS_NUMBER)
    assert _own_card(KioskClient(records)) is None
    assert _own(KioskClient(records), LAN.id_number) is not None


def test_the_owners_own_failures_of_the_same_visit_do_not_count(kiosk: KioskClient, records: Records) -> None:
    """Not recognised at first, recognised then: or the card was in the other pocket."""
    visit = _visit()
    subject = kiosk.identified(typed(visit=visit))["subject"]
    kiosk.portrait(subject, live(subject, visit))
    assert kiosk.state(subject, other_face(subject, visit)).status_code == 403
    assert _told(kiosk, subject, visit, document="number", checks=["liveness", "face"]) is None
    assert _total(records) == 0
    second = _visit()
    subject = kiosk.identified(typed(visit=second))["subject"]
    kiosk.portrait(subject, live(subject, second))
    card = kiosk.identify(LAN, second)["subject"]
    kiosk.portrait(card)
    assert _told(kiosk, card, second) is None
    assert _total(records) == 1  # another's card: the try at the typed number stays


def test_an_officers_word_tells_it_too(kiosk: KioskClient, records: Records) -> None:
    """And says the same again while the visit lasts."""
    _guess(kiosk)
    subject = kiosk.identify(DENG, _visit())["subject"]
    with records.database.writing() as transaction:
        row = visits.by_subject(transaction, subject_hash(subject))
        assert row is not None
        granted = proof.grant(records, transaction, row, proof.BY_OFFICER)
        assert granted.tries is not None
        assert granted.tries.count == 1
        assert proof.again(records, transaction, row) == granted
        assert told(transaction, row) == granted.tries
        proven = visits.by_subject(transaction, row.subject_hash)
    assert proven is not None
    assert (proven.proven_by, proven.statement_digest) == ("officer", "")


def test_an_alert_rises_with_the_guesses(records: Records, kiosk: KioskClient, clock: StillClock) -> None:
    """One for the kiosk and one for the number, each day anew; the number itself stands nowhere."""
    Attack(kiosk, clock).go_on(14)
    with records.database.reading() as transaction:
        found = {(bool(each.device_id), each.count, each.day) for each in alerts.list_open(transaction)}
        of_number = [each for each in alerts.list_open(transaction) if each.number_hash]
    assert found == {(True, 14, date(2026, 11, 22)), (False, 14, date(2026, 11, 22))}
    assert of_number[0].number_hash == records.keyed_hash("number", DENG.id_number)
    clock.pass_by(DAY)
    Attack(kiosk, clock).go_on(9)
    with records.database.reading() as transaction:
        assert len(alerts.list_open(transaction)) == 2


def test_a_closed_alert_opens_when_guessing_goes_on(records: Records, kiosk: KioskClient, clock: StillClock) -> None:
    Attack(kiosk, clock).go_on(10)
    with records.database.writing() as transaction:
        one, other = alerts.list_open(transaction)
        assert alerts.close(transaction, one.alert_id, "officer-01", clock.now())
        assert not alerts.close(transaction, one.alert_id, "officer-01", clock.now())
        assert [each.alert_id for each in alerts.list_open(transaction)] == [other.alert_id]
    clock.pass_by(KIOSK_CAP)
    _guess(kiosk)
    with records.database.reading() as transaction:
        assert {each.count for each in alerts.list_open(transaction)} == {11}


def test_tries_and_alerts_are_forgotten_in_time(records: Records, kiosk: KioskClient, clock: StillClock) -> None:
    """By the next identification of anyone, tries after a month and alerts after three."""
    Attack(kiosk, clock).go_on(10)
    clock.pass_by(30 * DAY + 1)
    kiosk.identify(LAN, _visit())
    assert _total(records) == 0
    clock.pass_by(61 * DAY)
    KioskClient(records).identify(LAN, _visit())  # the first one's certificate has ended
    with records.database.reading() as transaction:
        assert alerts.list_open(transaction) == []


@pytest.mark.parametrize("cap", ["number_cap", "kiosk_cap", "first_wait"])
def test_no_setting_makes_a_lock_of_a_wait(cap: str) -> None:
    """Ten minutes are the longest that can be set."""
    with pytest.raises(ValidationError):
        GuessingSettings.model_validate({cap: 601})
