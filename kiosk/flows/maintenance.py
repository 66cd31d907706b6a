"""A technician at the hidden corner: PIN, one page, test print, out of service. No personal data anywhere."""

from dataclasses import dataclass
from typing import assert_never

from civic.masking import Personal
from civic.pin_entry import with_digit, without_last
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.happenings import JobFailed, StopJobs

NO_PIN = Personal("")
REASONS = ("paper", "repair", "network", "moved", "cleaning")
REVOKED = "revoked"  # by records: nobody here can end that
UNKNOWN = "unknown"
EXPECTED = ("one-hour", "tonight", "tomorrow-morning", UNKNOWN)
AGAIN = "again"
ASIDE = (AGAIN, "told-resident", "done-at-desk", "was-a-test")
"""Send once more what records refused; or give it up, and why that wrongs nobody."""


_ALARM = "alarm-"  # what the page says of a test alarm; any other action takes its place


@dataclass(frozen=True, slots=True)
class EnteringPin(State):
    """``pin`` masks itself. ``wrong``: the last try was; ``locked_minutes``: no try is taken for so long; ``unset``:
    this kiosk has no PIN yet."""

    pin: Personal = NO_PIN
    checking: bool = False
    wrong: bool = False
    locked_minutes: int = 0
    unset: bool = False


@dataclass(frozen=True, slots=True)
class Page(State):
    """The one page. ``said``: what the last action came to, a catalogue key under ``maintenance.said``."""

    closed: tuple[str, str] | None
    said: str = ""
    busy: bool = False


@dataclass(frozen=True, slots=True)
class ChoosingTest(State):
    """What is to be tried. ``closed``: as the page had it."""

    closed: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class ChoosingReason(State):
    """Why the kiosk goes out of service."""


@dataclass(frozen=True, slots=True)
class ChoosingExpected(State):
    """When it is expected back."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChoosingAside(State):
    """What becomes of intakes that records refused. ``closed``: as the page had it."""

    closed: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class GivingUp(State):
    """All that was refused is given up once this is answered; ``what``: why, one of ASIDE. ``closed``: as the page had
    it."""

    closed: tuple[str, str] | None
    what: str


@dataclass(frozen=True, slots=True)
class Gone(State):
    """The technician has left."""


Here = EnteringPin | Page | ChoosingTest | ChoosingReason | ChoosingExpected | ChoosingAside | GivingUp | Gone


@dataclass(frozen=True, slots=True)
class DigitPressed(Event):
    """One digit of the PIN."""

    digit: Personal


@dataclass(frozen=True, slots=True)
class DigitErased(Event):
    """The last digit is taken back."""


@dataclass(frozen=True, slots=True)
class PinEntered(Event):
    """The PIN is complete."""


@dataclass(frozen=True, slots=True)
class PinAccepted(Event):
    """``closed``: reason and expected time while out of service."""

    closed: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class PinRefused(Event):
    """``locked_minutes``: no further try for so long (0: try again). ``unset``: there is no PIN to match."""

    locked_minutes: int
    unset: bool = False


@dataclass(frozen=True, slots=True)
class TestsAsked(Event):
    """Try something."""


@dataclass(frozen=True, slots=True)
class TestPrintAsked(Event):
    """A test page or strip, marked 测试·无效, of the printer with this name."""

    printer: str = "page_printer"


@dataclass(frozen=True, slots=True)
class TestPrintEnded(Event):
    """``said``: printed, or the printer's reason."""

    said: str


@dataclass(frozen=True, slots=True)
class TestAlarmAsked(Event):
    """A call for help, marked as a test."""


@dataclass(frozen=True, slots=True)
class TestAlarmAnswered(Event):
    """``reached``: calling, seen, nobody or away, again whenever that changes."""

    reached: str


@dataclass(frozen=True, slots=True)
class ClosingAsked(Event):
    """Take the kiosk out of service."""


@dataclass(frozen=True, slots=True)
class ReasonChosen(Event):
    """One of REASONS."""

    reason: str


@dataclass(frozen=True, slots=True)
class ExpectedChosen(Event):
    """One of EXPECTED."""

    expected: str


@dataclass(frozen=True, slots=True)
class ReopeningAsked(Event):
    """Back into service."""


@dataclass(frozen=True, slots=True)
class AsideAsked(Event):
    """See to the intakes that records refused."""


@dataclass(frozen=True, slots=True)
class AsideChosen(Event):
    """One of ASIDE."""

    what: str


@dataclass(frozen=True, slots=True)
class GivingUpConfirmed(Event):
    """Yes, all of it, for good."""


@dataclass(frozen=True, slots=True)
class LeftMaintenance(Event):
    """The technician is done."""


@dataclass(frozen=True, slots=True)
class CheckPin(Command):
    """-> PinAccepted | PinRefused. Counts tries in the store before it looks."""

    pin: Personal


@dataclass(frozen=True, slots=True)
class PrintTestPage(Command):
    """-> TestPrintEnded."""

    printer: str = "page_printer"


@dataclass(frozen=True, slots=True)
class RingTestAlarm(Command):
    """Done at once; -> TestAlarmAnswered, for as long as the technician is here."""


@dataclass(frozen=True, slots=True)
class CloseKiosk(Command):
    """Done at once, and persisted."""

    reason: str
    expected: str


@dataclass(frozen=True, slots=True)
class ReopenKiosk(Command):
    """Done at once, and persisted."""


@dataclass(frozen=True, slots=True)
class SettleAside(Command):
    """Done at once, and persisted: all that lies aside is sent again, or given up for a reason: one of ASIDE."""

    what: str


@dataclass(frozen=True, slots=True)
class NoteLeaving(Command):
    """Done at once: the audit hears that the technician left."""


def begin() -> Here:
    """The keypad."""
    return EnteringPin()


def advance(state: Here, event: Event) -> Step[Here]:
    """The next page, and what is to be done now."""
    match state:
        case EnteringPin():
            return _let_in(state, event)
        case Page():
            return _on_page(state, event)
        case ChoosingTest(closed):
            return _test(closed, event) or _back(state, closed, event)
        case ChoosingReason() | ChoosingExpected():
            return _close(state, event) or _back(state, None, event)
        case ChoosingAside(closed):
            return _settle(closed, event) or _back(state, closed, event)
        case GivingUp():
            return _give_up(state, event)
        case Gone():
            return Step(state)
        case _:
            assert_never(state)


def _let_in(state: EnteringPin, event: Event) -> Step[Here]:
    match event:
        case PinAccepted(closed):
            return Step(Page(closed))
        case PinRefused(minutes, unset):
            return Step(EnteringPin(wrong=True, locked_minutes=minutes, unset=unset))
        case JobFailed() if state.checking:
            return Step(EnteringPin(wrong=True))
        case LeftMaintenance():
            return Step(Gone(), (StopJobs(),))  # an answer that comes now opens nothing for whoever comes next
        case _:
            return Step(state) if state.checking else _type(state, event)


def _type(state: EnteringPin, event: Event) -> Step[Here]:
    """While locked, what stands there can only be taken back."""
    locked = bool(state.locked_minutes)
    match event:
        case DigitErased():
            return Step(EnteringPin(without_last(state.pin)))
        case DigitPressed(digit) if not locked:
            return Step(EnteringPin(with_digit(state.pin, digit)))
        case PinEntered() if state.pin.reveal() and not locked:
            return Step(EnteringPin(checking=True), (CheckPin(state.pin),))
        case _:
            return Step(state)


def _on_page(state: Page, event: Event) -> Step[Here]:
    match event:
        case TestPrintEnded(said):
            return Step(Page(state.closed, said))
        case JobFailed() if state.busy:
            return Step(Page(state.closed, "other"))
        case _:
            return Step(state) if state.busy else _asked(state, event)


def _asked(state: Page, event: Event) -> Step[Here]:
    """What the technician begins, and a test alarm's answer while nothing else has taken its place."""
    closed = state.closed
    match event:
        case TestsAsked():
            return Step(ChoosingTest(closed))
        case AsideAsked():
            return Step(ChoosingAside(closed))
        case TestAlarmAnswered(reached) if state.said.startswith(_ALARM):
            return Step(Page(closed, f"{_ALARM}{reached}"))
        case ClosingAsked() if closed is None:
            return Step(ChoosingReason())
        case ReopeningAsked() if closed is not None:
            return _reopen(closed)
        case LeftMaintenance():
            return Step(Gone(), (NoteLeaving(),))
        case _:
            return Step(state)


def _reopen(closed: tuple[str, str]) -> Step[Here]:
    if closed[0] == REVOKED:
        return Step(Page(closed, "revoked"))
    return Step(Page(None, "reopened"), (ReopenKiosk(),))


def _test(closed: tuple[str, str] | None, event: Event) -> Step[Here] | None:
    match event:
        case TestPrintAsked(printer):
            return Step(Page(closed, "printing", busy=True), (PrintTestPage(printer),))
        case TestAlarmAsked():
            return Step(Page(closed, f"{_ALARM}ringing"), (RingTestAlarm(),))
        case _:
            return None


def _close(state: ChoosingReason | ChoosingExpected, event: Event) -> Step[Here] | None:
    match state, event:
        case ChoosingReason(), ReasonChosen(reason) if reason in REASONS:
            return Step(ChoosingExpected(reason))
        case ChoosingExpected(reason), ExpectedChosen(expected) if expected in EXPECTED:
            return Step(Page((reason, expected), "closed"), (CloseKiosk(reason, expected),))
        case _:
            return None


def _settle(closed: tuple[str, str] | None, event: Event) -> Step[Here] | None:
    """Sent again at once; given up only after a second question."""
    match event:
        case AsideChosen(what) if what == AGAIN:
            return _settled(closed, what)
        case AsideChosen(what) if what in ASIDE:
            return Step(GivingUp(closed, what))
        case _:
            return None


def _give_up(state: GivingUp, event: Event) -> Step[Here]:
    match event:
        case GivingUpConfirmed():
            return _settled(state.closed, state.what)
        case LeftMaintenance():
            return Step(ChoosingAside(state.closed))
        case _:
            return Step(state)


def _settled(closed: tuple[str, str] | None, what: str) -> Step[Here]:
    return Step(Page(closed, f"aside-{what}"), (SettleAside(what),))


def _back(state: Here, closed: tuple[str, str] | None, event: Event) -> Step[Here]:
    return Step(Page(closed) if isinstance(event, LeftMaintenance) else state)
