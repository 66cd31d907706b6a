"""Who is gone by death, by sale or by their own word: nothing begins or ends by a yes that nobody can give any more."""

from datetime import date, timedelta

import pytest

from backend_client.contract.intakes import Comer
from civic.document import DocumentKind
from records.rules.intakes import IntakeState
from records.rules.life_effects import EventKind
from records.services.tenancies import owning, silence
from records.services.tenancies.work import begun
from records.store.approvals import Matter
from tests.support.console import Browser, hire
from tests.support.hidden import hide
from tests.support.intakes_desk import REASON
from tests.support.lives import TICKET, happen
from tests.support.records_client import DENG, GUEST, LAN, MOTHER, WIFE, Card
from tests.support.tenancies import A_YEAR, DAY_S, TODAY, Town, comer

LATER = A_YEAR + timedelta(days=365)
SOON = TODAY + timedelta(days=20)


def _died(town: Town, card: Card) -> None:
    told = {"person": town.person(card), "since": "2026-11-20", "basis": "death-certificate", "document": "D-2026-7"}
    with town.records.database.writing() as transaction:
        happen(town.records, transaction, Matter(EventKind.DEATH.value), told)


def _was_a_mistake(town: Town, card: Card) -> None:
    told = {"person": town.person(card), "of_ticket": TICKET, "basis": "death-certificate", "document": "D-2026-8"}
    with town.records.database.writing() as transaction:
        happen(town.records, transaction, Matter.LIFE_TAKEN_BACK, told)


def _bought(town: Town, card: Card) -> None:
    with town.records.database.writing() as transaction:
        owning.give(begun(town.records, transaction), town.flat().dwelling_id, town.person(card), date(2015, 1, 1))


def _by_number(card: Card) -> Comer:
    """Somebody whose document was not read: they have to say yes themselves."""
    return comer(card, document=DocumentKind.NUMBER)


# --- whoever has somebody come ---------------------------------------------------------------------------------------


def test_nobody_comes_by_the_word_of_a_tenant_who_has_left(town: Town) -> None:
    """Their own yes is taken no more; a no always is."""
    town.lives(DENG)
    town.brings(DENG, _by_number(GUEST), _by_number(WIFE))
    town.leaves(DENG)
    assert town.at(town.answers(GUEST)) == ("refused", "over")
    assert town.state(GUEST) == "pending"
    assert town.at(town.answers(WIFE, yes=False)) == ("accepted", "by-rule")
    assert town.state(WIFE) == "ended"


def test_the_yes_of_a_tenant_who_died_stands_in_no_answer_of_theirs(town: Town) -> None:
    """An officer decides it; when the death was a mistake, the tenant is asked as before."""
    town.lives(DENG, comer(WIFE))
    number = town.brings(WIFE, _by_number(GUEST))
    _died(town, DENG)
    assert (town.at(number), town.state(GUEST)) == (("waiting", "tenant-gone"), "ended")
    _was_a_mistake(town, DENG)
    town.answers(GUEST)
    assert town.state(GUEST) == "pending"
    town.answers(DENG)
    assert town.state(GUEST) == "active"


def test_whoever_lives_there_by_anothers_contract_comes_by_this_one_too(town: Town) -> None:
    """Not silently left out, to stand before the gate when the other's is over."""
    town.lives(DENG, comer(GUEST))
    town.rents(MOTHER, starts_on=(A_YEAR + timedelta(days=1)).isoformat(), ends_on=LATER.isoformat(),
               comers=(comer(GUEST),))  # fmt: skip
    town.answers(LAN)
    assert [each.ends_on for each in town.rights(GUEST)] == [A_YEAR, LATER]


def test_who_is_named_again_in_a_renewal_comes_once(town: Town) -> None:
    town.lives(DENG, comer(WIFE))
    town.renews(LATER, comers=(comer(WIFE),))
    town.answers(LAN)
    assert [each.ends_on for each in town.rights(WIFE)] == [LATER]


def test_the_tenant_who_wanted_to_leave_and_renews_stays(town: Town) -> None:
    """Whoever else set an earlier day for themselves keeps it."""
    town.lives(DENG, comer(WIFE))
    for each in (DENG, WIFE):
        town.leaves(each, day=SOON)
    town.renews(LATER)
    assert (town.right(DENG).hold_until is None, town.right(WIFE).hold_until) == (False, None)
    town.answers(LAN)
    assert (town.right(DENG).ends_on, town.right(WIFE).ends_on) == (LATER, SOON)


# --- whose the flat is -----------------------------------------------------------------------------------------------


def test_a_new_owner_has_all_the_days_of_silence(town: Town) -> None:
    town.lives()
    town.renews(LATER)
    town.clock.pass_by(2.5 * DAY_S)
    _bought(town, MOTHER)
    town.clock.pass_by(DAY_S)
    assert (silence.note_over(town.records), town.right(DENG).ends_on) == (1, A_YEAR)  # the former owner's time is over
    town.clock.pass_by(2 * DAY_S)
    silence.note_over(town.records)
    assert town.right(DENG).ends_on == LATER


def test_a_new_owner_who_is_hidden_is_not_asked_and_their_silence_is_no_yes(town: Town) -> None:
    town.lives()
    number = town.renews(LATER)
    hide(town.records, MOTHER)
    _bought(town, MOTHER)
    assert (town.at(number), town.asked(MOTHER)) == (("waiting", "new-without-landlord"), ())


def test_a_landlord_who_died_answers_nothing_and_is_silent_about_nothing(town: Town) -> None:
    """Another owner is asked as before; without one, an officer decides."""
    _bought(town, LAN)
    _bought(town, MOTHER)
    town.rents(DENG)
    town.answers(LAN)
    number = town.renews(LATER)
    _died(town, LAN)
    assert (town.at(number), len(town.asked(MOTHER))) == (("under-way", ""), 1)
    _died(town, MOTHER)
    assert town.at(number) == ("waiting", "new-without-landlord")
    assert town.at(town.rents(GUEST, door=("3", "2", "501"))) == ("waiting", "overlap")
    town.clock.pass_by(4 * DAY_S)
    silence.note_over(town.records)
    assert town.right(DENG).ends_on == A_YEAR


def test_of_a_dead_owners_flat_nobody_is_asked(town: Town) -> None:
    _bought(town, LAN)
    _died(town, LAN)
    assert town.at(town.rents(DENG)) == ("waiting", "new-without-landlord")


# --- an early end ----------------------------------------------------------------------------------------------------


def test_an_early_end_comes_once_all_who_live_have_agreed(town: Town) -> None:
    contract = town.lives(DENG, comer(WIFE))
    number = town.asks_for_the_end(contract.tenancy_id)
    town.answers(WIFE)
    _died(town, DENG)
    assert (town.at(number), town.state(WIFE)) == (("accepted", "by-rule"), "ended")


def test_an_early_end_to_which_nobody_could_agree_any_more_is_an_officers(town: Town) -> None:
    contract = town.lives(DENG)
    number = town.asks_for_the_end(contract.tenancy_id)
    _died(town, DENG)
    assert town.at(number) == ("waiting", "early-end")


@pytest.mark.parametrize("owner", [True, False])
def test_that_a_landlord_is_who_they_say_puts_nobody_out(town: Town, owner: bool) -> None:
    """Of a card alone an officer says whose it is; each adult is asked all the same."""
    contract = town.lives(DENG, comer(WIFE))
    number = town.asks_for_the_end(contract.tenancy_id, LAN if owner else GUEST, proven=False)
    assert town.at(number) == ("waiting", "unproven")
    desk = Browser(town.records, town.clock).on_duty(hire(town.records))
    desk.get(f"/console/intakes/{number}")
    desk.send(f"/console/intakes/{number}", reason=REASON)
    desk.send(f"/console/intakes/{number}/decide", decision=f"{IntakeState.ACCEPTED.value}/papers-seen")
    assert (town.state(DENG), town.state(WIFE)) == ("active", "active")
    if not owner:
        assert (town.at(number), town.asked(DENG)) == (("refused", "not-theirs"), ())
        return
    assert town.at(number) == ("under-way", "")
    for each in (DENG, WIFE):
        town.answers(each)
    assert (town.at(number), town.state(DENG), town.state(WIFE)) == (("accepted", "by-rule"), "ended", "ended")
