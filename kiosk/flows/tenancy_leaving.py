"""提前结束: I leave and give up my right; or, of a flat that I let, I ask that it ends before its day. What it means,
which day, read over, handed in. Diagram: docs/flows/tenancy_leaving.md, drawn from this file.
"""

from dataclasses import dataclass, field
from datetime import date

from civic.masking import Personal
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows import lease_days as days
from kiosk.flows import tenancy_case as shared
from kiosk.flows.base import Event, State, Step
from kiosk.flows.contents import Departure
from kiosk.flows.day_entry import DayEntry
from kiosk.flows.tenancy_told import LetFlat, OwnRight


@dataclass(frozen=True, slots=True)
class Leave:
    """What is to end: one's own ``right``, or the ``tenancy`` of a flat that one lets; the other is empty. ``last``:
    the day on which it ends anyway, None: never."""

    case: shared.Case
    address: Personal
    last: date | None
    right: str = ""
    tenancy: str = ""

    @property
    def letting(self) -> bool:
        """Whether it is the landlord who asks."""
        return bool(self.tenancy)

    @property
    def latest(self) -> date:
        """The last day that may be typed."""
        return self.last or days.last_day(self.case.today, days.LONGEST_MONTHS)


@dataclass(frozen=True, slots=True)
class ReadingMeaning(State):
    """What ends and what stays, who is told, who helps when both disagree."""

    leave: Leave


@dataclass(frozen=True, slots=True)
class ChoosingDay(State):
    """Today, or another day."""

    leave: Leave


@dataclass(frozen=True, slots=True)
class EnteringDay(State):
    """A day up to the last."""

    leave: Leave
    entry: DayEntry = field(default_factory=DayEntry)


@dataclass(frozen=True, slots=True)
class ReadingOver(State):
    """What will be handed in."""

    leave: Leave
    day: date = field(repr=False)


Here = ReadingMeaning | ChoosingDay | EnteringDay | ReadingOver
Next = Here | shared.Ready | shared.Back


def leave(case: shared.Case, right: OwnRight) -> Step[Next]:
    """One's own. ``right.leaves``."""
    return Step(ReadingMeaning(Leave(case, right.address, right.ends_on, right=right.ref)))


def end(case: shared.Case, flat: LetFlat) -> Step[Next]:
    """Of a flat that one lets."""
    return Step(ReadingMeaning(Leave(case, flat.address, flat.ends_on, tenancy=flat.ref)))


def advance(state: Here, event: Event) -> Step[Next]:
    """The next screen, and what is to be done now."""
    at = state.leave
    match state, event:
        case ReadingMeaning(), h.WentOn():
            return Step(ChoosingDay(at))
        case ReadingMeaning(), h.WentBack():
            return Step(shared.Back())
        case ChoosingDay(), shared.DayChosen(0):
            return Step(ReadingOver(at, at.case.today))
        case ChoosingDay(), shared.OtherDayAsked():
            return Step(EnteringDay(at))
        case ChoosingDay(), h.WentBack():
            return Step(ReadingMeaning(at))
        case EnteringDay(), _:
            return Step(_day(state, event))
        case ReadingOver(day=day), h.DataConfirmed():
            content = Departure(at.case.who, day, at.right, at.tenancy)
            return Step(shared.Ready(content, "end" if at.letting else "leave"))
        case ReadingOver(), h.WentBack():
            return Step(ChoosingDay(at))
        case _:
            return Step(state)


def _day(state: EnteringDay, event: Event) -> Next:
    at, entry = state.leave, state.entry
    match event:
        case who.KeyPressed(key):
            return EnteringDay(at, entry.press(key.reveal(), max(at.latest, at.case.today), at.case.today))
        case who.KeyErased():
            return EnteringDay(at, entry.erase())
        case who.EntryFinished() if day := entry.day:
            return ReadingOver(at, day)
        case h.WentBack():
            return ChoosingDay(at)
        case _:
            return state
