"""What a service asks between the own row and the paper: whom it is for, who stands on it, when, where.

Which questions there are depends on the service, the purpose and the row; each is one screen. Diagram:
docs/flows/details.md, drawn from this file.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.flows import errand as asked
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Event, State, Step
from kiosk.flows.dwelling_entry import DwellingEntry


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked for. ``row``: the child's, where it is for a child. ``seen``: members whose own card was read.
    ``door``: what was typed of it."""

    errand: asked.Errand
    own: h.OwnData
    child: h.Child | None = None
    row: h.OwnData | None = None
    members: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    later: bool = False
    dwelling: asked.Dwelling | None = None
    door: DwellingEntry | None = None

    @property
    def shown(self) -> h.OwnData:
        """The row of whom it is for."""
        return self.row or self.own

    @property
    def application(self) -> h.Application:
        """All of it, as it is sent."""
        return h.Application(
            self.errand.service.kind,
            self.errand.purpose.id,
            self.child.handle if self.child else "",
            self.members,
            self.later,
            self.dwelling.id if self.dwelling else "",
        )

    @property
    def children(self) -> tuple[h.Child, ...]:
        """For whom one may ask besides oneself."""
        return tuple(each for each in self.own.children if each.age < self.errand.service.children_below)


@dataclass(frozen=True, slots=True)
class ChoosingPerson(State):
    """Oneself, or one of the children. ``problem``: why a child's row could not be opened."""

    case: Case
    problem: str = ""


@dataclass(frozen=True, slots=True)
class OpeningChild(State):
    """The child's row is on its way."""

    case: Case
    child: h.Child


@dataclass(frozen=True, slots=True)
class ChoosingMembers(State):
    """Who of the household stands on the paper too. ``problem``: why a card did not do."""

    case: Case
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LookingAtReader(State):
    """Whether a card lies there already: one's own, most likely."""

    case: Case


@dataclass(frozen=True, slots=True)
class LiftingCard(State):
    """The card that lies there is lifted before the member's is laid."""

    case: Case


@dataclass(frozen=True, slots=True)
class AwaitingCard(State):
    """An adult member's own card is to be laid."""

    case: Case


@dataclass(frozen=True, slots=True)
class AskingRecords(State):
    """Whose card it is."""

    case: Case


@dataclass(frozen=True, slots=True)
class ChoosingWhen(State):
    """现在打印, or 稍后领取: asked of everybody, before anything is looked up."""

    case: Case


@dataclass(frozen=True, slots=True)
class EnteringDwelling(State):
    """Where one lives now, as it is written on the door. ``problem``: why it was not found."""

    case: Case
    entry: DwellingEntry
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FindingDwelling(State):
    """Records look for the flat."""

    case: Case
    entry: DwellingEntry


@dataclass(frozen=True, slots=True)
class Known(State):
    """Everything is known."""

    case: Case


@dataclass(frozen=True, slots=True)
class Stopped(State):
    """It can't go on; ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class GivenUp(State):
    """Went back from the first question."""


Here = (
    ChoosingPerson
    | OpeningChild
    | ChoosingMembers
    | LookingAtReader
    | LiftingCard
    | AwaitingCard
    | AskingRecords
    | ChoosingWhen
    | EnteringDwelling
    | FindingDwelling
    | Known
    | Stopped
    | GivenUp
)


class _Question(StrEnum):
    """In the order in which they are asked."""

    PERSON = "person"
    MEMBERS = "members"
    WHEN = "when"
    DWELLING = "dwelling"


def begin(errand: asked.Errand, own: h.OwnData) -> Step[Here]:
    """The first question, or none at all."""
    return Step(_ask(Case(errand, own), _questions(Case(errand, own))))


def back(case: Case) -> Step[Here]:
    """The last question again, from the data that follow it."""
    return Step(_ask(case, _questions(case)[-1:], GivenUp()))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case ((ChoosingPerson() | OpeningChild()), _):
            return _whom(state, event)
        case ((ChoosingMembers() | LookingAtReader() | LiftingCard() | AwaitingCard() | AskingRecords()), _):
            return _household(state, event)
        case ChoosingWhen(case), asked.WhenChosen(later):
            return _after(_Question.WHEN, replace(case, later=later))
        case ChoosingWhen(case), h.WentBack():
            return _before(_Question.WHEN, case)
        case ((EnteringDwelling() | FindingDwelling()), _):
            return _where(state, event)
        case _:
            return Step(state)  # late or stray: what it speaks of is no longer on the screen


# --- whom it is for --------------------------------------------------------------------------------------------------


def _whom(state: ChoosingPerson | OpeningChild, event: Event) -> Step[Here]:
    case = state.case
    match state, event:
        case ChoosingPerson(), asked.PersonChosen(""):
            return _after(_Question.PERSON, replace(case, child=None, row=None, members=(), seen=()))
        case ChoosingPerson(), asked.PersonChosen(handle):
            child = next((each for each in case.children if each.handle == handle), None)
            opening = h.OpenRecord(case.errand.service.kind, handle)
            return Step(OpeningChild(case, child), (opening,)) if child else Step(state)
        case ChoosingPerson(), h.WentBack():
            return Step(GivenUp())
        case OpeningChild(_, child), h.RecordOpened(row) if not row.closed:
            return _after(_Question.PERSON, replace(case, child=child, row=row, members=(), seen=()))
        case OpeningChild(), h.RecordOpened(row):
            return Step(ChoosingPerson(case, row.closed))
        case OpeningChild(), h.RecordNotOpened(code):
            return Step(ChoosingPerson(case, code))
        case OpeningChild(), h.JobFailed():
            return Step(Stopped("unexpected"))
        case _:
            return Step(state)


# --- who stands on it ------------------------------------------------------------------------------------------------


def _household(
    state: ChoosingMembers | LookingAtReader | LiftingCard | AwaitingCard | AskingRecords, event: Event
) -> Step[Here]:
    case = state.case
    match state, event:
        case ChoosingMembers(), asked.MemberToggled(handle):
            return _toggled(state, handle)
        case ChoosingMembers(), h.WentOn():
            return _after(_Question.MEMBERS, case)
        case ChoosingMembers(), h.WentBack():
            return _before(_Question.MEMBERS, case)
        case ChoosingMembers(), _:
            return Step(state)
        case AskingRecords(), asked.CompanionSeen(handle):
            return Step(ChoosingMembers(_with_member(replace(case, seen=(*case.seen, handle)), handle)))
        case AskingRecords(), asked.CompanionRefused(code):
            return Step(ChoosingMembers(case, code))
        case _:
            return _at_reader(state, event)


def _at_reader(state: LookingAtReader | LiftingCard | AwaitingCard | AskingRecords, event: Event) -> Step[Here]:
    case = state.case
    match state, event:
        case LookingAtReader(), h.CardLying():
            return Step(LiftingCard(case), (h.WaitForLift(),))
        case (LookingAtReader(), h.ReaderEmpty()) | (LiftingCard(), h.CardLifted()):
            return Step(AwaitingCard(case), (h.ReadNextCard(),))
        case AwaitingCard(), h.CardRead():
            return Step(AskingRecords(case), (asked.AskCompanion(),))
        case AwaitingCard(), h.CardNotRead():
            return Step(ChoosingMembers(case, "card-not-read"))
        case _, (h.ReaderFailed() | h.JobFailed()):
            return Step(ChoosingMembers(case, "reader-failed"))
        case ((LookingAtReader() | LiftingCard() | AwaitingCard()), h.WentBack()):
            return Step(ChoosingMembers(case), (h.StopJobs(),))
        case _:
            return Step(state)


def _toggled(state: ChoosingMembers, handle: str) -> Step[Here]:
    case = state.case
    member = next((each for each in case.shown.members if each.handle == handle), None)
    if member is None:
        return Step(state)
    if handle in case.members:
        return Step(ChoosingMembers(replace(case, members=tuple(each for each in case.members if each != handle))))
    if member.adult and handle not in case.seen:
        return Step(LookingAtReader(case), (h.LookAtReader(),))
    return Step(ChoosingMembers(_with_member(case, handle)))


def _with_member(case: Case, handle: str) -> Case:
    """In the order of the register, whatever the order of the touches."""
    chosen = {*case.members, handle}
    return replace(case, members=tuple(each.handle for each in case.shown.members if each.handle in chosen))


# --- where one lives -------------------------------------------------------------------------------------------------


def _where(state: EnteringDwelling | FindingDwelling, event: Event) -> Step[Here]:
    case, entry = state.case, state.entry
    match state, event:
        case EnteringDwelling(), who.KeyPressed(key):
            return Step(EnteringDwelling(case, entry.press(key.reveal())))
        case EnteringDwelling(), who.KeyErased():
            return Step(EnteringDwelling(case, entry.erase()))
        case EnteringDwelling(), asked.LettersToggled():
            return Step(EnteringDwelling(case, entry.toggle_letters()))
        case EnteringDwelling(), who.EntryFinished() if entry.whole:
            return Step(FindingDwelling(case, entry), (asked.FindDwelling(entry),))
        case EnteringDwelling(), who.EntryFinished():
            return Step(EnteringDwelling(case, entry.next_part()))
        case EnteringDwelling(), h.WentBack() if not entry.at_first_part:
            return Step(EnteringDwelling(case, entry.previous_part()))
        case EnteringDwelling(), h.WentBack():
            return _before(_Question.DWELLING, case)
        case FindingDwelling(), asked.DwellingFound(dwelling):
            return _after(_Question.DWELLING, replace(case, dwelling=dwelling, door=entry))
        case FindingDwelling(), asked.DwellingNotFound(code):
            return Step(EnteringDwelling(case, entry, code))
        case FindingDwelling(), h.JobFailed():
            return Step(Stopped("unexpected"))
        case _:
            return Step(state)


# --- which question is next ------------------------------------------------------------------------------------------


def _questions(case: Case) -> tuple[_Question, ...]:
    """Those that have more than one answer."""
    service = case.errand.service
    asked_for = {
        _Question.PERSON: bool(case.children),
        _Question.MEMBERS: case.errand.purpose.members and bool(case.shown.members),
        _Question.WHEN: service.collecting is not None,
        _Question.DWELLING: service.asks_dwelling,
    }
    return tuple(question for question in _Question if asked_for[question])


def _after(question: _Question, case: Case) -> Step[Here]:
    order = tuple(_Question)
    left = tuple(each for each in _questions(case) if order.index(each) > order.index(question))
    return Step(_ask(case, left))


def _before(question: _Question, case: Case) -> Step[Here]:
    order = tuple(_Question)
    earlier = tuple(each for each in _questions(case) if order.index(each) < order.index(question))
    return Step(_ask(case, earlier[-1:], GivenUp()))


def _ask(case: Case, questions: tuple[_Question, ...], otherwise: GivenUp | None = None) -> Here:
    """The first of these questions; none: everything is known, or ``otherwise``."""
    match questions[:1]:
        case (_Question.PERSON,):
            return ChoosingPerson(case)
        case (_Question.MEMBERS,):
            return ChoosingMembers(case)
        case (_Question.WHEN,):
            return ChoosingWhen(case)
        case (_Question.DWELLING,):
            return EnteringDwelling(case, case.door or DwellingEntry())
        case _:
            return otherwise or Known(case)
