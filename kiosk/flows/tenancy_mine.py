"""我的租住: what waits for one's yes, what is one's own, what one lets; one flat and what can be done about it; one's
yes or no. Diagram: docs/flows/tenancy_mine.md, drawn from this file.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.flows import happenings as h
from kiosk.flows import tenancy_case as shared
from kiosk.flows import tenancy_receipts as receipts
from kiosk.flows.base import Event, State, Step
from kiosk.flows.contents import Answer
from kiosk.flows.tenancy_told import Ask, LetFlat, OwnRight

EACH_PAGE = 3
"""Entries on one page: as many as stand there in large type too."""

Entry = Ask | OwnRight | LetFlat


class Deed(StrEnum):
    """What can be done about a flat."""

    RENEW = "renew"
    PEOPLE = "people"
    WAYS = "ways"
    GUEST = "guest"
    SLIP = "slip"
    LEAVE = "leave"


_HANDED_IN = {Deed.RENEW: "tenancy", Deed.PEOPLE: "occupant", Deed.WAYS: "ways", Deed.LEAVE: "departure"}


# --- places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listing(State):
    """What waits first, then what is one's own, then what one lets; without a link only what can be handed in."""

    case: shared.Case
    page: int = 0

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them, in that order."""
        own = self.case.own
        return (*own.asks, *own.rights, *own.let)

    @property
    def shown(self) -> tuple[Entry, ...]:
        """Those of this page."""
        return self.entries[self.page * EACH_PAGE : (self.page + 1) * EACH_PAGE]

    @property
    def more(self) -> bool:
        """Whether others follow."""
        return len(self.entries) > (self.page + 1) * EACH_PAGE


@dataclass(frozen=True, slots=True)
class AtFlat(State):
    """One right: how it stands, and what can be done."""

    flat: shared.Flat


@dataclass(frozen=True, slots=True)
class AtLetFlat(State):
    """A flat that one lets: how it stands."""

    case: shared.Case
    let: LetFlat


@dataclass(frozen=True, slots=True)
class Answering(State):
    """What is asked, by whom; two equal answers."""

    case: shared.Case
    ask: Ask


@dataclass(frozen=True, slots=True)
class ReadingAnswerOver(State):
    """What will be handed in."""

    case: shared.Case
    ask: Ask
    yes: bool


@dataclass(frozen=True, slots=True)
class Chosen(State):
    """A deed about one's own flat begins."""

    flat: shared.Flat
    deed: Deed


@dataclass(frozen=True, slots=True)
class Registering(State):
    """A lease is to be registered. ``again``: renewed, though nobody can say which."""

    case: shared.Case
    again: bool


@dataclass(frozen=True, slots=True)
class Ending(State):
    """A flat that one lets is to be asked back."""

    case: shared.Case
    let: LetFlat


@dataclass(frozen=True, slots=True)
class Finished(State):
    """The resident goes."""


Here = Listing | AtFlat | AtLetFlat | Answering | ReadingAnswerOver | receipts.ShowingReceipt
Next = Here | Chosen | Registering | Ending | Finished | shared.Ready


# --- what the resident did -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EntryChosen(Event):
    """One of the list, by its reference."""

    ref: str


@dataclass(frozen=True, slots=True)
class RegisterAsked(Event):
    """登记租住; ``again``: 续租, where nobody can say of which flat."""

    again: bool = False


@dataclass(frozen=True, slots=True)
class DeedChosen(Event):
    """What is to be done about this flat."""

    deed: Deed


@dataclass(frozen=True, slots=True)
class EndAsked(Event):
    """The landlord wants the flat back before its day."""


def begin(case: shared.Case) -> Step[Next]:
    """The first screen."""
    return Step(Listing(case))


def advance(state: Here, event: Event) -> Step[Next]:
    """The next screen, and what is to be done now."""
    match state, event:
        case Listing(), _:
            return Step(_listing(state, event))
        case AtFlat(flat), DeedChosen(deed) if open_to(flat, deed):
            return Step(Chosen(flat, deed))
        case AtFlat(flat), receipts.ReceiptAsked() if flat.right.registered:
            return _receipt(receipts.begin(flat.case, flat.right))
        case AtFlat(flat), (h.WentBack() | h.WentOn()):
            return Step(Listing(flat.case))
        case AtLetFlat(case, let), EndAsked() if let.ends and case.takes("departure"):
            return Step(Ending(case, let))
        case AtLetFlat(case, let), receipts.ReceiptAsked() if let.registered:
            return _receipt(receipts.begin(case, let))
        case AtLetFlat(case), (h.WentBack() | h.WentOn()):
            return Step(Listing(case))
        case receipts.ShowingReceipt(), _:
            return _receipt(receipts.advance(state, event))
        case ((Answering() | ReadingAnswerOver()), _):
            return Step(_answer(state, event))
        case _:
            return Step(state)  # late or stray: what it speaks of is no longer on the screen


def _receipt(step: Step[receipts.ShowingReceipt | receipts.Seen]) -> Step[Next]:
    match step.state:
        case receipts.ShowingReceipt() as at:
            return Step(at, step.commands)
        case receipts.Seen(case, of):
            seen = AtFlat(shared.Flat(case, of)) if isinstance(of, OwnRight) else AtLetFlat(case, of)
            return Step(seen, step.commands)


def open_to(flat: shared.Flat, deed: Deed) -> bool:
    """Whether this can be done about this flat by who is here, now."""
    kind = _HANDED_IN.get(deed)
    return fitting(flat.right, deed) and (flat.case.takes(kind) if kind else flat.case.linked)


def fitting(right: OwnRight, deed: Deed) -> bool:
    """Whether it is a deed of such a right at all, as it stands today."""
    match deed:
        case Deed.RENEW:
            return right.renews
        case Deed.PEOPLE:
            return right.takes_in
        case Deed.LEAVE:
            return right.leaves
        case Deed.WAYS:
            return right.choosing or bool(right.ways)
        case Deed.GUEST:
            return right.opens
        case Deed.SLIP:
            return right.choosing


def _listing(state: Listing, event: Event) -> Next:
    case = state.case
    match event:
        case EntryChosen(ref):
            return _entry(state, next((each for each in state.entries if each.ref == ref), None))
        case RegisterAsked(again) if case.takes("tenancy"):
            return Registering(case, again)
        case h.WentOn() if state.more:
            return replace(state, page=state.page + 1)
        case h.WentBack() if state.page:
            return replace(state, page=state.page - 1)
        case h.WentOn() | h.WentBack():
            return Finished()
        case _:
            return state


def _entry(state: Listing, entry: Entry | None) -> Next:
    match entry:
        case Ask() if state.case.takes("answer"):
            return Answering(state.case, entry)
        case OwnRight():
            return AtFlat(shared.Flat(state.case, entry))
        case LetFlat():
            return AtLetFlat(state.case, entry)
        case _:
            return state


def _answer(state: Answering | ReadingAnswerOver, event: Event) -> Next:
    case, ask = state.case, state.ask
    match state, event:
        case Answering(), shared.Answered(yes):
            return ReadingAnswerOver(case, ask, yes)
        case Answering(), h.WentBack():
            return Listing(case)
        case ReadingAnswerOver(yes=yes), h.DataConfirmed():
            return shared.Ready(Answer(case.who, ask.ref, yes), "answer")
        case ReadingAnswerOver(), h.WentBack():
            return Answering(case, ask)
        case _:
            return state
