"""What waits for somebody's yes, from records' answer over the kiosk's own flow back to records, by sealed intakes."""

from datetime import timedelta

import pytest

from backend_client.contract.policy import GateRules, TenancyRules
from backend_client.contract.tenancies import OwnTenancies
from civic.id_number import IdNumber
from civic.person_name import PersonName
from kiosk.flows import happenings as h
from kiosk.flows import tenancy_mine as mine
from kiosk.flows.declarant import Declarant
from kiosk.flows.tenancy_case import Answered, Case, Ready
from kiosk.services.contents import wired
from kiosk.services.own_tenancies import told
from records.services.tenancies import ending
from records.store import ownerships
from tests.support.records_client import DENG, GUEST, LAN, MOTHER, WIFE, Card
from tests.support.tenancies import TODAY, Town, comer


def _case(town: Town, card: Card) -> Case:
    """Proven at the kiosk, with what records tell them."""
    subject = town.kiosk.vouched(card, f"visit-{len(town.deeds('tenancies-read')):04}")
    answer = town.kiosk.get(f"/v1/identifications/{subject}/tenancies")
    own = told(OwnTenancies.model_validate_json(answer.content), TenancyRules(), GateRules())
    return Case(Declarant(PersonName(card.name), IdNumber(card.id_number), proven=True), TODAY, own)


def _answers(town: Town, card: Card, kind: str, *, yes: bool) -> str:
    """By touch: the entry, the answer, read over; sealed and handed in as the kiosk does it."""
    case = _case(town, card)
    (ask,) = case.own.asks
    assert ask.kind == kind
    at: mine.Next = mine.Listing(case)
    for event in (mine.EntryChosen(ask.ref), Answered(yes=yes), h.DataConfirmed()):
        assert isinstance(at, mine.Listing | mine.Answering | mine.ReadingAnswerOver)
        at = mine.advance(at, event).state
    assert isinstance(at, Ready)
    number = town.hands_in(wired(at.content))
    assert _case(town, card).own.asks == ()
    return number


@pytest.mark.parametrize("yes", [True, False])
def test_an_occupants_wish_is_answered_by_the_tenant(town: Town, *, yes: bool) -> None:
    town.lives(DENG, comer(MOTHER))
    asked = town.brings(MOTHER, comer(GUEST))
    number = _answers(town, DENG, "occupant", yes=yes)
    assert (town.at(number), town.at(asked)) == (("accepted", "by-rule"), ("accepted", "by-rule"))
    assert town.state(GUEST) == ("active" if yes else "ended")


@pytest.mark.parametrize("yes", [True, False])
def test_an_adult_who_is_to_live_there_answers_for_themselves(town: Town, *, yes: bool) -> None:
    """Whose own card was not read."""
    town.lives(DENG, comer(WIFE, guardian=True))
    assert town.state(WIFE) == "pending"
    number = _answers(town, WIFE, "joining", yes=yes)
    assert (town.at(number), town.state(WIFE)) == (("accepted", "by-rule"), "active" if yes else "ended")


@pytest.mark.parametrize("yes", [True, False])
def test_an_early_end_is_answered_by_everybody_for_themselves(town: Town, *, yes: bool) -> None:
    contract = town.lives(DENG, comer(WIFE))
    asked = town.asks_for_the_end(contract.tenancy_id, day=TODAY + timedelta(days=30))
    _answers(town, DENG, "early-end", yes=True)
    assert town.right(DENG).ends_on == TODAY + timedelta(days=30)
    assert town.contract(contract.tenancy_id).ends_on == contract.ends_on
    _answers(town, WIFE, "early-end", yes=yes)
    assert town.at(asked) == (("accepted", "by-rule") if yes else ("waiting", "objection"))
    assert town.contract(contract.tenancy_id).state.value == ("active" if yes else "disputed")
    assert (town.contract(contract.tenancy_id).ends_on == contract.ends_on) is not yes


def test_a_landlord_and_a_tenant_have_their_receipts_from_records_answer(town: Town) -> None:
    """From the yes on, and after the end; of each other a masked name at most, and of the landlord none."""
    town.owns()
    number = town.rents(comers=(comer(WIFE),))
    assert _case(town, DENG).own.rights[0].registered is None
    _answers(town, LAN, "tenancy", yes=True)
    (own,), (let,) = _case(town, DENG).own.rights, _case(town, LAN).own.let
    assert own.registered == let.registered
    assert own.registered is not None
    assert (own.registered.people, own.registered.renewed, own.registered.ended) == (2, False, False)
    assert _case(town, WIFE).own.rights[0].registered is None, "it is the tenant's"
    town.renews(own.registered.ends_on + timedelta(days=365))
    _answers(town, LAN, "renewal", yes=True)
    (own,) = _case(town, DENG).own.rights
    assert own.registered is not None
    assert own.registered.renewed
    assert number not in own.registered.number
    town.leaves(WIFE)
    town.leaves(DENG)
    ending.note_lapsed(town.records)
    (own,), (let,) = _case(town, DENG).own.rights, _case(town, LAN).own.let
    assert own.registered is not None
    assert let.registered is not None
    assert (own.registered.ended, let.registered.ended, let.registered.people, let.ends) == (True, True, 2, False)


def test_who_bought_a_flat_later_learns_nothing_of_who_lived_there(town: Town) -> None:
    town.lives()
    town.leaves(DENG)
    ending.note_lapsed(town.records)
    with town.records.database.writing() as transaction:
        ownerships.give(transaction, town.flat().dwelling_id, town.person(GUEST), TODAY + timedelta(days=1))
    assert _case(town, GUEST).own.let == ()
    assert len(_case(town, LAN).own.let) == 1
