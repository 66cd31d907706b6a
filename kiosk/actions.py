"""What a touch means: the action string of a target, as an event."""

from collections.abc import Callable

from civic.masking import Personal
from kiosk.flows import happenings as h
from kiosk.flows import maintenance, visit
from kiosk.flows.base import Event

_PLAIN: dict[str, Callable[[], Event]] = {
    "begin": visit.Begun,
    "clear": visit.Cleared,
    "help": visit.HelpToggled,
    "language": visit.LanguageToggled,
    "large_type": visit.LargeTypeToggled,
    "speech": visit.SpeechToggled,
    "extend": visit.Extended,
    "alarm": visit.AlarmHeld,
    "alarm-close": visit.AlarmLeft,
    "goodbye": visit.GoodbyeOver,
    "leftover-seen": visit.LeftoverSeen,
    "corner": visit.CornerTapped,
    "back": h.WentBack,
    "on": h.WentOn,
    "anyway": h.WentOnAnyway,
    "agree": h.NoticeAccepted,
    "face": h.FaceChosen,
    "other-way": h.OtherWayChosen,
    "issue": h.DataConfirmed,
    "mistake": h.MistakeReported,
    "paper-taken": h.PaperTaken,
    "paper-missing": h.PaperMissed,
    "paper-unreadable": lambda: h.PaperMissed(unreadable=True),
    "erase": maintenance.DigitErased,
    "enter": maintenance.PinEntered,
    "test-print": maintenance.TestPrintAsked,
    "close": maintenance.ClosingAsked,
    "reopen": maintenance.ReopeningAsked,
    "leave": maintenance.LeftMaintenance,
}
_DIGITS = frozenset(f"digit-{digit}" for digit in "0123456789")


def event_of(action: str, purposes: Callable[[str], tuple[h.Purpose, ...]]) -> Event | None:
    """The event, or None for an action that no flow knows. ``purposes``: what the policy offers for a service."""
    if action in _PLAIN:
        return _PLAIN[action]()
    name, _, value = action.partition(":")
    match name:
        case "service":
            return visit.ServiceChosen(value, purposes(value))
        case "purpose":
            return h.PurposeChosen(value)
        case "reason":
            return maintenance.ReasonChosen(value)
        case "expected":
            return maintenance.ExpectedChosen(value)
        case _:
            return maintenance.DigitPressed(Personal(action[-1])) if action in _DIGITS else None
