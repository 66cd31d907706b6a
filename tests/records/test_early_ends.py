"""An early end and a renewal of the same tenancy: whoever asked for the one has not agreed to the other by silence."""

from datetime import timedelta

from backend_client.contract.messages import MessageKind
from records.rules.intakes import IntakeState
from records.services.intake_opening import content_of
from records.services.tenancies import beginning, by_officer, silence
from records.services.tenancies.understanding import understand
from records.services.tenancies.work import begun
from records.store import tenancies
from tests.support.records_client import DENG, GUEST, LAN, WIFE
from tests.support.tenancies import A_YEAR, DAY_S, TODAY, Town, comer, who

LATER = A_YEAR + timedelta(days=365)
SOON = TODAY + timedelta(days=20)


def _officer_says(town: Town, number: str, state: IntakeState) -> None:
    """As the desk's decision does it, without the pages."""
    row = town.intake(number)
    said = understand(town.records, content_of(row))
    with town.records.database.writing() as transaction:
        by_officer.decided(begun(town.records, transaction, "chen"), row, content_of(row), said, state)


def _silent_for_days(town: Town, days: int) -> None:
    town.clock.pass_by(days * DAY_S)
    silence.note_over(town.records)


def _renews_by_card_alone(town: Town) -> str:
    return town.renews(LATER, who=who(DENG, proven=False))


def test_a_landlords_silence_undoes_no_decision_of_an_officer(town: Town) -> None:
    """What ends by a document is not renewed because nobody answers."""
    contract = town.lives()
    number = town.asks_for_the_end(contract.tenancy_id, day=SOON)
    _silent_for_days(town, 2)
    _officer_says(town, number, IntakeState.ACCEPTED)
    assert town.told(DENG)[-1] == (MessageKind.TENANCY_CHANGED, "")
    again = town.renews(LATER)
    assert (town.at(again), town.asked(LAN), town.right(DENG).hold_until) == (("waiting", "objection"), (), None)
    _silent_for_days(town, 4)
    assert town.right(DENG).ends_on == SOON


def test_who_asked_for_the_end_is_silent_about_the_renewal_that_waits(town: Town) -> None:
    """An officer decides about both."""
    contract = town.lives()
    renewal = town.renews(LATER)
    number = town.asks_for_the_end(contract.tenancy_id, day=SOON)
    _silent_for_days(town, 4)
    assert (town.at(renewal), town.at(number)) == (("waiting", "objection"), ("waiting", "early-end"))
    assert (town.right(DENG).ends_on, town.right(DENG).hold_until) == (A_YEAR, None)
    _officer_says(town, number, IntakeState.REFUSED)
    _officer_says(town, renewal, IntakeState.ACCEPTED)
    assert (town.state(DENG), town.right(DENG).ends_on) == ("active", LATER)


def test_an_officer_ends_what_went_on_meanwhile_and_everybody_hears(town: Town) -> None:
    """The rights stand by the renewed contract then; they end, and nobody learns it at the gate."""
    contract = town.lives(DENG, comer(WIFE))
    number = town.asks_for_the_end(contract.tenancy_id)
    town.renews(LATER)
    _silent_for_days(town, 2)
    _officer_says(town, number, IntakeState.ACCEPTED)
    assert (town.state(DENG), town.state(WIFE)) == ("ended", "ended")
    assert town.told(DENG)[-1] == town.told(WIFE)[-1] == (MessageKind.TENANCY_CHANGED, "ended")


def test_a_renewed_contract_is_ended_by_the_officer_who_had_the_earlier_one(town: Town) -> None:
    contract = town.lives()
    number = town.asks_for_the_end(contract.tenancy_id)
    town.renews(LATER)
    with town.records.database.writing() as transaction:  # a colleague has confirmed it first
        (renewal,) = tenancies.renewals(transaction, contract.tenancy_id)
        beginning.tenancy(begun(town.records, transaction, "chen"), renewal)
    assert town.right(DENG).ends_on == LATER
    _silent_for_days(town, 2)
    _officer_says(town, number, IntakeState.ACCEPTED)
    assert (town.state(DENG), town.right(DENG).ended_why) == ("ended", "officer")


def test_an_occupant_who_was_asked_about_before_the_renewal_still_comes(town: Town) -> None:
    town.lives(DENG, comer(WIFE))
    town.brings(WIFE, comer(GUEST))
    town.renews(LATER)
    town.answers(LAN)
    assert town.at(town.answers(DENG)) == ("accepted", "by-rule")
    assert town.state(GUEST) == "active"


def test_by_a_card_alone_nobody_waits_twice(town: Town) -> None:
    town.lives()
    found = _renews_by_card_alone(town)
    assert town.at(found) == ("waiting", "unproven")
    _officer_says(town, found, IntakeState.REFUSED)
    again = _renews_by_card_alone(town)
    assert (town.at(again), town.right(DENG).hold_until) == (("waiting", "objection"), None)


def test_what_came_of_a_found_card_does_its_owner_no_harm(town: Town) -> None:
    town.lives()
    _officer_says(town, _renews_by_card_alone(town), IntakeState.REFUSED)
    assert town.at(town.renews(LATER)) == ("under-way", "")
    assert town.right(DENG).hold_until is not None


def test_the_tenant_who_is_proven_takes_the_place_of_the_card(town: Town) -> None:
    town.lives()
    found = _renews_by_card_alone(town)
    own = town.renews(LATER)
    assert (town.at(found), town.at(own)) == (("refused", "handed-in-twice"), ("under-way", ""))
    town.answers(LAN)
    assert town.right(DENG).ends_on == LATER
