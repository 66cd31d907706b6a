"""How a tenancy goes on and how it ends: renewal, silence, an early end, the last day, and an officer's word."""

from datetime import timedelta

from backend_client.contract.messages import MessageKind
from records.rules.intakes import IntakeState
from records.services import intake_lapsing
from records.services.intake_opening import content_of
from records.services.tenancies import by_officer, ending, reminding, silence
from records.services.tenancies.understanding import understand
from records.services.tenancies.work import begun
from records.store import rights
from tests.support.records_client import DENG, GUEST, LAN, MOTHER, WIFE
from tests.support.tenancies import A_YEAR, DAY_S, TODAY, Town, comer

LATER = A_YEAR + timedelta(days=365)


def _officer_says(town: Town, number: str, state: IntakeState) -> None:
    """As the desk's decision does it, without the pages."""
    row = town.intake(number)
    who = understand(town.records, content_of(row))
    with town.records.database.writing() as transaction:
        by_officer.decided(begun(town.records, transaction, "chen"), row, content_of(row), who, state)


def test_a_renewal_goes_on_by_the_landlords_yes(town: Town) -> None:
    """The same right, so that what opens goes on to open; whoever lives there too goes along."""
    town.lives(DENG, comer(WIFE))
    before = town.right(DENG)
    number = town.renews(LATER)
    assert [(each.kind.value, each.goes_on) for each in town.asked(LAN)] == [("renewal", True)]
    assert town.right(DENG).ends_on == A_YEAR
    town.answers(LAN)
    assert (town.right(DENG).right_id, town.right(DENG).ends_on) == (before.right_id, LATER)
    assert (town.right(WIFE).ends_on, town.at(number)) == (LATER, ("accepted", "by-rule"))
    assert town.told(DENG)[-1] == (MessageKind.TENANCY_CHANGED, "goes-on")


def test_three_days_of_silence_let_a_renewal_go_on(town: Town) -> None:
    """And the old right with it, though its last day was over meanwhile."""
    town.owns()
    town.renews(TODAY + timedelta(days=2))
    town.answers(LAN)
    town.renews(LATER)
    town.clock.pass_by(3 * DAY_S - 1)
    assert (silence.note_over(town.records), town.state(DENG)) == (0, "active")
    town.clock.pass_by(1)
    assert silence.note_over(town.records) == 1
    assert (town.state(DENG), town.right(DENG).ends_on, town.asked(LAN)) == ("active", LATER, ())


def test_silence_about_a_new_tenancy_lets_nobody_in(town: Town) -> None:
    """An officer decides; until then the landlord may still say yes."""
    town.owns()
    number = town.rents()
    town.clock.pass_by(3 * DAY_S)
    assert silence.note_over(town.records) == 1
    assert (town.at(number), town.state(DENG)) == (("waiting", "new-without-landlord"), "pending")
    assert silence.note_over(town.records) == 0
    town.answers(LAN)
    assert (town.at(number), town.state(DENG)) == (("accepted", "by-rule"), "active")


def test_a_landlords_no_leaves_the_old_right_to_its_day(town: Town) -> None:
    town.lives()
    number = town.renews(LATER)
    assert town.right(DENG).hold_until is not None
    town.answers(LAN, yes=False)
    assert (town.at(number), town.right(DENG).hold_until) == (("waiting", "objection"), None)
    assert (town.state(DENG), town.right(DENG).ends_on) == ("active", A_YEAR)
    town.clock.pass_by(4 * DAY_S)
    assert silence.note_over(town.records) == 0


def test_waiting_is_no_way_to_stay(town: Town) -> None:
    """A second renewal after a no holds nothing, and asks nobody again."""
    town.lives()
    number = town.renews(LATER)
    town.answers(LAN, yes=False)
    _officer_says(town, number, IntakeState.REFUSED)
    again = town.renews(LATER)
    assert (town.at(again), town.right(DENG).hold_until, town.asked(LAN)) == (("waiting", "objection"), None, ())


def test_an_early_end_takes_everybodys_own_yes(town: Town) -> None:
    contract = town.lives(DENG, comer(WIFE))
    number = town.asks_for_the_end(contract.tenancy_id)
    town.answers(DENG)
    assert (town.state(DENG), town.state(WIFE)) == ("ended", "active")
    town.answers(WIFE)
    assert (town.state(WIFE), town.at(number)) == ("ended", ("accepted", "by-rule"))
    assert town.contract(contract.tenancy_id).state.value == "ended"


def test_an_objection_leaves_everything_as_it_was(town: Town) -> None:
    """Until an officer has decided; both sides hear of it."""
    contract = town.lives(DENG, comer(WIFE))
    number = town.asks_for_the_end(contract.tenancy_id)
    town.answers(DENG, yes=False, proven=False)
    assert (town.at(number), town.state(DENG), town.state(WIFE)) == (("waiting", "objection"), "disputed", "disputed")
    assert town.told(DENG)[-1] == (MessageKind.TENANCY_CHANGED, "disputed")
    _officer_says(town, number, IntakeState.REFUSED)
    assert (town.state(DENG), town.right(DENG).ends_on, town.asked(WIFE)) == ("active", A_YEAR, ())


def test_nobodys_silence_ends_anything(town: Town) -> None:
    contract = town.lives()
    number = town.asks_for_the_end(contract.tenancy_id)
    town.clock.pass_by(2 * DAY_S)
    assert silence.note_over(town.records) == 1
    assert (town.at(number), town.state(DENG)) == (("waiting", "early-end"), "active")
    _officer_says(town, number, IntakeState.ACCEPTED)
    assert (town.state(DENG), town.right(DENG).ended_why) == ("ended", "officer")


def test_an_officers_yes_stands_for_the_landlords(town: Town) -> None:
    number = town.rents(comers=(comer(WIFE),))
    _officer_says(town, number, IntakeState.ACCEPTED)
    assert (town.state(DENG), town.state(WIFE)) == ("active", "active")


def test_an_officers_no_ends_what_never_began(town: Town) -> None:
    number = town.rents(comers=(comer(WIFE),))
    _officer_says(town, number, IntakeState.REFUSED)
    assert (town.state(DENG), town.state(WIFE)) == ("ended", "ended")
    assert town.told(DENG)[-1] == (MessageKind.TENANCY_CHANGED, "refused")


def test_what_nobody_decides_lapses_with_its_intake(town: Town) -> None:
    number = town.rents()
    town.clock.pass_by((town.records.settings.intakes.open_days + 1) * DAY_S)
    intake_lapsing.lapse(town.records)
    assert (town.intake(number).state, town.state(DENG)) == (IntakeState.LAPSED, "ended")


def test_the_last_day_and_then_the_grace_end_a_right(town: Town) -> None:
    """The gate knows it by itself; records note it."""
    contract = town.lives()
    town.clock.pass_by(365 * DAY_S)
    assert (town.state(DENG), ending.note_lapsed(town.records)) == ("active", 0)
    town.clock.pass_by(DAY_S)
    assert (town.state(DENG), ending.note_lapsed(town.records)) == ("grace", 0)
    town.clock.pass_by(7 * DAY_S)
    assert (town.state(DENG), ending.note_lapsed(town.records)) == ("ended", 1)
    assert (town.right(DENG).ended_why, town.contract(contract.tenancy_id).state.value) == ("day", "ended")
    assert town.told(DENG)[-1] == (MessageKind.TENANCY_CHANGED, "ended")


def test_a_right_that_was_held_is_over_on_the_day_after_for_gates_and_records_alike(town: Town) -> None:
    """It is not held and then given a grace."""
    town.lives()
    with town.records.database.writing() as transaction:
        assert rights.update(transaction, town.right(DENG), hold_until=A_YEAR + timedelta(days=20))
    town.clock.pass_by((365 + 20) * DAY_S)
    assert (town.state(DENG), ending.note_lapsed(town.records)) == ("active", 0)
    town.clock.pass_by(DAY_S)
    assert (town.state(DENG), ending.note_lapsed(town.records)) == ("ended", 1)


def test_whoever_is_in_grace_gives_the_right_up_at_once(town: Town) -> None:
    """A day that is still to come is none of theirs."""
    town.lives()
    town.clock.pass_by(367 * DAY_S)
    assert town.state(DENG) == "grace"
    assert town.at(town.leaves(DENG, day=A_YEAR + timedelta(days=4))) == ("refused", "over")
    assert town.at(town.leaves(DENG, day=A_YEAR + timedelta(days=2))) == ("accepted", "by-rule")
    assert (town.state(DENG), town.right(DENG).ended_why) == ("ended", "left")


def test_both_sides_are_reminded_thirty_seven_and_one_days_before(town: Town) -> None:
    """Each once, whatever hours records were away."""
    town.lives()
    for passed, left in ((334, None), (1, "30"), (2, None), (21, "7"), (6, "1"), (1, None)):
        town.clock.pass_by(passed * DAY_S)
        assert reminding.remind(town.records) == (1 if left else 0)
        assert reminding.remind(town.records) == 0
        if left:
            assert town.told(DENG)[-1] == town.told(LAN)[-1] == (MessageKind.TENANCY_ENDS, left)


def test_a_tenant_who_came_by_an_officer_is_renewed_by_one_where_no_owner_is_known(town: Town) -> None:
    """Nobody's silence counts who was not asked; what there was goes on until it is decided."""
    number = town.rents()
    _officer_says(town, number, IntakeState.ACCEPTED)
    again = town.renews(LATER)
    assert town.at(again) == ("waiting", "new-without-landlord")
    held = town.right(DENG).hold_until
    assert held is not None
    assert held > TODAY
    town.clock.pass_by(4 * DAY_S)
    assert (silence.note_over(town.records), town.right(DENG).ends_on) == (0, A_YEAR)


def test_somebody_who_was_asked_and_says_nothing_never_comes(town: Town) -> None:
    town.lives(DENG, comer(MOTHER))
    town.brings(MOTHER, comer(GUEST))
    town.clock.pass_by((town.records.settings.intakes.open_days + 1) * DAY_S)
    assert silence.note_over(town.records) == 1
    assert town.state(GUEST) == "ended"
