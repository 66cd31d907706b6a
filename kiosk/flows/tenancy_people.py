"""同住人: who lives there too. Each lays their own card, now or at a kiosk later; nobody is named by typing.

A child is put down by their own card too, and it is asked whose child they are; of somebody from abroad it is asked
since when they are here. Diagram: docs/flows/tenancy_people.md, drawn from this file.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows import tenancy_case as shared
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.contents import Comer
from kiosk.flows.day_entry import DayEntry
from kiosk.flows.declarant import Declarant
from kiosk.flows.tenancy_told import MOST_COMERS


@dataclass(frozen=True, slots=True)
class Party:
    """Who was put down so far. ``others``: how many live there already, by what records know; ``alone``: the whole
    errand is to put somebody down, so nobody is no answer."""

    who: Declarant
    today: date
    comers: tuple[Comer, ...] = ()
    others: int = 0
    alone: bool = False

    @property
    def room(self) -> bool:
        """Whether somebody more may be put down."""
        return len(self.comers) < MOST_COMERS

    @property
    def whole(self) -> bool:
        """Whether one may go on."""
        return bool(self.comers) or not self.alone


# --- places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListingPeople(State):
    """Who was put down, and whether there is somebody else. ``problem``: why the last card was not taken."""

    party: Party
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LookingAtReader(State):
    """Whether a card lies there that nobody laid for this question."""

    party: Party


@dataclass(frozen=True, slots=True)
class LiftingCard(State):
    """Another's card is still there."""

    party: Party


@dataclass(frozen=True, slots=True)
class AwaitingCard(State):
    """Whoever lives there too lays their own card."""

    party: Party


@dataclass(frozen=True, slots=True)
class CheckingComer(State):
    """Whether the card is valid today."""

    party: Party


@dataclass(frozen=True, slots=True)
class AskingGuardian(State):
    """A child: whether the one who hands it in is their guardian."""

    party: Party
    comer: Comer


@dataclass(frozen=True, slots=True)
class EnteringArrival(State):
    """Somebody from abroad: since when they are here."""

    party: Party
    comer: Comer
    entry: DayEntry = field(default_factory=DayEntry)


@dataclass(frozen=True, slots=True)
class Gathered(State):
    """Those are all."""

    comers: tuple[Comer, ...]


@dataclass(frozen=True, slots=True)
class GivenUp(State):
    """Back to what was asked before."""

    comers: tuple[Comer, ...]


Reading = LookingAtReader | LiftingCard | AwaitingCard | CheckingComer
Here = ListingPeople | Reading | AskingGuardian | EnteringArrival | Gathered | GivenUp


# --- events and commands ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ComerAsked(Event):
    """加一位."""


@dataclass(frozen=True, slots=True)
class ComerLeftOut(Event):
    """The last one is taken off the list again."""


@dataclass(frozen=True, slots=True)
class ComerRead(Event):
    """The card is valid, and says who it is."""

    comer: Comer


@dataclass(frozen=True, slots=True)
class ComerUnfit(Event):
    """It can't be taken; ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class CheckComer(Command):
    """Whose card was just read; it is let go at once. Asks nobody. -> ComerRead | ComerUnfit."""


def begin(party: Party) -> Step[Here]:
    """The first screen."""
    return Step(ListingPeople(party))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case ListingPeople(), _:
            return _listing(state, event)
        case CheckingComer(party), ComerRead(comer):
            return Step(_taken(party, comer))
        case CheckingComer(party), ComerUnfit(code):
            return Step(ListingPeople(party, code))
        case ((LookingAtReader() | LiftingCard() | AwaitingCard() | CheckingComer()), _):
            return _at_reader(state, event)
        case AskingGuardian(party, comer), shared.Answered(yes):
            return Step(_arrived(party, replace(comer, guardian=yes)))
        case AskingGuardian(party), h.WentBack():
            return Step(ListingPeople(party))
        case EnteringArrival(), _:
            return Step(_arrival(state, event))
        case _:
            return Step(state)  # late or stray: what it speaks of is no longer on the screen


def _listing(state: ListingPeople, event: Event) -> Step[Here]:
    party = state.party
    match event:
        case ComerAsked() if party.room:
            return Step(LookingAtReader(party), (h.LookAtReader(),))
        case ComerLeftOut() if party.comers:
            return Step(ListingPeople(replace(party, comers=party.comers[:-1])))
        case h.WentOn() if party.whole:
            return Step(Gathered(party.comers))
        case h.WentBack():
            return Step(GivenUp(party.comers))
        case _:
            return Step(state)


def _at_reader(state: Reading, event: Event) -> Step[Here]:
    party = state.party
    match state, event:
        case LookingAtReader(), h.CardLying():
            return Step(LiftingCard(party), (h.WaitForLift(),))
        case (LookingAtReader(), h.ReaderEmpty()) | (LiftingCard(), h.CardLifted()):
            return Step(AwaitingCard(party), (h.ReadNextCard(),))
        case AwaitingCard(), h.CardRead():
            return Step(CheckingComer(party), (CheckComer(),))
        case AwaitingCard(), h.CardNotRead():
            return Step(ListingPeople(party, "card-not-read"))
        case _, (h.ReaderFailed() | h.JobFailed()):
            return Step(ListingPeople(party, "reader-failed"))
        case ((LookingAtReader() | LiftingCard() | AwaitingCard()), h.WentBack()):
            return Step(ListingPeople(party), (h.StopJobs(),))
        case _:
            return Step(state)


# --- who was read ----------------------------------------------------------------------------------------------------


def _taken(party: Party, comer: Comer) -> Here:
    number = comer.number.reveal()
    if number == party.who.number.reveal():
        return ListingPeople(party, "own-card")
    if any(each.number.reveal() == number for each in party.comers):
        return ListingPeople(party, "twice")
    return AskingGuardian(party, comer) if comer.minor else _arrived(party, comer)


def _arrived(party: Party, comer: Comer) -> Here:
    if comer.foreign:
        return EnteringArrival(party, comer)
    return ListingPeople(replace(party, comers=(*party.comers, comer)))


def _arrival(state: EnteringArrival, event: Event) -> Here:
    party, comer, entry = state.party, state.comer, state.entry
    match event:
        case who.KeyPressed(key):
            return replace(state, entry=entry.press(key.reveal(), party.today))
        case who.KeyErased():
            return replace(state, entry=entry.erase())
        case who.EntryFinished() if entry.day is not None:
            return _arrived(party, replace(comer, foreign=False, arrived_on=entry.day))
        case h.WentBack():
            return ListingPeople(party)
        case _:
            return state
