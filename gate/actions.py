"""What a touch means: the action string of a target, as an event."""

from collections.abc import Callable

from civic.comfort import LanguageToggled, LargeTypeToggled, SpeechToggled
from civic.flow import Event
from civic.masking import Personal
from gate.flows import happenings as h
from gate.flows import technician as t
from gate.flows.states import Way

_PLAIN: dict[str, Callable[[], Event]] = {
    "large_type": LargeTypeToggled,
    "speech": SpeechToggled,
    "language": LanguageToggled,
    "help": h.HelpToggled,
    "guard": h.GuardAsked,
    "back": h.WentBack,
    "face": h.FaceChosen,
    "look": h.LookAsked,
    "type": h.TypingChosen,
    "key-erase": h.DigitErased,
    "key-done": h.CodeFinished,
    "agree": h.EnrolmentAgreed,
    "decline": h.EnrolmentDeclined,
    "corner": t.CornerTapped,
    "erase": t.PinErased,
    "enter": t.PinEntered,
    "test-door": t.DoorTestAsked,
    "leave": t.LeftService,
}
_WAYS = frozenset(f"how:{way.value}" for way in Way)
_DIGITS = frozenset(f"key:{digit}" for digit in "0123456789")
_PIN_DIGITS = frozenset(f"digit-{digit}" for digit in "0123456789")


def event_of(action: str) -> Event | None:
    """The event, or None for an action that no flow knows."""
    if action in _PLAIN:
        return _PLAIN[action]()
    value = action.partition(":")[2]
    if action in _PIN_DIGITS:
        return t.PinDigit(Personal(action[-1]))
    if action in _WAYS:
        return h.HowAsked(Way(value))
    return h.DigitTyped(Personal(value)) if action in _DIGITS else None
