"""The page of a gate's screen: from a gate that waits, with everything that may happen to it."""

from collections.abc import Sequence
from dataclasses import replace

from civic.comfort import Comfort
from civic.flow import Event, Step
from civic.masking import Personal
from gate.flows import happenings as h
from gate.flows import states as s
from gate.flows import technician as t
from gate.flows import terminal as flow
from gate.flows.typed_code import CODE_DIGITS, MOST_WRONG, Tries
from scripts.draw_flows.draw import Page
from scripts.draw_flows.explore import explore

_OFFERED = s.Conditions(s.Face.OFFERED)
_CONDITIONS = (
    _OFFERED,
    s.Conditions(s.Face.AWAY),
    replace(_OFFERED, held_open=True),
    replace(_OFFERED, door=False),
    replace(_OFFERED, fire=True),
    replace(_OFFERED, closed=True),
)
_LONG_S = 1000.0  # past every limit
EVENTS: Sequence[Event] = (
    flow.Presented("card"),
    flow.Admitted(),
    flow.Admitted(enrols=True),
    flow.NotAdmitted(),
    h.TimePassed(_LONG_S),
    *(h.ConditionsChanged(each) for each in _CONDITIONS),
    *(h.HowAsked(way) for way in s.Way),
    h.DigitTyped(Personal("7")),
    h.FaceInstructed("turn-left", 0.5),
    *(each() for each in (h.GuardAsked, h.WentBack, h.FaceChosen, h.LookAsked, h.TypingChosen)),
    *(each() for each in (h.DigitErased, h.CodeFinished, h.DoorFailed, h.FaceEnrolled, h.EnrolmentFailed)),
    *(each() for each in (h.EnrolmentOffered, h.EnrolmentAgreed, h.EnrolmentDeclined)),
    t.PinDigit(Personal("7")),
    *(each() for each in (t.CornerTapped, t.PinErased, t.PinEntered, t.PinAccepted, t.PinRefused, t.LeftService)),
    t.DoorTestAsked(),
    t.DoorTested(opened=True),
    t.DoorTested(opened=False),
)


def gate_page() -> Page:
    """Its file of docs/flows."""
    arrows = explore([_plain(flow.Terminal(conditions=_OFFERED))], _advance, EVENTS, _box)
    return Page("What a gate's screen does", "gate/flows/terminal.py", s.At.__args__, arrows)


def _advance(terminal: flow.Terminal, event: Event) -> Step[flow.Terminal]:
    step = flow.advance(terminal, event)
    return Step(_plain(step.state), step.commands)


def _plain(terminal: flow.Terminal) -> flow.Terminal:
    """Without what would make them infinitely many: one key from a complete code, one try from a pause."""
    tries = terminal.tries if terminal.tries.paused else Tries((0.0,) * (MOST_WRONG - 1))
    match terminal.at:
        case s.TypingCode(typed) if len(typed.reveal()) < CODE_DIGITS:
            at: s.At = s.TypingCode(Personal("7" * (CODE_DIGITS - 1)))
        case s.Idle():
            at = s.Idle()
        case s.EnteringPin(pin) if pin.reveal():
            at = s.EnteringPin(Personal("7"))
        case _:
            at = terminal.at
    return replace(terminal, at=at, comfort=Comfort(), tries=tries, waited=0.0, untouched=0.0)


def _box(terminal: flow.Terminal) -> str:
    return type(terminal.at).__name__
