"""A technician at the hidden corner: PIN, one page, test print, out of service. No personal data anywhere."""

from dataclasses import dataclass

from civic.masking import Personal
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.happenings import JobFailed, StopJobs

PIN_LONGEST = 12
NO_PIN = Personal("")
REASONS = ("paper", "repair", "network", "moved", "cleaning")
REVOKED = "revoked"  # by records: nobody here can end that
UNKNOWN = "unknown"
EXPECTED = ("one-hour", "tonight", "tomorrow-morning", UNKNOWN)
ASIDE = ("again", "told-resident", "done-at-desk", "was-a-test")
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
class Gone(State):
    """The technician has left."""


Here = EnteringPin | Page | ChoosingTest | ChoosingReason | ChoosingExpected | ChoosingAside | Gone


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
    match state, event:
        case EnteringPin(pin, checking=False, locked_minutes=0), DigitPressed(digit):
            return Step(EnteringPin(Personal((pin.reveal() + digit.reveal())[:PIN_LONGEST])))
        case EnteringPin(pin, checking=False), DigitErased():
            return Step(EnteringPin(Personal(pin.reveal()[:-1])))
        case EnteringPin(pin, checking=False, locked_minutes=0), PinEntered() if pin.reveal():
            return Step(EnteringPin(checking=True), (CheckPin(pin),))
        case EnteringPin(), PinAccepted(closed):
            return Step(Page(closed))
        case EnteringPin(), PinRefused(minutes, unset):
            return Step(EnteringPin(wrong=True, locked_minutes=minutes, unset=unset))
        case EnteringPin(checking=True), JobFailed():
            return Step(EnteringPin(wrong=True))
        case EnteringPin(), LeftMaintenance():
            return Step(Gone(), (StopJobs(),))  # an answer that comes now opens nothing for whoever comes next
        case Page(closed, busy=False), TestsAsked():
            return Step(ChoosingTest(closed))
        case ChoosingTest(closed), TestPrintAsked(printer):
            return Step(Page(closed, "printing", busy=True), (PrintTestPage(printer),))
        case ChoosingTest(closed), TestAlarmAsked():
            return Step(Page(closed, f"{_ALARM}ringing"), (RingTestAlarm(),))
        case Page(closed), TestPrintEnded(said):
            return Step(Page(closed, said))
        case Page(closed, busy=True), JobFailed():
            return Step(Page(closed, "other"))
        case Page(closed, said, busy=False), TestAlarmAnswered(reached) if said.startswith(_ALARM):
            return Step(Page(closed, f"{_ALARM}{reached}"))
        case Page(closed=None, busy=False), ClosingAsked():
            return Step(ChoosingReason())
        case Page(closed=("revoked" as reason, expected), busy=False), ReopeningAsked():
            return Step(Page((reason, expected), "revoked"))
        case Page(closed=(_, _), busy=False), ReopeningAsked():
            return Step(Page(None, "reopened"), (ReopenKiosk(),))
        case Page(busy=False), LeftMaintenance():
            return Step(Gone(), (NoteLeaving(),))
        case ChoosingReason(), ReasonChosen(reason) if reason in REASONS:
            return Step(ChoosingExpected(reason))
        case ChoosingExpected(reason), ExpectedChosen(expected) if expected in EXPECTED:
            return Step(Page((reason, expected), "closed"), (CloseKiosk(reason, expected),))
        case ((ChoosingReason() | ChoosingExpected()), LeftMaintenance()):
            return Step(Page(None))
        case Page(closed, busy=False), AsideAsked():
            return Step(ChoosingAside(closed))
        case ChoosingAside(closed), AsideChosen(what) if what in ASIDE:
            return Step(Page(closed, f"aside-{what}"), (SettleAside(what),))
        case ((ChoosingTest(closed) | ChoosingAside(closed)), LeftMaintenance()):
            return Step(Page(closed))
        case _:
            return Step(state)
