"""When quiet means that nobody is there (WCAG 2.2.1: a warning of at least 20 s, extended by one touch)."""

from dataclasses import dataclass

from kiosk.flows import household_certificate as certificate
from kiosk.flows import visit as flow
from kiosk.flows.base import Event

_GOODBYE_S = 6
_LEFTOVER_PAPER_S = 120
_ALARM_S = 300


@dataclass(frozen=True, slots=True)
class IdleTimes:
    """Seconds; from the policy."""

    idle: int = 60
    idle_accessible: int = 120
    warning: int = 20
    extensions: int = 10


def due(visit: flow.Visit, quiet: float, times: IdleTimes) -> Event | None:
    """What the passing of time means now. ``quiet``: seconds since the last touch or change of screen."""
    match visit.place:
        case flow.SayingGoodbye():
            return flow.GoodbyeOver() if quiet >= _GOODBYE_S else None
        case flow.Leftover(card=False):
            return flow.LeftoverSeen() if quiet >= _LEFTOVER_PAPER_S else None
        case flow.Alarm():
            return flow.AlarmLeft() if quiet >= _ALARM_S else None
        case flow.Serving(certificate.FacingCamera()):
            return None  # looking without touching is what was asked for; each try ends by itself
        case _:
            return _quiet(visit, quiet, times) if flow.may_go_quiet(visit) else None


def _quiet(visit: flow.Visit, quiet: float, times: IdleTimes) -> Event | None:
    patient = visit.comfort.large or visit.comfort.speech
    left = (times.idle_accessible if patient else times.idle) + times.warning - quiet
    if left <= 0 or (left <= times.warning and visit.extensions >= times.extensions):
        return flow.Cleared()
    seconds = round(left)
    if left <= times.warning and (visit.overlay is not flow.Overlay.IDLE or visit.seconds_left != seconds):
        return flow.WentQuiet(seconds)
    return None
