"""Whose yes it is, tried from the other side: a found card, who is gone, who was never asked, who is hidden."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DataError

from backend_client.contract.intakes import AnswerContent
from backend_client.contract.messages import MessageKind
from backend_client.contract.tenancies import WayKind
from records.rules.intakes import IntakeState
from records.services.intake_opening import content_of
from records.services.tenancies import by_officer, carrying_out, receiving, reminding, silence
from records.services.tenancies.understanding import understand
from records.services.tenancies.work import begun
from records.store import consents, ways
from records.store.consents import Purpose
from tests.support.at_gates import new_card
from tests.support.hidden import hide
from tests.support.records_client import DAUGHTER, DENG, GUEST, LAN, MOTHER, WIFE, Card
from tests.support.tenancies import A_YEAR, DAY_S, TODAY, Town, comer, who

LATER = A_YEAR + timedelta(days=365)
STRANGER = "110101199003070038"


def _faces(town: Town, card: Card) -> tuple[int, int]:
    """The consents of a person that stand, and the faces that open something."""
    person = town.person(card)
    with town.records.database.reading() as transaction:
        standing = consents.standing(transaction, person, Purpose.GATE_FACE)
        opening = ways.open_of(transaction, person, town.clock.now())
    return len(standing), sum(each.kind is WayKind.FACE for each in opening)


def _officer_accepts(town: Town, number: str) -> None:
    row = town.intake(number)
    whose = understand(town.records, content_of(row))
    with town.records.database.writing() as transaction:
        by_officer.decided(begun(town.records, transaction, "chen"), row, content_of(row), whose, IntakeState.ACCEPTED)


# --- a card that was found -------------------------------------------------------------------------------------------


def test_a_found_card_gets_no_renewal_from_silence_and_brings_nobody_along(town: Town) -> None:
    """Whoever found it would be let in by a landlord who says nothing; an officer asks the tenant instead."""
    town.lives()
    number = town.renews(LATER, who=who(DENG, proven=False), comers=(comer(GUEST),))
    assert (town.at(number), town.asked(LAN)) == (("waiting", "unproven"), ())
    town.clock.pass_by(4 * DAY_S)
    assert silence.note_over(town.records) == 0
    assert (town.state(GUEST), town.right(DENG).ends_on) == ("pending", A_YEAR)


def test_a_found_card_may_ask_a_landlord_and_chooses_no_way(town: Town) -> None:
    """What it hands in alone is the holder's own, and waits for a yes; a face is consented to by a face."""
    town.owns()
    chosen: dict[str, Any] = {"ways": (WayKind.FACE,), "notice": "2026-11"}
    number = town.rents(DENG, who=who(DENG, proven=False), **chosen)
    assert (town.at(number), _faces(town, DENG)) == (("under-way", ""), (0, 0))
    town.rents(MOTHER, ("4", "1", "302"), **chosen)
    assert _faces(town, MOTHER) == (1, 1)


def test_a_child_consents_to_no_face_and_no_consent_of_theirs_is_kept(town: Town) -> None:
    town.lives(DENG, comer(DAUGHTER, guardian=True))
    number = town.chooses(DAUGHTER, face=True, notice="2026-11")
    assert _faces(town, DAUGHTER) == (0, 0)
    assert (town.at(number), town.told(DAUGHTER)[-1]) == (
        ("refused", "not-taken"),
        (MessageKind.INTAKE_DECIDED, "refused"),
    )


def test_a_card_of_somebody_else_is_not_taken_and_its_bringer_hears_that(town: Town) -> None:
    """Not whose it is. What was lost is lost, whatever else was asked for with it."""
    town.lives(DENG, comer(WIFE))
    card = new_card()
    assert town.at(town.chooses(DENG, card=card)) == ("accepted", "by-rule")
    assert town.at(town.chooses(WIFE, card=card)) == ("refused", "not-taken")
    with town.records.database.reading() as transaction:
        (own,) = ways.open_of_right(transaction, town.right(DENG).right_id, town.clock.now())
    assert town.at(town.chooses(DENG, lost=(own.way_id,), face=True)) == ("accepted", "by-rule")
    with town.records.database.reading() as transaction:
        assert ways.open_of_right(transaction, town.right(DENG).right_id, town.clock.now()) == []


# --- who is gone -----------------------------------------------------------------------------------------------------


def test_where_the_tenant_is_gone_nobody_is_brought_along(town: Town) -> None:
    """Nobody is left whose yes it takes: then it is an officer's, not everybody's."""
    town.lives(DENG, comer(WIFE))
    town.leaves(DENG)
    number = town.brings(WIFE, comer(GUEST))
    assert (town.at(number), town.rights(GUEST)) == (("waiting", "tenant-gone"), ())
    _officer_accepts(town, number)
    assert town.state(GUEST) == "active"


def test_a_tenant_who_has_left_says_no_yes_for_those_who_stay(town: Town) -> None:
    town.lives(DENG, comer(WIFE))
    town.brings(WIFE, comer(GUEST))
    (ask,) = town.asked(DENG)
    town.leaves(DENG)
    late = AnswerContent(who=who(DENG), ask=ask.ask_id, yes=True)
    assert (town.at(town.hands_in(late)), town.state(GUEST)) == (("refused", "over"), "pending")


def test_a_renewal_without_its_tenant_goes_on_by_nobodys_silence(town: Town) -> None:
    town.lives(DENG, comer(WIFE))
    number = town.renews(LATER)
    town.leaves(DENG)
    town.clock.pass_by(3 * DAY_S)
    silence.note_over(town.records)
    assert (town.at(number), town.right(WIFE).ends_on) == (("waiting", "tenant-gone"), A_YEAR)


def test_whoever_left_by_themselves_disputes_nothing_for_the_others(town: Town) -> None:
    """And holds up nothing: the others' yes is enough."""
    contract = town.lives(DENG, comer(WIFE))
    number = town.asks_for_the_end(contract.tenancy_id)
    (ask,) = town.asked(WIFE)
    town.leaves(WIFE)
    against = AnswerContent(who=who(WIFE), ask=ask.ask_id, yes=False)
    assert (town.at(town.hands_in(against)), town.state(DENG)) == (("refused", "over"), "active")
    town.answers(DENG)
    assert (town.state(DENG), town.at(number)) == ("ended", ("accepted", "by-rule"))


# --- who was never asked ---------------------------------------------------------------------------------------------


def test_an_early_end_ends_nobody_who_came_after_it_was_asked(town: Town) -> None:
    contract = town.lives()
    number = town.asks_for_the_end(contract.tenancy_id, day=TODAY + timedelta(days=30))
    town.brings(DENG, comer(GUEST))
    town.answers(DENG)
    assert (town.at(number), town.right(GUEST).ends_on) == (("waiting", "early-end"), A_YEAR)
    assert town.right(DENG).ends_on == TODAY + timedelta(days=30)


def test_where_children_alone_live_nobody_ends_it_for_them(town: Town) -> None:
    contract = town.lives(DENG, comer(DAUGHTER, guardian=True))
    town.leaves(DENG)
    assert town.at(town.asks_for_the_end(contract.tenancy_id)) == ("waiting", "early-end")
    assert town.state(DAUGHTER) == "active"


def test_an_end_that_comes_no_earlier_asks_nobody(town: Town) -> None:
    contract = town.lives()
    assert town.at(town.asks_for_the_end(contract.tenancy_id, day=A_YEAR)) == ("refused", "over")
    assert town.asked(DENG) == ()


def test_a_grown_up_child_leaves_by_themselves_alone(town: Town) -> None:
    """Whatever the register still says of who was their guardian."""
    town.lives(DENG, comer(DAUGHTER, guardian=True))
    right = town.right(DAUGHTER).right_id
    content = content_of(town.intake(town.leaves(MOTHER, right)))
    parent = next(each for each in (DENG, WIFE, MOTHER) if _ward(town, each))
    with town.records.database.reading():
        understood = understand(town.records, content.model_copy(update={"who": who(parent)}))
    assert understood.wards == {town.person(DAUGHTER)}
    town.clock.pass_by(20 * 366 * DAY_S)
    assert understand(town.records, content.model_copy(update={"who": who(parent)})).wards == frozenset()
    assert town.state(DAUGHTER) == "ended"


def _ward(town: Town, card: Card) -> bool:
    children = town.records.register.children(town.person(card))
    return town.person(DAUGHTER) in {each.person_id for each in children}


def test_a_hidden_childs_right_is_ended_by_no_parent(town: Town) -> None:
    town.lives(DENG, comer(DAUGHTER, guardian=True))
    parent = next(each for each in (DENG, WIFE, MOTHER) if _ward(town, each))
    hide(town.records, DAUGHTER)
    assert town.at(town.leaves(parent, town.right(DAUGHTER).right_id)) == ("refused", "not-theirs")
    assert town.state(DAUGHTER) == "active"


# --- days ------------------------------------------------------------------------------------------------------------


def test_a_contract_that_begins_long_after_the_last_day_is_no_renewal(town: Town) -> None:
    """By silence it would let somebody in whose contract says that they are not there."""
    town.lives()
    far: dict[str, Any] = {"starts_on": (A_YEAR + timedelta(days=60)).isoformat(), "ends_on": LATER.isoformat()}
    town.rents(DENG, **far)
    assert [each.kind.value for each in town.asked(LAN)] == ["tenancy"]
    town.clock.pass_by(3 * DAY_S)
    silence.note_over(town.records)
    assert town.rights(DENG)[0].ends_on == A_YEAR


def test_a_renewal_that_waits_keeps_nobody_who_is_leaving(town: Town) -> None:
    soon = TODAY + timedelta(days=2)
    town.owns()
    town.rents(DENG, ends_on=(TODAY + timedelta(days=3)).isoformat(), comers=(comer(WIFE),))
    town.answers(LAN)
    town.leaves(WIFE, day=soon)
    town.renews(LATER)
    assert (town.right(WIFE).hold_until, town.right(WIFE).ends_on) == (None, soon)
    assert town.right(DENG).hold_until is not None


def test_another_reason_for_an_officer_is_no_way_to_stay_either(town: Town) -> None:
    """After a no, a second renewal holds nothing, whatever else is wrong with it."""
    town.lives()
    number = town.renews(LATER)
    town.answers(LAN, yes=False)
    row = town.intake(number)
    with town.records.database.writing() as transaction:
        by_officer.lapsed(begun(town.records, transaction), row)
    long = town.renews(TODAY + timedelta(days=20 * 365), who=who(DENG, proven=False))
    assert (town.at(long), town.right(DENG).hold_until) == (("waiting", "objection"), None)


def test_a_lease_longer_than_the_policy_says_so(town: Town) -> None:
    """It waits in a queue of its own: nobody else rents the flat."""
    town.owns()
    number = town.rents(ends_on=date(2046, 11, 23).isoformat())
    assert (town.at(number), town.state(DENG)) == (("waiting", "too-long"), "pending")


# --- who is hidden, and who is not known -----------------------------------------------------------------------------


def test_a_hidden_persons_contract_tells_nobody_that_they_are_here(town: Town) -> None:
    """Nor does the contract of somebody whom they come with."""
    town.owns()
    hide(town.records, WIFE)
    numbers = (town.rents(WIFE), town.rents(DENG, comers=(comer(WIFE),)))
    assert {town.at(number) for number in numbers} == {("waiting", "new-without-landlord")}
    assert (town.told(LAN), town.asked(LAN)) == ([], ())


def test_a_late_yes_leaves_the_unknown_comer_to_an_officer(town: Town) -> None:
    """Whatever queue the landlord's silence had put it in meanwhile."""
    town.owns()
    number = town.rents(comers=(comer(GUEST).model_copy(update={"number": STRANGER}),))
    town.clock.pass_by(3 * DAY_S)
    silence.note_over(town.records)
    assert town.at(number) == ("waiting", "new-without-landlord")
    town.answers(LAN)
    assert (town.state(DENG), town.at(number)) == ("active", ("waiting", "unknown-person"))


# --- many ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [ArithmeticError(), DataError("INSERT", {}, ValueError("a NUL byte"))],
    ids=lambda each: type(each).__name__,
)
def test_one_that_nobody_foresaw_holds_up_nothing_behind_it(
    town: Town, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """It goes before an officer; what came behind it is carried out."""
    town.owns()
    real = carrying_out.by_kind
    seen: list[str] = []

    def first_breaks(*given: Any) -> None:
        seen.append(given[1].intake_id)
        if len(seen) == 1:
            raise error
        real(*given)

    monkeypatch.setattr(carrying_out, "by_kind", first_breaks)
    first, second = town.rents(GUEST), town.rents(DENG)
    assert seen == [first, second]
    assert (town.at(first), town.at(second)) == (("waiting", "unknown-person"), ("under-way", ""))
    assert (receiving.carry_out_all(town.records), town.rights(GUEST)) == (0, ())


def test_many_who_were_reminded_keep_nobody_from_being(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest last day is not the oldest contract."""
    monkeypatch.setattr(reminding, "_AT_ONCE", 1)
    town.owns()
    for card, door in ((DENG, ("3", "2", "501")), (GUEST, ("4", "1", "302"))):
        town.owns(LAN, door)
        town.rents(card, door, ends_on=(TODAY + timedelta(days=20)).isoformat())
        town.answers(LAN)
    assert (reminding.remind(town.records), reminding.remind(town.records)) == (2, 0)
    assert MessageKind.TENANCY_ENDS in {kind for kind, _ in town.told(GUEST)}
