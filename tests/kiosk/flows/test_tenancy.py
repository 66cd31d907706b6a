"""租房与门禁: a table of what follows what; nothing before the proof, and without a link nothing but a lease."""

from dataclasses import replace
from datetime import date

import pytest

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows import claim, contents, declaration, ending, hand_in, proof, tenancy, touches, visit
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows import tenancy_case as shared
from kiosk.flows import tenancy_codes as codes
from kiosk.flows import tenancy_draft as lease
from kiosk.flows import tenancy_leaving as leaving
from kiosk.flows import tenancy_mine as mine
from kiosk.flows import tenancy_people as people
from kiosk.flows import tenancy_places as flow
from kiosk.flows import tenancy_ways as ways
from kiosk.flows.base import Command, Event, State
from kiosk.flows.readiness import ABOUT_FLATS, NOTICES, Readiness
from kiosk.flows.tenancy_case import Flat
from kiosk.flows.tenancy_receipts import PrintReceipt, ReceiptAsked, ShowingReceipt
from kiosk.flows.tenancy_told import LetFlat, Own, OwnRight
from kiosk.presenters.gallery_intakes import RECEIPT, WHO
from kiosk.presenters.gallery_tenancy import ASKS, AWAY, CASE, COMING, FLAT, LET, OWN, OWNER, PENDING, RIGHT
from kiosk.presenters.gallery_tenancy_deeds import COMERS, GUEST_CODE, MOVE_IN_SLIP

OFFERS = COMING.offers
UNLINKED = flow.Coming(OFFERS, linked=False)
PROOF = proof.Case(who.Claim(DocumentKind.RESIDENT_CARD), face_works=True, officer=True)
FACED = who.FaceDecided(who.FaceResult.PASSED)
JOINING = contents.Joining(WHO, RIGHT.ref, COMERS)
ANSWER = mine.ReadingAnswerOver(CASE, ASKS[0], yes=False)
LEAVE = leaving.Leave(CASE, RIGHT.address, RIGHT.ends_on, right=RIGHT.ref)
NEW_CARD = contents.NewCard("4F2A", public_key="a2V5")


def at(state: mine.Here) -> flow.Choosing:
    return flow.Choosing(COMING, state)


def kept(state: hand_in.Here, coming: flow.Coming = COMING) -> flow.HandingIn:
    return flow.HandingIn(coming, "answer", state)


TABLE: list[tuple[flow.Here, Event, type[State], tuple[type[Command], ...]]] = [
    (flow.ReadingNotice(COMING), h.NoticeAccepted(), flow.Claiming, ()),
    (flow.ReadingNotice(COMING), h.WentBack(), ending.Left, ()),
    (flow.ReadingNotice(UNLINKED), h.NoticeAccepted(), flow.Claiming, (h.LookAtReader,)),
    (flow.Claiming(COMING, claim.Identifying(OFFERS)), who.Identified(PROOF.claim), flow.Proving, ()),
    (flow.Claiming(COMING, claim.Identifying(OFFERS)), who.NotIdentified("card-expired"), flow.NotOpened, ()),
    (flow.Claiming(COMING, claim.ChoosingWay(OFFERS)), h.WentBack(), ending.Left, (h.StopJobs,)),
    (
        flow.Claiming(UNLINKED, claim.AwaitingCard(OFFERS)),
        h.CardRead(DocumentKind.RESIDENT_CARD),
        flow.CheckingCard,
        (declaration.CheckCard,),
    ),
    (flow.Claiming(UNLINKED, claim.AwaitingCard(OFFERS)), h.WentBack(), ending.Left, (h.StopJobs,)),
    (flow.Proving(COMING, proof.FacingCamera(PROOF)), FACED, flow.Opening, (tenancy.OpenTenancies,)),
    (flow.Proving(COMING, proof.AtWindow(PROOF, "nobody")), h.WentOn(), ending.Parting, (h.LookAtReader,)),
    (flow.CheckingCard(UNLINKED), declaration.CardTaken(WHO), flow.Choosing, ()),
    (flow.CheckingCard(UNLINKED), declaration.CardUnfit("card-expired"), flow.NotOpened, ()),
    (flow.Opening(COMING), tenancy.TenanciesOpened(WHO, OWN), flow.Choosing, ()),
    (flow.Opening(COMING), tenancy.TenanciesUnavailable("records-unreachable"), flow.NotOpened, ()),
    (flow.Opening(COMING), h.JobFailed("unexpected"), flow.NotOpened, ()),
    (flow.NotOpened("records-unreachable"), h.WentOn(), ending.Parting, (h.LookAtReader,)),
    (at(mine.Listing(CASE)), h.WentBack(), ending.Parting, (h.LookAtReader,)),
    (at(mine.Listing(CASE)), mine.RegisterAsked(), flow.Leasing, ()),
    (at(mine.Listing(AWAY)), mine.RegisterAsked(again=True), flow.Leasing, ()),
    (at(mine.AtFlat(FLAT)), mine.DeedChosen(mine.Deed.RENEW), flow.Leasing, ()),
    (at(mine.AtFlat(FLAT)), mine.DeedChosen(mine.Deed.PEOPLE), flow.Peopling, ()),
    (at(mine.AtFlat(FLAT)), mine.DeedChosen(mine.Deed.WAYS), flow.SettingWays, ()),
    (at(mine.AtFlat(FLAT)), mine.DeedChosen(mine.Deed.GUEST), flow.GettingCode, ()),
    (at(mine.AtFlat(FLAT)), mine.DeedChosen(mine.Deed.SLIP), flow.GettingCode, (codes.MakeSlip,)),
    (at(mine.AtFlat(FLAT)), mine.DeedChosen(mine.Deed.LEAVE), flow.Leaving, ()),
    (at(mine.AtLetFlat(CASE, LET)), mine.EndAsked(), flow.Leaving, ()),
    (at(mine.AtLetFlat(CASE, replace(LET, state="ended"))), mine.EndAsked(), flow.Choosing, ()),
    (at(mine.AtLetFlat(CASE, LET)), ReceiptAsked(), flow.Choosing, (PrintReceipt,)),
    (at(mine.AtFlat(FLAT)), ReceiptAsked(), flow.Choosing, (PrintReceipt,)),
    (at(mine.AtFlat(Flat(CASE, PENDING))), ReceiptAsked(), flow.Choosing, ()),
    (at(ANSWER), h.DataConfirmed(), flow.HandingIn, (hand_in.HandIn,)),
    (flow.Leasing(COMING, CASE, lease.EnteringDoor(lease.Draft(CASE))), h.WentBack(), flow.Choosing, ()),
    (
        flow.Peopling(COMING, FLAT, people.ListingPeople(people.Party(WHO, CASE.today, COMERS, alone=True))),
        h.WentOn(),
        flow.ReadingPeopleOver,
        (),
    ),
    (flow.ReadingPeopleOver(COMING, FLAT, JOINING), h.DataConfirmed(), flow.HandingIn, (hand_in.HandIn,)),
    (flow.ReadingPeopleOver(COMING, FLAT, JOINING), h.WentBack(), flow.Peopling, ()),
    (
        flow.SettingWays(COMING, FLAT, ways.ConfirmingCard(FLAT, NEW_CARD)),
        h.DataConfirmed(),
        flow.HandingIn,
        (hand_in.HandIn,),
    ),
    (flow.SettingWays(COMING, FLAT, ways.ListingWays(FLAT)), h.WentBack(), flow.Choosing, ()),
    (flow.SettingWays(COMING, FLAT, ways.ShowingLink(FLAT, "u")), h.WentOn(), flow.Opening, (tenancy.OpenTenancies,)),
    (flow.GettingCode(COMING, FLAT, codes.ChoosingGuestDay(FLAT)), h.WentBack(), flow.Choosing, ()),
    (
        flow.GettingCode(COMING, FLAT, codes.ShowingGuestCode(FLAT, GUEST_CODE)),
        h.WentOn(),
        flow.Opening,
        (tenancy.OpenTenancies,),
    ),
    (flow.Leaving(COMING, leaving.ReadingMeaning(LEAVE)), h.WentBack(), flow.Choosing, ()),
    (
        flow.Leaving(COMING, leaving.ReadingOver(LEAVE, date(2026, 12, 1))),
        h.DataConfirmed(),
        flow.HandingIn,
        (hand_in.HandIn,),
    ),
    (kept(hand_in.Received(RECEIPT, hand_in.Slip.STRIP)), h.WentOn(), flow.Opening, (tenancy.OpenTenancies,)),
    (kept(hand_in.Received(RECEIPT, hand_in.Slip.NONE), UNLINKED), h.WentOn(), ending.Parting, (h.LookAtReader,)),
]


@pytest.mark.parametrize(("state", "event", "after", "commands"), TABLE)
def test_each_event_leads_where_the_table_says(
    state: flow.Here, event: Event, after: type[State], commands: tuple[type[Command], ...]
) -> None:
    step = tenancy.advance(state, event)
    assert isinstance(step.state, after)
    assert tuple(type(each) for each in step.commands) == commands


@pytest.mark.parametrize("of", [RIGHT, LET], ids=["tenant", "landlord"])
def test_a_receipt_is_printed_tried_again_and_left(of: OwnRight | LetFlat) -> None:
    """While it is printed nothing else happens; afterwards one is where one was."""

    def after(state: State, event: Event) -> tuple[State, tuple[Command, ...]]:
        assert isinstance(state, ShowingReceipt)
        step = mine.advance(state, event)
        return step.state, step.commands

    printing = ShowingReceipt(CASE, of)
    assert after(printing, h.WentOn()) == (printing, ())
    none, _ = after(printing, h.JobFailed("unexpected"))
    assert after(printing, hand_in.SlipEnded(hand_in.Slip.NONE)) == (none, ())
    assert after(none, ReceiptAsked()) == (printing, (PrintReceipt(WHO, of),))
    out, _ = after(printing, hand_in.SlipEnded(hand_in.Slip.STRIP))
    assert after(out, ReceiptAsked()) == (out, ())
    left, _ = after(out, h.WentOn())
    assert left == (mine.AtFlat(FLAT) if of is RIGHT else mine.AtLetFlat(CASE, LET))


ABROAD = who.Claim(DocumentKind.PASSPORT, unclear=True, abroad=True)


def test_somebody_from_abroad_whom_records_do_not_know_hands_in_by_their_document() -> None:
    """A citizen of whom an officer must look goes the way that they always go."""
    claiming = flow.Claiming(COMING, claim.Identifying(OFFERS))
    step = tenancy.advance(claiming, who.Identified(ABROAD))
    assert isinstance(step.state, flow.CheckingCard)
    assert [type(each) for each in step.commands] == [declaration.CheckCard]
    taken = tenancy.advance(step.state, declaration.CardTaken(WHO)).state
    assert isinstance(taken, flow.Choosing)
    assert isinstance(taken.at, mine.Listing)
    case = taken.at.case
    assert (case.stranger, case.linked, case.takes("tenancy"), case.takes("ways")) == (True, False, True, False)
    unclear = tenancy.advance(claiming, who.Identified(replace(ABROAD, abroad=False)))
    assert isinstance(unclear.state, flow.Proving)
    known = tenancy.advance(claiming, who.Identified(replace(ABROAD, unclear=False)))
    assert isinstance(known.state, flow.Proving)


def test_the_tile_begins_only_where_leases_are_taken_in() -> None:
    """With a link by what 我的通知 needs too; without one by the card reader alone."""
    taken = tuple((kind, ()) for kind in ABOUT_FLATS)
    ready, unlinked = Readiness((*taken, (NOTICES, ()))), Readiness((*taken, (NOTICES, ("records.unreachable",))))
    assert ready.renting() == unlinked.renting() == ()
    assert Readiness(((NOTICES, ()),)).renting() == ("starting",)
    assert Readiness((("tenancy", ("outbox.not-offered",)), (NOTICES, ()))).renting() == ("outbox.not-offered",)
    broken = replace(unlinked, broken=((who.Way.CARD, "id_card.unplugged"),))
    assert broken.renting() == ("id_card.unplugged",)
    begun = visit.advance(visit.Visit(visit.Home(), readiness=unlinked), touches.RentingChosen(OFFERS)).state.place
    assert isinstance(begun, visit.Renting)
    assert isinstance(begun.at, flow.ReadingNotice)
    assert not begun.at.coming.linked
    still = visit.Visit(visit.Home(), readiness=broken)
    assert visit.advance(still, touches.RentingChosen(OFFERS)).state == still


def test_without_a_link_the_card_alone_is_offered_and_says_that_nobody_was_proven() -> None:
    every = replace(OFFERS, documents=tuple((kind, "") for kind in DocumentKind))
    for offers, here in ((OFFERS, {DocumentKind.RESIDENT_CARD}), (every, who.CARDS)):
        begun = tenancy.begin(offers, linked=False).state
        assert isinstance(begun, flow.ReadingNotice)
        assert {kind for kind, office in begun.coming.offers.documents if not office} == here
    taken = tenancy.advance(flow.CheckingCard(UNLINKED), declaration.CardTaken(WHO)).state
    assert isinstance(taken, flow.Choosing)
    assert isinstance(taken.at, mine.Listing)
    assert (taken.at.case.who.proven, taken.at.case.own) == (False, Own(face=False))


@pytest.mark.parametrize("kind", ["tenancy", "occupant", "departure", "answer", "ways"])
def test_without_a_link_only_a_lease_can_be_handed_in(kind: str) -> None:
    assert AWAY.takes(kind) is (kind == "tenancy")
    assert CASE.takes(kind)
    assert not replace(CASE, shut=(kind,)).takes(kind)


def test_what_records_have_not_confirmed_opens_nothing_and_what_has_no_end_is_not_renewed() -> None:
    pending, owner = shared.Flat(CASE, PENDING), shared.Flat(CASE, OWNER)
    assert {deed for deed in mine.Deed if mine.open_to(pending, deed)} == {mine.Deed.PEOPLE, mine.Deed.LEAVE}
    assert {deed for deed in mine.Deed if mine.open_to(owner, deed)} == {
        mine.Deed.WAYS,
        mine.Deed.GUEST,
        mine.Deed.SLIP,
    }
    still = mine.AtFlat(pending)
    assert mine.advance(still, mine.DeedChosen(mine.Deed.GUEST)).state == still


def test_an_answer_is_a_yes_or_a_no_and_read_over_before_it_is_handed_in() -> None:
    asked = mine.advance(mine.Listing(CASE), mine.EntryChosen(ASKS[0].ref)).state
    assert asked == mine.Answering(CASE, ASKS[0])
    for yes in (True, False):
        over = mine.advance(mine.Answering(CASE, ASKS[0]), shared.Answered(yes)).state
        assert over == mine.ReadingAnswerOver(CASE, ASKS[0], yes)
        assert isinstance(over, mine.ReadingAnswerOver)
        ready = mine.advance(over, h.DataConfirmed()).state
        assert ready == shared.Ready(contents.Answer(WHO, ASKS[0].ref, yes), "answer")


def test_what_waits_for_an_answer_comes_first_and_every_entry_stands_on_one_page() -> None:
    here: mine.Next = mine.Listing(CASE)
    seen: list[mine.Entry] = []
    while isinstance(here, mine.Listing):
        seen += here.shown
        here = mine.advance(here, h.WentOn()).state if here.more else mine.Finished()
    assert tuple(seen) == (*OWN.asks, *OWN.rights, *OWN.let)


def test_a_state_prints_nobody_and_no_code() -> None:
    """States stand in debug logs."""
    shown = repr(
        (
            at(mine.Listing(CASE)),
            codes.ShowingGuestCode(FLAT, GUEST_CODE),
            codes.ShowingSlip(FLAT, MOVE_IN_SLIP),
            ways.ShowingLink(FLAT, "https://gate.example/p#secret"),
            JOINING,
            contents.NewCard("4F2A", number=Personal("04A1B2C3")),
        )
    )
    secrets = ("李路灯", "198803140015", "1203 室", "48271936", MOVE_IN_SLIP.code, "secret", "04A1B2C3", "4F2A", "1988")
    assert not [secret for secret in secrets if secret in shown]
