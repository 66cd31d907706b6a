"""Who lives there too, ways in, codes, and leaving: tables of what follows what."""

from dataclasses import replace
from datetime import date

import pytest

from civic.masking import Personal
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows import tenancy_case as shared
from kiosk.flows import tenancy_codes as codes
from kiosk.flows import tenancy_leaving as leaving
from kiosk.flows import tenancy_people as people
from kiosk.flows import tenancy_ways as ways
from kiosk.flows.base import Command, Event, State
from kiosk.flows.contents import Departure, NewCard, Ways
from kiosk.flows.day_entry import DayEntry
from kiosk.flows.hand_in import Slip, SlipEnded
from kiosk.presenters.gallery_intakes import WHO
from kiosk.presenters.gallery_tenancy import CASE, FACE, FLAT, LET, RIGHT
from kiosk.presenters.gallery_tenancy_deeds import COMERS, GUEST_CODE, MOVE_IN_SLIP

Row = tuple[State, Event, type[State], tuple[type[Command], ...]]
PARTY = people.Party(WHO, CASE.today, alone=True)
FULL = replace(PARTY, comers=COMERS)
CHILD, ADULT = replace(COMERS[1], guardian=False), COMERS[0]
FOREIGN = replace(ADULT, foreign=True)

PEOPLE: list[Row] = [
    (people.ListingPeople(PARTY), people.ComerAsked(), people.LookingAtReader, (h.LookAtReader,)),
    (people.ListingPeople(PARTY), h.WentOn(), people.ListingPeople, ()),
    (people.ListingPeople(replace(PARTY, alone=False)), h.WentOn(), people.Gathered, ()),
    (people.ListingPeople(FULL), h.WentOn(), people.Gathered, ()),
    (people.ListingPeople(FULL), people.ComerLeftOut(), people.ListingPeople, ()),
    (people.ListingPeople(FULL), h.WentBack(), people.GivenUp, ()),
    (people.LookingAtReader(PARTY), h.CardLying(), people.LiftingCard, (h.WaitForLift,)),
    (people.LookingAtReader(PARTY), h.ReaderEmpty(), people.AwaitingCard, (h.ReadNextCard,)),
    (people.LiftingCard(PARTY), h.CardLifted(), people.AwaitingCard, (h.ReadNextCard,)),
    (people.AwaitingCard(PARTY), h.CardRead(ADULT.document), people.CheckingComer, (people.CheckComer,)),
    (people.AwaitingCard(PARTY), h.CardNotRead("moved"), people.ListingPeople, ()),
    (people.AwaitingCard(PARTY), h.WentBack(), people.ListingPeople, (h.StopJobs,)),
    (people.AwaitingCard(PARTY), h.ReaderFailed("device-timeout"), people.ListingPeople, ()),
    (people.CheckingComer(PARTY), people.ComerRead(ADULT), people.ListingPeople, ()),
    (people.CheckingComer(PARTY), people.ComerRead(CHILD), people.AskingGuardian, ()),
    (people.CheckingComer(PARTY), people.ComerRead(FOREIGN), people.EnteringArrival, ()),
    (people.CheckingComer(PARTY), people.ComerUnfit("card-expired"), people.ListingPeople, ()),
    (people.CheckingComer(PARTY), h.JobFailed("unexpected"), people.ListingPeople, ()),
    (people.AskingGuardian(PARTY, CHILD), h.WentBack(), people.ListingPeople, ()),
    (people.EnteringArrival(PARTY, FOREIGN), who.EntryFinished(), people.EnteringArrival, ()),
    (people.EnteringArrival(PARTY, FOREIGN, DayEntry("20261120")), who.EntryFinished(), people.ListingPeople, ()),
    (people.EnteringArrival(PARTY, FOREIGN), h.WentBack(), people.ListingPeople, ()),
]

FACED = shared.Flat(CASE, replace(RIGHT, ways=(FACE,)))
BARE = shared.Flat(CASE, replace(RIGHT, ways=()))
SHUT = shared.Flat(replace(CASE, shut=("ways",)), RIGHT)
NOT_YET = shared.Flat(CASE, replace(RIGHT, choosing=False))
CARD = NewCard("4F2A", public_key="a2V5")

WAYS: list[Row] = [
    (ways.ListingWays(FLAT), ways.CardAsked(), ways.AwaitingAccessCard, (ways.ReadAccessCard,)),
    (ways.ListingWays(SHUT), ways.CardAsked(), ways.ListingWays, ()),
    (ways.ListingWays(NOT_YET), ways.CardAsked(), ways.ListingWays, ()),
    (ways.ListingWays(FLAT), ways.LinkAsked(), ways.AskingLink, (ways.AskPhoneLink,)),
    (ways.ListingWays(FLAT), ways.FaceAsked(), ways.ReadingFaceNotice, ()),
    (ways.ListingWays(FACED), ways.FaceAsked(), ways.ConfirmingWithdrawal, ()),
    (ways.ListingWays(FLAT), ways.LossAsked(), ways.ChoosingLost, ()),
    (ways.ListingWays(FACED), ways.LossAsked(), ways.ListingWays, ()),
    (ways.ListingWays(FLAT, 2), h.WentOn(), shared.Back, ()),
    (ways.ListingWays(BARE), h.WentBack(), shared.Back, ()),
    (ways.AwaitingAccessCard(FLAT), ways.AccessCardRead(CARD), ways.ConfirmingCard, ()),
    (ways.AwaitingAccessCard(FLAT), ways.AccessCardUnfit("weak"), ways.ListingWays, ()),
    (ways.AwaitingAccessCard(FLAT), h.JobFailed("unexpected"), ways.ListingWays, ()),
    (ways.AwaitingAccessCard(FLAT), h.WentBack(), ways.ListingWays, (h.StopJobs,)),
    (ways.ConfirmingCard(FLAT, CARD), h.WentBack(), ways.ListingWays, ()),
    (ways.AskingLink(FLAT), ways.PhoneLinkMade("u"), ways.ShowingLink, ()),
    (ways.AskingLink(FLAT), ways.PhoneLinkNotMade("no-link"), ways.ListingWays, ()),
    (ways.AskingLink(FLAT), h.JobFailed("unexpected"), ways.ListingWays, ()),
    (ways.ShowingLink(FLAT, "u"), h.WentOn(), shared.Outdated, ()),
    (ways.ReadingFaceNotice(FLAT), shared.Answered(yes=False), ways.ListingWays, ()),
    (ways.ReadingFaceNotice(FLAT), h.WentBack(), ways.ListingWays, ()),
    (ways.ConfirmingWithdrawal(FACED), h.WentBack(), ways.ListingWays, ()),
    (ways.ChoosingLost(FLAT), ways.LostChosen("c1"), ways.ConfirmingLost, ()),
    (ways.ChoosingLost(FLAT), ways.LostChosen("nobody's"), ways.ChoosingLost, ()),
    (ways.ChoosingLost(FLAT), h.WentBack(), ways.ListingWays, ()),
    (ways.ConfirmingLost(FLAT, RIGHT.ways[0]), h.WentBack(), ways.ChoosingLost, ()),
]

CODES: list[Row] = [
    (codes.ChoosingGuestDay(FLAT), shared.DayChosen(2), codes.MakingGuestCode, (codes.MakeGuestCode,)),
    (codes.ChoosingGuestDay(FLAT), shared.DayChosen(3), codes.ChoosingGuestDay, ()),
    (codes.MakingGuestCode(FLAT), codes.GuestCodeMade(GUEST_CODE), codes.ShowingGuestCode, ()),
    (codes.MakingGuestCode(FLAT), codes.NothingMade("too-many"), codes.NotMade, ()),
    (codes.MakingGuestCode(FLAT), h.JobFailed("unexpected"), codes.NotMade, ()),
    (codes.ShowingGuestCode(FLAT, GUEST_CODE), codes.PrintAsked(), codes.ShowingGuestCode, (codes.PrintGuestCode,)),
    (codes.ShowingGuestCode(FLAT, GUEST_CODE, Slip.STRIP), codes.PrintAsked(), codes.ShowingGuestCode, ()),
    (codes.ShowingGuestCode(FLAT, GUEST_CODE, Slip.PRINTING), h.WentOn(), codes.ShowingGuestCode, ()),
    (codes.ShowingGuestCode(FLAT, GUEST_CODE, Slip.STRIP), h.WentOn(), shared.Outdated, ()),
    (codes.MakingSlip(FLAT), codes.SlipMade(MOVE_IN_SLIP), codes.ShowingSlip, (codes.PrintMoveInSlip,)),
    (codes.MakingSlip(FLAT), codes.NothingMade("not-now"), codes.NotMade, ()),
    (codes.MakingSlip(FLAT), h.JobFailed("unexpected"), codes.NotMade, ()),
    (codes.ShowingSlip(FLAT, MOVE_IN_SLIP), h.WentOn(), codes.ShowingSlip, ()),
    (codes.ShowingSlip(FLAT, MOVE_IN_SLIP, Slip.NONE), h.WentOn(), shared.Outdated, ()),
    (codes.NotMade(FLAT, "no-link"), h.WentOn(), shared.Back, ()),
]

OWN = leaving.Leave(CASE, RIGHT.address, RIGHT.ends_on, right=RIGHT.ref)
LETTING = leaving.Leave(CASE, LET.address, LET.ends_on, tenancy=LET.ref)
LEAVING: list[Row] = [
    (leaving.ReadingMeaning(OWN), h.WentOn(), leaving.ChoosingDay, ()),
    (leaving.ReadingMeaning(OWN), h.WentBack(), shared.Back, ()),
    (leaving.ChoosingDay(OWN), shared.DayChosen(0), leaving.ReadingOver, ()),
    (leaving.ChoosingDay(OWN), shared.OtherDayAsked(), leaving.EnteringDay, ()),
    (leaving.ChoosingDay(OWN), h.WentBack(), leaving.ReadingMeaning, ()),
    (leaving.EnteringDay(OWN, DayEntry("20261201")), who.EntryFinished(), leaving.ReadingOver, ()),
    (leaving.EnteringDay(OWN), who.EntryFinished(), leaving.EnteringDay, ()),
    (leaving.EnteringDay(OWN), h.WentBack(), leaving.ChoosingDay, ()),
    (leaving.ReadingOver(OWN, date(2026, 12, 1)), h.WentBack(), leaving.ChoosingDay, ()),
]
_ADVANCE = {module.__name__: module.advance for module in (people, ways, codes, leaving)}


@pytest.mark.parametrize(("state", "event", "after", "commands"), [*PEOPLE, *WAYS, *CODES, *LEAVING])
def test_each_event_leads_where_the_tables_say(
    state: State, event: Event, after: type[State], commands: tuple[type[Command], ...]
) -> None:
    step = _ADVANCE[type(state).__module__](state, event)
    assert isinstance(step.state, after)
    assert tuple(type(each) for each in step.commands) == commands


# --- who lives there too ---------------------------------------------------------------------------------------------


def test_nobody_is_put_down_twice_or_by_their_own_hand() -> None:
    listed = people.advance(people.CheckingComer(FULL), people.ComerRead(ADULT)).state
    assert listed == people.ListingPeople(FULL, "twice")
    own = replace(ADULT, number=WHO.number)
    assert people.advance(people.CheckingComer(PARTY), people.ComerRead(own)).state == people.ListingPeople(
        PARTY, "own-card"
    )


@pytest.mark.parametrize("yes", [True, False])
def test_a_child_stands_with_the_answer_that_was_given(yes: bool) -> None:
    """Whoever is not their guardian goes on all the same: the guardian is asked."""
    listed = people.advance(people.AskingGuardian(PARTY, CHILD), shared.Answered(yes)).state
    assert listed == people.ListingPeople(replace(PARTY, comers=(replace(CHILD, guardian=yes),)))


def test_somebody_from_abroad_stands_with_the_day_of_their_arrival() -> None:
    entered = people.EnteringArrival(PARTY, FOREIGN, DayEntry("20261120"))
    listed = people.advance(entered, who.EntryFinished()).state
    assert isinstance(listed, people.ListingPeople)
    assert listed.party.comers == (replace(ADULT, arrived_on=date(2026, 11, 20)),)
    typed = people.advance(people.EnteringArrival(PARTY, FOREIGN, DayEntry("2026112")), who.KeyPressed(Personal("9")))
    assert isinstance(typed.state, people.EnteringArrival)
    assert typed.state.entry.wrong


def test_a_flat_takes_no_more_than_records_do() -> None:
    crowd = replace(PARTY, comers=(ADULT,) * 20)
    assert people.advance(people.ListingPeople(crowd), people.ComerAsked()).state == people.ListingPeople(crowd)


# --- ways ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "event", "content", "about"),
    [
        (ways.ConfirmingCard(FLAT, CARD), h.DataConfirmed(), Ways(WHO, RIGHT.ref, card=CARD), "card"),
        (ways.ReadingFaceNotice(FLAT), shared.Answered(yes=True), Ways(WHO, RIGHT.ref, face=True), "face"),
        (ways.ConfirmingWithdrawal(FACED), h.DataConfirmed(), Ways(WHO, RIGHT.ref, face=False), "no-face"),
        (ways.ConfirmingLost(FLAT, RIGHT.ways[0]), h.DataConfirmed(), Ways(WHO, RIGHT.ref, lost=("c1",)), "lost"),
    ],
)
def test_one_way_at_a_time_is_handed_in(state: ways.Here, event: Event, content: Ways, about: str) -> None:
    assert ways.advance(state, event).state == shared.Ready(content, about)


def test_a_face_is_withdrawn_and_everything_else_is_reported_lost() -> None:
    both = shared.Flat(CASE, replace(RIGHT, ways=(*RIGHT.ways, FACE)))
    assert FACE not in ways.ChoosingLost(both).losable
    assert len(ways.ChoosingLost(both).losable) == len(RIGHT.ways)


def test_a_face_that_no_gate_offers_is_not_asked_for_but_can_be_withdrawn() -> None:
    nowhere = replace(CASE, own=replace(CASE.own, face=False))
    listing = ways.ListingWays(shared.Flat(nowhere, RIGHT))
    assert ways.advance(listing, ways.FaceAsked()).state == listing
    faced = ways.ListingWays(shared.Flat(nowhere, FACED.right))
    assert isinstance(ways.advance(faced, ways.FaceAsked()).state, ways.ConfirmingWithdrawal)


# --- codes, leaving --------------------------------------------------------------------------------------------------


def test_a_guest_comes_on_the_day_that_was_chosen() -> None:
    step = codes.advance(codes.ChoosingGuestDay(FLAT), shared.DayChosen(1))
    assert step.commands == (codes.MakeGuestCode(RIGHT.ref, date(2026, 11, 23)),)


@pytest.mark.parametrize("event", [SlipEnded(Slip.NONE), h.JobFailed("unexpected")])
def test_a_print_that_does_not_come_out_loses_nothing(event: Event) -> None:
    slip = codes.advance(codes.ShowingSlip(FLAT, MOVE_IN_SLIP), event).state
    assert slip == codes.ShowingSlip(FLAT, MOVE_IN_SLIP, Slip.NONE)
    code = codes.advance(codes.ShowingGuestCode(FLAT, GUEST_CODE, Slip.PRINTING), event).state
    assert code == codes.ShowingGuestCode(FLAT, GUEST_CODE, Slip.NONE)


def test_a_tenant_gives_up_their_right_and_a_landlord_asks_for_the_tenancy() -> None:
    day = date(2026, 12, 1)
    own = leaving.advance(leaving.ReadingOver(OWN, day), h.DataConfirmed()).state
    assert own == shared.Ready(Departure(WHO, day, right=RIGHT.ref), "leave")
    let = leaving.advance(leaving.ReadingOver(LETTING, day), h.DataConfirmed()).state
    assert let == shared.Ready(Departure(WHO, day, tenancy=LET.ref), "end")


def test_nobody_leaves_yesterday_or_after_the_last_day() -> None:
    for text in ("20261121", "20261221"):
        here: leaving.Next = leaving.EnteringDay(OWN)
        for key in text:
            assert isinstance(here, leaving.EnteringDay)
            here = leaving.advance(here, who.KeyPressed(Personal(key))).state
        assert isinstance(here, leaving.EnteringDay)
        assert here.entry.day is None
