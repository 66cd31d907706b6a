"""When quiet means that nobody is there (WCAG 2.2.1: a warning of at least 20 s, extended by one touch)."""

from dataclasses import dataclass
from math import ceil

from kiosk.flows import happenings as h
from kiosk.flows import issuing, leftovers, touches
from kiosk.flows import visit as flow
from kiosk.flows.base import Event

_TICK_S = 1  # asked once a second, a warning may come so much late; it stands for its whole time all the same
_GOODBYE_S = 6
_LOOKING_S = 20
_LEFTOVER_PAPER_S = 120
_ALARM_S = 300
_CALLS = 2


@dataclass(frozen=True, slots=True)
class IdleTimes:
    """Seconds; from the policy."""

    idle: int = 60
    idle_accessible: int = 120
    warning: int = 20
    extensions: int = 10
    paper: int = 30


def due(visit: flow.Visit, quiet: float, times: IdleTimes) -> Event | None:
    """What the passing of time means now. ``quiet``: seconds since the last touch or change of screen."""
    match visit.place:
        case flow.SayingGoodbye():
            return touches.GoodbyeOver() if quiet >= _GOODBYE_S else None
        case leftovers.LookingForLeftovers():
            return leftovers.LeftoverSeen() if quiet >= _LOOKING_S else None
        case leftovers.Leftover(card=False):
            return leftovers.LeftoverSeen() if quiet >= _LEFTOVER_PAPER_S else None
        case flow.Alarm():
            return touches.AlarmLeft() if quiet >= _ALARM_S else None
        case _:
            return _quiet(visit, quiet, times) if flow.may_go_quiet(visit) else None


def _quiet(visit: flow.Visit, quiet: float, times: IdleTimes) -> Event | None:
    patient = visit.comfort.large or visit.comfort.speech
    idle = times.idle_accessible if patient else times.idle
    warned_for = quiet - idle
    if warned_for < 0:
        return _untaken(flow.innermost(visit), quiet, times.paper, idle)
    left = times.warning + _TICK_S - warned_for
    if left <= 0 or visit.extensions >= times.extensions:
        return touches.Cleared()
    seconds = min(ceil(left), times.warning)
    if visit.overlay is flow.Overlay.IDLE and visit.seconds_left == seconds:
        return None
    return touches.WentQuiet(seconds)


def _untaken(state: object, quiet: float, first: int, idle: int) -> Event | None:
    """A paper that lies there is called out twice before the warning: when the policy says so, in the middle of the
    time to the warning at the latest, and half way on from there."""
    if not isinstance(state, issuing.TakingPaper) or state.called >= _CALLS:
        return None
    at = min(first, idle / 2)
    return h.PaperUntaken() if quiet >= (at + idle) / 2 or (quiet >= at and not state.called) else None
