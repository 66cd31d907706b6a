"""居住登记 while records can't be reached: card, door, since when; read over, and handed in for an officer to decide.

No portrait can be compared without a link, so the card alone says who is here, and that is what records are told. The
first part is the card's of every service (kiosk.flows.claim), the last one that of whatever is handed in
(kiosk.flows.hand_in). Diagram: docs/flows/declaration.md, drawn from this file.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from civic.document import DocumentKind
from kiosk.flows import claim, ending, hand_in
from kiosk.flows import errand as asked
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.day_entry import DayEntry
from kiosk.flows.dwelling_entry import DwellingEntry

HERE = DocumentKind.RESIDENT_CARD
"""The one document whose text alone says enough."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known so far. ``today``: local date."""

    who: hand_in.Declarant
    today: date
    door: DwellingEntry = field(default_factory=DwellingEntry)
    since: DayEntry = field(default_factory=DayEntry)


# --- places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadingNotice(State):
    """That there is no link, what is taken in all the same, who reads it, and that it is no registration yet."""

    offers: who.Offers


@dataclass(frozen=True, slots=True)
class LayingCard(State):
    """The card is laid and read (kiosk.flows.claim)."""

    at: claim.Here
    today: date


@dataclass(frozen=True, slots=True)
class CheckingCard(State):
    """Whether it is valid today."""

    today: date


@dataclass(frozen=True, slots=True)
class EnteringDoor(State):
    """Where one lives now, as it is written on the door."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class EnteringDay(State):
    """Since when."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class ReadingOver(State):
    """What will be handed in."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class HandingIn(State):
    """Kept, received, slip (kiosk.flows.hand_in)."""

    at: hand_in.Here


@dataclass(frozen=True, slots=True)
class Ended(State):
    """It can't go on with this card; ``code`` says why. Nothing was taken."""

    code: str


Here = (
    ReadingNotice
    | LayingCard
    | CheckingCard
    | EnteringDoor
    | EnteringDay
    | ReadingOver
    | HandingIn
    | Ended
    | ending.Here
)


# --- events and commands ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CardTaken(Event):
    """It is valid, and says who is here."""

    who: hand_in.Declarant


@dataclass(frozen=True, slots=True)
class CardUnfit(Event):
    """It is not; ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class CheckCard(Command):
    """-> CardTaken | CardUnfit. Asks nobody."""


def begin(offers: who.Offers) -> Step[Here]:
    """The first screen. Of what is offered otherwise the card alone is left."""
    here = tuple((kind, office) for kind, office in offers.documents if office or kind is HERE)
    return Step(ReadingNotice(replace(offers, documents=here)))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case ReadingNotice(offers), h.NoticeAccepted():
            return _lay(claim.advance(claim.begin(offers).state, who.WayChosen(who.Way.CARD)), offers.today)
        case ReadingNotice(), h.WentBack():
            return Step(ending.Left())
        case LayingCard(at, today), _:
            return _lay(claim.advance(at, event), today)
        case ((CheckingCard() | Ended()), _):
            return _checked(state, event)
        case EnteringDoor(draft), _:
            return Step(_door(draft, event))
        case EnteringDay(draft), _:
            return Step(_day(draft, event))
        case ReadingOver(draft), h.DataConfirmed() if day := draft.since.day:
            return _keep(hand_in.begin(hand_in.Residence(draft.who, draft.door, day)))
        case ReadingOver(draft), h.WentBack():
            return Step(EnteringDay(draft))
        case HandingIn(at), _:
            return _keep(hand_in.advance(at, event))
        case ending.Parting(), _:
            return ending.advance(state, event)
        case _:
            return Step(state)


# --- the card --------------------------------------------------------------------------------------------------------


def _lay(step: Step[claim.Here], today: date) -> Step[Here]:
    """Records are asked nothing: who they would identify is who the card says."""
    match step.state:
        case claim.Identifying():
            return Step(CheckingCard(today), (CheckCard(),))
        case claim.ChoosingWay():
            return Step(ending.Left(), (h.StopJobs(),))
        case claim.Stopped(code):
            return Step(Ended(code), step.commands)
        case claim.GivenUp():
            return ending.leave(served=False)
        case at:
            return Step(LayingCard(at, today), step.commands)


def _checked(state: CheckingCard | Ended, event: Event) -> Step[Here]:
    match state, event:
        case CheckingCard(today), CardTaken(declarant):
            return Step(EnteringDoor(Draft(declarant, today)))
        case CheckingCard(), CardUnfit(code):
            return Step(Ended(code))
        case CheckingCard(), h.JobFailed():
            return Step(Ended("unexpected"))
        case Ended(), h.WentOn():
            return ending.leave(served=False)
        case _:
            return Step(state)


# --- where, and since when -------------------------------------------------------------------------------------------


def _door(draft: Draft, event: Event) -> Here:
    door = draft.door
    match event:
        case who.KeyPressed(key):
            return EnteringDoor(replace(draft, door=door.press(key.reveal())))
        case who.KeyErased():
            return EnteringDoor(replace(draft, door=door.erase()))
        case asked.LettersToggled():
            return EnteringDoor(replace(draft, door=door.toggle_letters()))
        case who.EntryFinished() if door.whole:
            return EnteringDay(draft)
        case who.EntryFinished():
            return EnteringDoor(replace(draft, door=door.next_part()))
        case h.WentBack() if not door.at_first_part:
            return EnteringDoor(replace(draft, door=door.previous_part()))
        case _:
            return EnteringDoor(draft)


def _day(draft: Draft, event: Event) -> Here:
    since = draft.since
    match event:
        case who.KeyPressed(key):
            return EnteringDay(replace(draft, since=since.press(key.reveal(), draft.today)))
        case who.KeyErased():
            return EnteringDay(replace(draft, since=since.erase()))
        case who.EntryFinished() if since.day is not None:
            return ReadingOver(draft)
        case h.WentBack():
            return EnteringDoor(draft)
        case _:
            return EnteringDay(draft)


# --- the flows that lie in this one ----------------------------------------------------------------------------------


def _keep(step: Step[hand_in.Here]) -> Step[Here]:
    match step.state:
        case hand_in.Done(served):
            return ending.leave(step.commands, served=served)
        case at:
            return Step(HandingIn(at), step.commands)
