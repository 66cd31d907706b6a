"""居民提交 of who is hidden, by whichever number and register: on nobody's list but that of who hid them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa

from civic.clock import SystemClock
from civic.id_number import IdNumber
from records.console.visitor import COOKIE
from records.context import Records
from records.population.http_source import HttpPopulation
from records.population.protected import ProtectedPopulation
from records.population.source import PopulationSource, Resident
from records.rules.intakes import IntakeState
from records.services import intake_deciding, sessions
from records.services.intake_deciding import Decision
from records.services.refusals import StaleError
from records.store import messages
from records.store.approvals import Matter
from records.store.tables.register import residents
from tests.support.clocks import StillClock
from tests.support.console import Browser, hire
from tests.support.hidden import not_registered_yet, registered
from tests.support.intakes import Outbox, correction, residence
from tests.support.intakes_desk import LIST, REASON, decided, deeds, handed_in, hide_for, opened, row_of
from tests.support.lives import NEW_NUMBER, happen
from tests.support.population_end import population_end
from tests.support.records_client import DENG, KioskClient


class _Elsewhere:
    """A register of the bureau's own, in which one person is."""

    def __init__(self, person: Resident | None) -> None:
        self._person = person

    def find(self, number: IdNumber) -> Resident | None:
        return self._person if self._person is not None and self._person.id_number == number else None

    def resident(self, person_id: str) -> Resident | None:
        return self._person if self._person is not None and self._person.person_id == person_id else None


@pytest.fixture
def elsewhere(records: Records, tmp_path: Path) -> Iterator[Records]:
    """Return records that ask a register behind HTTPS, and have nobody in their own."""
    only = cast("PopulationSource", _Elsewhere(records.register.find(IdNumber(DENG.id_number))))
    with records.database.writing() as transaction:
        transaction.connection.execute(sa.delete(residents))
    with population_end(tmp_path / "register", only) as end:
        far = HttpPopulation(records.folder, end.settings(), SystemClock(), records.register)
        others = ProtectedPopulation(far, records.database, records.clock, records.number_hash)
        yield replace(records, register=far, population=others)


def test_hidden_by_the_number_that_they_get_later_they_are_so_by_the_former_one(
    desk: Browser, records: Records, number: str
) -> None:
    """The order may state it before the register does."""
    hide_for(records, "wang", person_id="", number_hash=records.number_hash(NEW_NUMBER))
    assert number in desk.get(LIST).answer.text
    changed = {"person": registered(records, DENG).person_id, "since": "2026-11-20", "basis": "b", "document": "7"}
    with records.database.writing() as transaction:
        happen(records, transaction, Matter.NUMBER_CHANGE, {**changed, "new_number": NEW_NUMBER})
    assert number not in desk.get(LIST).answer.text


def test_who_is_hidden_is_on_no_list_but_of_those_who_hid_them(
    desk: Browser, records: Records, number: str, clock: StillClock
) -> None:
    """A curious colleague finds nothing: the same answer as for a number that there is not."""
    keeper = Browser(records, clock, "10.0.0.8").on_duty(hire(records, "wang"))
    hide_for(records, "wang")
    nothing = desk.get(f"{LIST}/{'0' * 36}")
    assert number not in desk.get(LIST).answer.text
    there = desk.get(f"{LIST}/{number}")
    assert (there.status, there.text) == (nothing.status, nothing.text)
    assert number in keeper.get(LIST).answer.text
    decided(keeper, number, "accepted/papers-seen")
    assert row_of(records, number).state is IntakeState.ACCEPTED


@pytest.mark.parametrize("register", ["records", "elsewhere"])
def test_who_was_hidden_before_numbers_were_is_so_by_theirs(
    request: pytest.FixtureRequest, clock: StillClock, outbox: Outbox, register: str
) -> None:
    """As a migration leaves it: by the person alone, who is on no row of what waits."""
    records: Records = request.getfixturevalue(register)
    number = handed_in(KioskClient(records), outbox, correction())
    hide_for(records, "wang", number_hash="")
    desk = Browser(records, clock).on_duty(hire(records))
    assert number not in desk.get(LIST).answer.text
    assert desk.get(f"{LIST}/{number}").status == 404
    assert number in Browser(records, clock, "10.0.0.8").on_duty(hire(records, "wang")).get(LIST).answer.text


@pytest.mark.parametrize("hidden_by", [DENG.id_number, NEW_NUMBER])
@pytest.mark.parametrize("stated", [DENG.id_number, NEW_NUMBER])
def test_hidden_by_one_of_their_numbers_they_are_so_by_each(
    desk: Browser, records: Records, kiosk: KioskClient, outbox: Outbox, hidden_by: str, stated: str
) -> None:
    """The order may state the former number, and so may what was handed in; a week lies between asking and agreeing."""
    number = handed_in(kiosk, outbox, correction(replace(DENG, id_number=stated)))
    changed = {"person": registered(records, DENG).person_id, "since": "2026-11-20", "basis": "x", "document": "7"}
    with records.database.writing() as transaction:
        happen(records, transaction, Matter.NUMBER_CHANGE, {**changed, "new_number": NEW_NUMBER})
    hide_for(records, "wang", person_id=changed["person"], number_hash=records.number_hash(hidden_by))
    assert number not in desk.get(LIST).answer.text
    assert desk.get(f"{LIST}/{number}").status == 404


def test_with_a_register_elsewhere_the_hidden_are_hidden_and_the_others_accepted(
    elsewhere: Records, clock: StillClock, outbox: Outbox, door: tuple[str, str, str]
) -> None:
    """Though no row of ours says whose number it is."""
    officer, keeper = hire(elsewhere), hire(elsewhere, "wang")
    number = handed_in(KioskClient(elsewhere), outbox, residence(door=door))
    desk = Browser(elsewhere, clock).on_duty(officer)
    assert number in desk.get(LIST).answer.text
    hide_for(elsewhere, "wang")
    assert number not in desk.get(LIST).answer.text
    assert desk.get(f"{LIST}/{number}").status == 404
    decided(Browser(elsewhere, clock, "10.0.0.8").on_duty(keeper), number, "accepted/papers-seen")
    row, person = row_of(elsewhere, number), elsewhere.register.find(IdNumber(DENG.id_number))
    assert person is not None
    assert (row.state, row.person_id) == (IntakeState.ACCEPTED, person.person_id)
    with elsewhere.database.reading() as transaction:
        assert [each.state for each in messages.newest(transaction, person.person_id, 9)] == ["accepted"]


def test_with_a_register_elsewhere_its_dead_are_dead(
    elsewhere: Records, clock: StillClock, outbox: Outbox, door: tuple[str, str, str]
) -> None:
    """When it is opened, and when somebody sends what the page did not offer."""
    number, person = (
        handed_in(KioskClient(elsewhere), outbox, residence(door=door)),
        elsewhere.register.find(IdNumber(DENG.id_number)),
    )
    assert person is not None
    register = cast("PopulationSource", _Elsewhere(replace(person, deceased=True)))
    desk = Browser(replace(elsewhere, register=register), clock).on_duty(hire(elsewhere))
    assert "已经去世" in opened(desk, number).text
    assert desk.send(f"{LIST}/{number}/decide", decision="accepted/papers-seen").status == 409


def test_of_a_number_that_is_not_registered_yet_nothing_is_shown_either(
    desk: Browser, records: Records, number: str
) -> None:
    with not_registered_yet(records, DENG):
        hide_for(records, "wang")
        assert number not in desk.get(LIST).answer.text
    assert desk.get(f"{LIST}/{number}").status == 404


def test_who_is_hidden_meanwhile_is_neither_opened_nor_decided(desk: Browser, records: Records, number: str) -> None:
    """The page from before serves nothing: as if a colleague had decided it."""
    session = sessions.resume(records, desk.http.cookies[COOKIE])
    assert session is not None
    opened(desk, number)
    row = row_of(records, number)
    hide_for(records, "wang")
    with pytest.raises(StaleError):
        intake_deciding.decide(records, session, row, row.revision, Decision(IntakeState.REFUSED, "withdrawn"))
    with pytest.raises(StaleError):
        intake_deciding.opened(records, session, row, REASON)
    assert row_of(records, number) == row
    assert len(deeds(records)) == 1
