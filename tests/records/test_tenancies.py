"""A tenancy from the hand-in to its end: who is asked, what a yes does, and what goes before an officer."""

from datetime import timedelta
from typing import Any

from backend_client.contract.intakes import TenancyContent
from backend_client.contract.messages import MessageKind
from backend_client.contract.tenancies import RightKind
from records.services.tenancies import receiving
from tests.support.hidden import hide
from tests.support.intakes import Outbox, rules_of, send
from tests.support.records_client import CHANGED, DAUGHTER, DENG, GUEST, LAN, MOTHER, RARE, SENIOR, WIFE
from tests.support.tenancies import A_YEAR, DOOR, OTHER_DOOR, TODAY, Town, comer, who

STRANGER = "110101199003070038"


def test_a_tenancy_begins_by_its_landlords_yes(town: Town) -> None:
    """It waits until then, and opens nothing."""
    town.owns()
    number = town.rents()
    assert (town.state(DENG), town.at(number)) == ("pending", ("under-way", ""))
    assert [each.kind.value for each in town.asked(LAN)] == ["tenancy"]
    assert {kind for kind, _ in town.told(LAN)} == {MessageKind.FLAT_TOLD, MessageKind.TENANCY_ASKED}
    answer = town.answers(LAN)
    assert (town.state(DENG), town.kinds(DENG)) == ("active", [RightKind.TENANT])
    assert (town.at(number), town.at(answer)) == (("accepted", "by-rule"), ("accepted", "by-rule"))
    assert town.told(DENG) == [(MessageKind.TENANCY_CHANGED, "began")]
    assert town.right(DENG).ends_on == A_YEAR


def test_of_several_owners_any_ones_yes_is_enough(town: Town) -> None:
    """Nobody else has to answer any more; one no alone decides nothing."""
    for owner in (LAN, MOTHER, GUEST):
        town.owns(owner)
    town.rents()
    town.answers(MOTHER, yes=False)
    assert town.state(DENG) == "pending"
    town.answers(GUEST)
    assert (town.state(DENG), town.asked(LAN)) == ("active", ())


def test_where_every_owner_says_no_an_officer_decides(town: Town) -> None:
    town.owns()
    number = town.rents()
    town.answers(LAN, yes=False)
    assert (town.at(number), town.state(DENG)) == (("waiting", "new-without-landlord"), "pending")


def test_what_no_rule_can_decide_stands_in_its_queue(town: Town) -> None:
    """Nobody is asked whom records do not know as the owner."""
    town.owns(LAN, OTHER_DOOR)
    cases = {
        town.rents(): "new-without-landlord",
        town.rents(LAN, OTHER_DOOR): "overlap",
        town.rents(door=("99", "9", "999")): "unknown-dwelling",
        town.rents(DAUGHTER, OTHER_DOOR): "minor",
    }
    assert {town.at(number) for number in cases} == {("waiting", queue) for queue in cases.values()}
    assert [town.at(number)[1] for number in cases] == list(cases.values())
    assert town.asked(LAN) == ()


def test_who_is_hidden_or_whose_landlord_is_goes_before_an_officer(town: Town) -> None:
    """Nobody hears from us that they are here."""
    town.owns()
    hide(town.records, DENG)
    assert town.at(town.rents()) == ("waiting", "new-without-landlord")
    assert town.asked(LAN) == ()


def test_a_flat_that_somebody_rents_is_not_let_twice(town: Town) -> None:
    """The landlord is not even asked; days that do not meet do no harm."""
    town.lives()
    assert town.at(town.rents(GUEST)) == ("waiting", "overlap")
    later: dict[str, Any] = {
        "starts_on": (A_YEAR + timedelta(days=1)).isoformat(),
        "ends_on": (A_YEAR + timedelta(days=90)).isoformat(),
    }
    assert town.at(town.rents(MOTHER, **later)) == ("under-way", "")


def test_two_who_wait_for_one_flat_are_not_both_let_in(town: Town) -> None:
    town.owns()
    first, second = town.rents(DENG), town.rents(GUEST)
    town.answers(LAN)
    town.answers(LAN)
    assert (town.at(first), town.at(second)) == (("accepted", "by-rule"), ("waiting", "overlap"))
    assert (town.state(DENG), town.state(GUEST)) == ("active", "pending")


def test_who_comes_along_comes_by_their_own_document(town: Town) -> None:
    """A child by its guardian's word, if the register has them as that; a name alone brings nobody."""
    child = comer(DAUGHTER, guardian=True)
    contract = town.lives(DENG, comer(WIFE), child)
    assert (town.state(WIFE), town.state(DAUGHTER)) == ("active", "active")
    assert {each.tenancy_id for each in (town.right(WIFE), town.right(DAUGHTER))} == {contract.tenancy_id}
    assert town.kinds(WIFE) == [RightKind.OCCUPANT]


def test_somebody_whom_nobody_here_knows_holds_up_nobody_else(town: Town) -> None:
    """The tenant walks in; for the other an officer looks."""
    town.owns()
    number = town.rents(comers=(comer(WIFE).model_copy(update={"number": STRANGER}),))
    town.answers(LAN)
    assert (town.state(DENG), town.at(number)) == ("active", ("waiting", "unknown-person"))


def test_another_ones_child_is_an_officers_matter(town: Town) -> None:
    town.lives(GUEST)
    number = town.brings(GUEST, comer(DAUGHTER, guardian=True))
    assert (town.at(number), town.rights(DAUGHTER)) == (("waiting", "minor"), ())


def test_an_adult_who_is_said_to_be_a_child_is_asked_themselves(town: Town) -> None:
    town.lives()
    number = town.brings(DENG, comer(WIFE, guardian=True))
    assert (town.state(WIFE), town.at(number)) == ("pending", ("under-way", ""))
    town.answers(WIFE)
    assert (town.state(WIFE), town.at(number)) == ("active", ("accepted", "by-rule"))


def test_the_tenant_brings_somebody_and_the_landlord_is_told(town: Town) -> None:
    town.lives()
    number = town.brings(DENG, comer(GUEST))
    assert (town.state(GUEST), town.at(number)) == ("active", ("accepted", "by-rule"))
    assert town.told(LAN)[-1] == (MessageKind.FLAT_TOLD, "")


def test_an_occupants_wish_asks_the_tenant(town: Town) -> None:
    town.lives(DENG, comer(WIFE))
    town.brings(WIFE, comer(GUEST))
    assert (town.state(GUEST), [each.kind.value for each in town.asked(DENG)]) == ("pending", ["occupant"])
    town.answers(DENG, yes=False)
    assert town.state(GUEST) == "ended"


def test_more_people_than_the_policy_wants_are_told_and_live_there(town: Town) -> None:
    town.lives(DENG, *map(comer, (WIFE, MOTHER, GUEST)))
    town.brings(DENG, *map(comer, (CHANGED, RARE, SENIOR)))
    assert [town.state(each) for each in (CHANGED, RARE, SENIOR)] == ["active"] * 3
    assert town.deeds("flat-too-many")


def test_an_occupant_goes_by_themselves_and_takes_nobody_along(town: Town) -> None:
    town.lives(DENG, comer(WIFE))
    town.leaves(WIFE)
    assert (town.state(WIFE), town.state(DENG)) == ("ended", "active")


def test_when_the_tenant_leaves_the_others_stay_to_the_contracts_day(town: Town) -> None:
    contract = town.lives(DENG, comer(WIFE))
    town.leaves(DENG, day=TODAY + timedelta(days=3))
    assert (town.state(DENG), town.right(DENG).ends_on) == ("active", TODAY + timedelta(days=3))
    assert (town.right(WIFE).ends_on, town.contract(contract.tenancy_id).state.value) == (A_YEAR, "active")


def test_a_later_day_than_ones_own_is_no_way_to_stay(town: Town) -> None:
    town.lives()
    assert town.at(town.leaves(DENG, day=A_YEAR + timedelta(days=1))) == ("refused", "over")
    assert town.right(DENG).ends_on == A_YEAR


def test_what_was_not_begun_can_be_withdrawn_whole(town: Town) -> None:
    town.owns()
    number = town.rents(DENG, comers=(comer(WIFE),))
    town.leaves(DENG)
    assert (town.state(DENG), town.state(WIFE), town.at(number)) == ("ended", "ended", ("refused", "over"))
    assert town.asked(LAN) == ()


def test_an_intake_that_comes_twice_is_carried_out_once(town: Town) -> None:
    town.lives()
    deeds = len(town.deeds())
    assert receiving.carry_out_all(town.records) == 0
    assert (len(town.deeds()), len(town.rights(DENG))) == (deeds, 1)
    assert town.at(town.rents()) == ("refused", "over")


def test_a_contract_that_is_over_or_waits_already_is_refused(town: Town) -> None:
    town.owns()
    assert town.at(town.rents(starts_on="2025-01-01", ends_on="2025-12-31")) == ("refused", "over")
    town.rents()
    assert town.at(town.rents()) == ("refused", "handed-in-twice")


def test_a_card_that_was_found_lets_nobody_in_and_gives_nothing_up(town: Town) -> None:
    """Whose face nobody compared, an officer asks; a no needs no proof."""
    town.owns()
    town.rents()
    assert town.at(town.answers(LAN, proven=False)) == ("waiting", "unproven")
    town.answers(LAN)
    cases = (
        town.brings(DENG, comer(GUEST), proven=False),
        town.leaves(DENG, proven=False),
        town.chooses(DENG, proven=False, face=False),
    )
    assert {town.at(number) for number in cases} == {("waiting", "unproven")}
    assert (town.state(DENG), town.rights(GUEST)) == ("active", ())


def test_the_audit_names_nobody(town: Town) -> None:
    town.lives(DENG, comer(WIFE))
    said = repr(town.deeds())
    people = (DENG, LAN, WIFE)
    assert not any(each.name in said or each.id_number in said or town.person(each) in said for each in people)
    assert town.flat(DOOR).address not in said


def test_days_that_are_none_are_rejected_as_they_arrive(town: Town) -> None:
    outbox = Outbox(rules_of(town.records), town.clock.now())
    ref = "0" * 32
    bad = [("2026-02-30", "2026-12-01"), ("2026-12-02", "2026-12-01"), ("2026-12-01", "2096-12-01")]
    bad += [("9979-12-20", "9999-12-30"), ("9999-01-01", "9999-12-31")]
    items = [outbox.item(TenancyContent(who=who(DENG), right=ref, starts_on=a, ends_on=b)) for a, b in bad]
    assert send(town.kiosk, items) == [("rejected", "intake-content")] * len(bad)
