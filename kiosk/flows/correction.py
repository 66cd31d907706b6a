"""信息有误: which lines of one's own row are wrong. Nothing is typed: what is right, papers say at the window.

Read over, and handed in as everything that an officer decides (kiosk.flows.hand_in); no paper is made of a row that is
said to be wrong. Diagram: docs/flows/correction.md, drawn from this file.
"""

from dataclasses import dataclass

from kiosk.flows import hand_in
from kiosk.flows import happenings as h
from kiosk.flows.base import Event, State, Step
from kiosk.flows.details import Case

EACH_PAGE = 4
"""Lines on one page: as many as stand there without scrolling."""

_NUMBER = "id_number"  # by which the row is found: who has another one is helped by a person


@dataclass(frozen=True, slots=True)
class ChoosingLines(State):
    """Each line of the own row can be said to be wrong, or no longer."""

    case: Case
    chosen: tuple[str, ...] = ()
    page: int = 0

    @property
    def shown(self) -> tuple[h.OwnField, ...]:
        """Those of this page."""
        return lines(self.case)[self.page * EACH_PAGE : (self.page + 1) * EACH_PAGE]

    @property
    def more(self) -> bool:
        """Whether others follow."""
        return len(lines(self.case)) > (self.page + 1) * EACH_PAGE


@dataclass(frozen=True, slots=True)
class ReadingOver(State):
    """What will be handed in."""

    case: Case
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandingIn(State):
    """Kept, received, slip (kiosk.flows.hand_in)."""

    at: hand_in.Here


@dataclass(frozen=True, slots=True)
class Unchanged(State):
    """Nothing is said to be wrong after all."""

    case: Case


@dataclass(frozen=True, slots=True)
class Finished(State):
    """The service ends."""

    served: bool


Here = ChoosingLines | ReadingOver | HandingIn | Unchanged | Finished


@dataclass(frozen=True, slots=True)
class LineToggled(Event):
    """A line is wrong, or it is not; ``name`` is its field's."""

    name: str


def lines(case: Case) -> tuple[h.OwnField, ...]:
    """What can be said to be wrong."""
    return tuple(field for field in case.own.fields if field.name != _NUMBER)


def is_offered(case: Case) -> bool:
    """Whether this can be handed in: it is taken now, and it is about one's own row."""
    return case.errand.offers.correction and case.child is None and _who(case) is not None


def begin(case: Case) -> Here:
    """The first screen."""
    return ChoosingLines(case)


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case ChoosingLines(), _:
            return Step(_choose(state, event))
        case ReadingOver(case, chosen), h.DataConfirmed() if (who := _who(case)) is not None:
            return _keep(hand_in.begin(hand_in.Correction(who, chosen)))
        case ReadingOver(case, chosen), h.WentBack():
            return Step(ChoosingLines(case, chosen))
        case HandingIn(at), _:
            return _keep(hand_in.advance(at, event))
        case _:
            return Step(state)  # late or stray


def _choose(state: ChoosingLines, event: Event) -> Here:
    case, chosen, page = state.case, state.chosen, state.page
    match event:
        case LineToggled(name):
            return ChoosingLines(case, _toggled(case, chosen, name), page)
        case h.WentOn() if state.more:
            return ChoosingLines(case, chosen, page + 1)
        case h.WentOn() if chosen:
            return ReadingOver(case, chosen)
        case h.WentBack() if page:
            return ChoosingLines(case, chosen, page - 1)
        case h.WentBack():
            return Unchanged(case)
        case _:
            return state


def _toggled(case: Case, chosen: tuple[str, ...], name: str) -> tuple[str, ...]:
    """In the order of the row, whatever the order of the touches."""
    wrong = set(chosen) ^ {name}
    return tuple(field.name for field in lines(case) if field.name in wrong)


def _who(case: Case) -> hand_in.Declarant | None:
    """As the register has them: they were proven to be that person."""
    own = {field.name: field.value for field in case.own.fields}
    if "name" not in own or _NUMBER not in own:
        return None
    return hand_in.Declarant(own["name"], own[_NUMBER], proven=True)


def _keep(step: Step[hand_in.Here]) -> Step[Here]:
    match step.state:
        case hand_in.Done(served):
            return Step(Finished(served), step.commands)
        case at:
            return Step(HandingIn(at), step.commands)
