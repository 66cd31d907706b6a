"""居住登记 without a link: a table of what follows what; nothing twice, and nothing before it was read over."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows import claim, ending, errand, hand_in, leftovers, parting, touches, visit
from kiosk.flows import declaration as flow
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Command, Event, State
from kiosk.flows.day_entry import DayEntry
from kiosk.flows.dwelling_entry import DoorPart, DwellingEntry
from kiosk.flows.readiness import RESIDENCE, Readiness

TODAY = date(2026, 11, 22)
EVERY = who.Offers(
    ((DocumentKind.RESIDENT_CARD, ""), (DocumentKind.NUMBER, ""), (DocumentKind.HMT_PERMIT, "exit_entry")), TODAY
)
OFFERS = replace(EVERY, documents=(EVERY.documents[0], EVERY.documents[2]))
WHO = hand_in.Declarant(Personal("某某"), Personal("990101198603140019"), proven=False)
DOOR = DwellingEntry(DoorPart.ROOM, ("5", "1", "1203"))
DRAFT = flow.Draft(WHO, TODAY)
WHOLE = replace(DRAFT, door=DOOR, since=DayEntry("20260501"))
CONTENT = hand_in.Residence(WHO, DOOR, date(2026, 5, 1))
RECEIPT = hand_in.Receipt("residence", "4827-1936-5042", WHO.name, datetime(2026, 11, 22, tzinfo=UTC))
RECEIVED = hand_in.Received(RECEIPT, hand_in.Slip.STRIP)
KEY = who.KeyPressed(Personal("5"))


def laying(at: claim.Here) -> flow.LayingCard:
    return flow.LayingCard(at, TODAY)


def handing(at: hand_in.Here) -> flow.HandingIn:
    return flow.HandingIn(at)


TABLE: list[tuple[flow.Here, Event, type[State], tuple[type[Command], ...]]] = [
    (flow.ReadingNotice(OFFERS), h.NoticeAccepted(), flow.LayingCard, (h.LookAtReader,)),
    (flow.ReadingNotice(OFFERS), h.WentBack(), ending.Left, ()),
    (laying(claim.LookingAtReader(OFFERS)), h.ReaderEmpty(), flow.LayingCard, (h.ReadNextCard,)),
    (
        laying(claim.AwaitingCard(OFFERS)),
        h.CardRead(DocumentKind.RESIDENT_CARD),
        flow.CheckingCard,
        (flow.CheckCard,),
    ),
    (laying(claim.AwaitingCard(OFFERS)), h.CardRead(DocumentKind.HMT_PERMIT), flow.LayingCard, ()),
    (laying(claim.AwaitingCard(OFFERS)), h.WentBack(), ending.Left, (h.StopJobs,)),
    (laying(claim.AwaitingCard(OFFERS)), h.JobFailed("unexpected"), flow.Ended, ()),
    (laying(claim.AwaitingCard(OFFERS)), h.ReaderFailed("device-timeout"), flow.Ended, ()),
    (laying(claim.AtWindow(OFFERS, "refused")), h.WentOn(), ending.Parting, (h.LookAtReader,)),
    (flow.CheckingCard(TODAY), flow.CardTaken(WHO), flow.EnteringDoor, ()),
    (flow.CheckingCard(TODAY), flow.CardUnfit("card-expired"), flow.Ended, ()),
    (flow.CheckingCard(TODAY), h.JobFailed("unexpected"), flow.Ended, ()),
    (flow.Ended("card-expired"), h.WentOn(), ending.Parting, (h.LookAtReader,)),
    (flow.EnteringDoor(DRAFT), KEY, flow.EnteringDoor, ()),
    (flow.EnteringDoor(DRAFT), who.KeyErased(), flow.EnteringDoor, ()),
    (flow.EnteringDoor(DRAFT), errand.LettersToggled(), flow.EnteringDoor, ()),
    (flow.EnteringDoor(DRAFT), who.EntryFinished(), flow.EnteringDoor, ()),
    (flow.EnteringDoor(WHOLE), who.EntryFinished(), flow.EnteringDay, ()),
    (flow.EnteringDoor(WHOLE), h.WentBack(), flow.EnteringDoor, ()),
    (flow.EnteringDay(DRAFT), KEY, flow.EnteringDay, ()),
    (flow.EnteringDay(WHOLE), who.KeyErased(), flow.EnteringDay, ()),
    (flow.EnteringDay(DRAFT), who.EntryFinished(), flow.EnteringDay, ()),
    (flow.EnteringDay(WHOLE), who.EntryFinished(), flow.ReadingOver, ()),
    (flow.EnteringDay(WHOLE), h.WentBack(), flow.EnteringDoor, ()),
    (flow.ReadingOver(WHOLE), h.WentBack(), flow.EnteringDay, ()),
    (flow.ReadingOver(WHOLE), h.DataConfirmed(), flow.HandingIn, (hand_in.HandIn,)),
    (handing(hand_in.Keeping(CONTENT)), h.DataConfirmed(), flow.HandingIn, ()),
    (handing(hand_in.Keeping(CONTENT)), hand_in.HandedIn(RECEIPT), flow.HandingIn, (hand_in.PrintSlip,)),
    (handing(hand_in.Keeping(CONTENT)), hand_in.NotHandedIn("outbox.queue-full"), flow.HandingIn, ()),
    (handing(hand_in.Received(RECEIPT)), h.DataConfirmed(), flow.HandingIn, ()),
    (handing(hand_in.Received(RECEIPT)), h.WentOn(), flow.HandingIn, ()),
    (handing(RECEIVED), h.WentOn(), ending.Parting, (h.LookAtReader,)),
    (handing(hand_in.NotKept("unexpected")), h.WentOn(), ending.Parting, (h.LookAtReader,)),
    (ending.Parting(parting.LookingForCard(served=True)), h.ReaderEmpty(), ending.Over, ()),
    (ending.Left(), h.WentOn(), ending.Left, ()),
]


@pytest.mark.parametrize(("state", "event", "after", "commands"), TABLE)
def test_each_event_leads_where_the_table_says(
    state: flow.Here, event: Event, after: type[State], commands: tuple[type[Command], ...]
) -> None:
    step = flow.advance(state, event)
    assert isinstance(step.state, after)
    assert tuple(type(each) for each in step.commands) == commands


def test_what_is_handed_in_is_what_was_read_over() -> None:
    assert flow.advance(flow.ReadingOver(WHOLE), h.DataConfirmed()).commands == (hand_in.HandIn(CONTENT),)
    unfinished = flow.ReadingOver(replace(WHOLE, since=DayEntry("2026")))
    assert flow.advance(unfinished, h.DataConfirmed()).commands == ()


def test_nobody_is_offered_a_way_that_needs_a_link() -> None:
    """The number alone says nothing; other cards go to their own office, as otherwise."""
    assert flow.begin(EVERY).state == flow.ReadingNotice(OFFERS)
    assert OFFERS.ways == (who.Way.CARD,)


@pytest.mark.parametrize(
    ("event", "slip"),
    [
        (hand_in.SlipEnded(hand_in.Slip.STRIP), hand_in.Slip.STRIP),
        (hand_in.SlipEnded(hand_in.Slip.NONE), hand_in.Slip.NONE),
        (h.JobFailed("unexpected"), hand_in.Slip.NONE),
    ],
)
def test_whatever_the_slip_does_the_number_stays(event: Event, slip: hand_in.Slip) -> None:
    assert hand_in.advance(hand_in.Received(RECEIPT), event).state == hand_in.Received(RECEIPT, slip)


@pytest.mark.parametrize(
    ("keys", "stands", "wrong"),
    [("20260501", "20260501", False), ("2026112", "2026112", False), ("20261123", "2026112", True), ("18", "1", True)],
)
def test_only_a_day_that_has_been_can_be_typed(keys: str, stands: str, *, wrong: bool) -> None:
    """The key that would make another one is said to be wrong, and not taken."""
    entry = DayEntry()
    for key in keys:
        entry = entry.press(key, TODAY)
    assert (entry.digits, entry.wrong, entry.erase().wrong) == (stands, wrong, False)
    assert "2026" not in repr(entry)


AWAY = ("residence_receipt", ("records.unreachable",))


@pytest.mark.parametrize(
    ("blocked", "broken", "reasons"),
    [
        ((("residence_receipt", ()), (RESIDENCE, ())), (), None),
        ((("residence_receipt", ("page_printer.jam",)), (RESIDENCE, ())), (), None),
        ((AWAY,), (), None),
        ((AWAY, (RESIDENCE, ("outbox.not-offered",))), (), None),
        ((AWAY, (RESIDENCE, ())), (), ()),
        ((AWAY, (RESIDENCE, ("outbox.queue-full", "outbox.disk-low"))), (), ("outbox.queue-full", "outbox.disk-low")),
        ((AWAY, (RESIDENCE, ())), ((who.Way.CARD, "id_card.unplugged"),), ("id_card.unplugged",)),
    ],
)
def test_it_is_handed_in_when_records_are_away_and_nothing_stands_in_the_way(
    blocked: tuple[tuple[str, tuple[str, ...]], ...],
    broken: tuple[tuple[who.Way, str], ...],
    reasons: tuple[str, ...] | None,
) -> None:
    readiness = Readiness(blocked, broken)
    assert readiness.declaration() == reasons
    home = visit.Visit(visit.Home(), readiness=readiness)
    begun = isinstance(visit.advance(home, touches.DeclarationChosen(OFFERS)).state.place, visit.Declaring)
    assert begun is (reasons == ())


def test_a_slip_that_nobody_answered_for_is_looked_for_when_the_screen_is_cleared() -> None:
    now = visit.Visit(visit.Declaring(handing(RECEIVED)))
    assert visit.advance(now, touches.Cleared()).state.place == leftovers.LookingForLeftovers(paper=True)
