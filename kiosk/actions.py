"""What a touch means: the action string of a target, as an event."""

from collections.abc import Callable

from civic.masking import Personal
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows import leftovers, maintenance, notices, pages, phone, tenancy_case, touches
from kiosk.flows import tenancy_codes as codes
from kiosk.flows import tenancy_draft as lease
from kiosk.flows import tenancy_mine as mine
from kiosk.flows import tenancy_people as people
from kiosk.flows import tenancy_receipts as receipts
from kiosk.flows import tenancy_ways as ways
from kiosk.flows.base import Event
from kiosk.flows.check_paper import AnotherShown
from kiosk.flows.comfort import LanguageToggled, LargeTypeToggled, SpeechToggled
from kiosk.flows.correction import LineToggled
from kiosk.flows.errand import LettersToggled, MemberToggled, PersonChosen, Service, WhenChosen
from kiosk.flows.readiness import NOTICES, TENANCY

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
    "register": mine.RegisterAsked,
    "register-again": lambda: mine.RegisterAsked(again=True),
    "ask-end": mine.EndAsked,
    "receipt": receipts.ReceiptAsked,
    "other-day": tenancy_case.OtherDayAsked,
    "yes": lambda: tenancy_case.Answered(yes=True),
    "no": lambda: tenancy_case.Answered(yes=False),
    "pages": pages.PagesAsked,
    "no-pages": pages.LaterChosen,
    "page-next": pages.NextPageAsked,
    "page-again": pages.AgainAsked,
    "page-earlier": lambda: pages.PageTurned(-1),
    "page-later": lambda: pages.PageTurned(1),
    "comer": people.ComerAsked,
    "comer-out": people.ComerLeftOut,
    "add-card": ways.CardAsked,
    "add-phone": ways.LinkAsked,
    "add-face": ways.FaceAsked,
    "report-loss": ways.LossAsked,
    "print-code": codes.PrintAsked,
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
_KEYS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
_NAMING: dict[str, Callable[[str], Event | None]] = {  # NAME:VALUE
    "purpose": h.PurposeChosen,
    "way": lambda value: who.WayChosen(who.Way(value)) if value in set(who.Way) else None,
    "office": who.ElsewhereAsked,
    "person": PersonChosen,
    "line": LineToggled,
    "member": MemberToggled,
    "key": lambda value: who.KeyPressed(Personal(value)) if value in _KEYS else None,
    "entry": mine.EntryChosen,
    "deed": lambda value: mine.DeedChosen(mine.Deed(value)) if value in set(mine.Deed) else None,
    "months": lambda value: lease.MonthsChosen(int(value)) if value.isdecimal() else None,
    "days": lambda value: tenancy_case.DayChosen(int(value)) if value.isdecimal() else None,
    "wish": lease.WayToggled,
    "lost": ways.LostChosen,
    "reason": maintenance.ReasonChosen,
    "expected": maintenance.ExpectedChosen,
    "aside": maintenance.AsideChosen,
}
_OFFERED: dict[str, tuple[Callable[[who.Offers], Event], str]] = {  # and whose documents may be brought
    "declare": (touches.DeclarationChosen, "residence_receipt"),
    NOTICES: (touches.NoticesChosen, NOTICES),
    "renting": (touches.RentingChosen, TENANCY),
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
    if action in _OFFERED:
        begun, like = _OFFERED[action]
        return begun(offers(like))
    if name == "service":
        chosen = service(value)
        return touches.ServiceChosen(chosen, offers(value)) if chosen else None
    if name in _NAMING:
        return _NAMING[name](value)
    return maintenance.DigitPressed(Personal(action[-1])) if action in _DIGITS else None
