"""What a touch means: the action string of a target, as an event."""

from collections.abc import Callable

from civic.masking import Personal
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows import leftovers, maintenance, notices, phone, touches
from kiosk.flows.base import Event
from kiosk.flows.check_paper import AnotherShown
from kiosk.flows.comfort import LanguageToggled, LargeTypeToggled, SpeechToggled
from kiosk.flows.correction import LineToggled
from kiosk.flows.errand import LettersToggled, MemberToggled, PersonChosen, Service, WhenChosen
from kiosk.flows.readiness import NOTICES

_PLAIN: dict[str, Callable[[], Event]] = {
    "begin": touches.Begun,
    "clear": touches.Cleared,
    "check-paper": touches.CheckChosen,
    "check-another": AnotherShown,
    "help": touches.HelpToggled,
    "language": LanguageToggled,
    "large_type": LargeTypeToggled,
    "speech": SpeechToggled,
    "extend": touches.Extended,
    "alarm": touches.AlarmHeld,
    "alarm-close": touches.AlarmLeft,
    "goodbye": touches.GoodbyeOver,
    "leftover-seen": leftovers.LeftoverSeen,
    "corner": touches.CornerTapped,
    "back": h.WentBack,
    "on": h.WentOn,
    "anyway": h.WentOnAnyway,
    "agree": h.NoticeAccepted,
    "face": who.FaceChosen,
    "officer": who.OfficerChosen,
    "other-document": who.OtherDocumentChosen,
    "type-page": who.TypingChosen,
    "permit": who.PermitToggled,
    "key-erase": who.KeyErased,
    "key-done": who.EntryFinished,
    "now": lambda: WhenChosen(later=False),
    "later": lambda: WhenChosen(later=True),
    "letters": LettersToggled,
    "looks": notices.LooksAsked,
    "phone": notices.PhoneAsked,
    "phone-change": phone.ChangeAsked,
    "phone-remove": phone.RemovalAsked,
    "code-again": phone.AnotherCodeAsked,
    "issue": h.DataConfirmed,
    "mistake": h.MistakeReported,
    "paper-taken": h.PaperTaken,
    "paper-missing": h.PaperMissed,
    "paper-unreadable": lambda: h.PaperMissed(unreadable=True),
    "erase": maintenance.DigitErased,
    "enter": maintenance.PinEntered,
    "tests": maintenance.TestsAsked,
    "test-print": maintenance.TestPrintAsked,
    "test-strip": lambda: maintenance.TestPrintAsked("thermal_printer"),
    "test-alarm": maintenance.TestAlarmAsked,
    "close": maintenance.ClosingAsked,
    "reopen": maintenance.ReopeningAsked,
    "aside": maintenance.AsideAsked,
    "give-up": maintenance.GivingUpConfirmed,
    "leave": maintenance.LeftMaintenance,
}
_KEYS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_NAMING: dict[str, Callable[[str], Event | None]] = {  # NAME:VALUE
    "purpose": h.PurposeChosen,
    "way": lambda value: who.WayChosen(who.Way(value)) if value in set(who.Way) else None,
    "office": who.ElsewhereAsked,
    "person": PersonChosen,
    "line": LineToggled,
    "member": MemberToggled,
    "key": lambda value: who.KeyPressed(Personal(value)) if value in _KEYS else None,
    "reason": maintenance.ReasonChosen,
    "expected": maintenance.ExpectedChosen,
    "aside": maintenance.AsideChosen,
}
_DIGITS = frozenset(f"digit-{digit}" for digit in "0123456789")


def event_of(
    action: str, service: Callable[[str], Service | None], offers: Callable[[str], who.Offers]
) -> Event | None:
    """The event, or None for an action that no flow knows. ``service``: what the policy says of one, by its kind;
    ``offers``: what may be brought for it, as things are now."""
    if action in _PLAIN:
        return _PLAIN[action]()
    name, _, value = action.partition(":")
    if action == "declare":
        return touches.DeclarationChosen(offers("residence_receipt"))
    if action == NOTICES:
        return touches.NoticesChosen(offers(NOTICES))
    if name == "service":
        chosen = service(value)
        return touches.ServiceChosen(chosen, offers(value)) if chosen else None
    if name in _NAMING:
        return _NAMING[name](value)
    return maintenance.DigitPressed(Personal(action[-1])) if action in _DIGITS else None
