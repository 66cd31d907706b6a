"""手机号码 within 我的通知: show it, change it by a code that a text brings, remove it; it ends in ``Settled``."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.phone_entry import CodeEntry, PhoneEntry
from kiosk.flows.told import Opened, Phone


class Change(StrEnum):
    """What became of the number just now."""

    NONE = ""
    VERIFIED = "verified"
    REMOVED = "removed"


# --- places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShowingPhone(State):
    """The number, masked, and what can be done with it. ``changed``: what was done just now."""

    opened: Opened
    changed: Change = Change.NONE
    problem: str = ""


@dataclass(frozen=True, slots=True)
class EnteringPhone(State):
    """A number is being typed. ``problem``: why no code was sent there."""

    opened: Opened
    entry: PhoneEntry = field(default_factory=PhoneEntry)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SendingCode(State):
    """A code is on its way to the number."""

    opened: Opened
    entry: PhoneEntry


@dataclass(frozen=True, slots=True)
class EnteringCode(State):
    """The code is being typed. ``again``: another one may be asked for; ``problem``: what was wrong with the last."""

    opened: Opened
    entry: PhoneEntry
    code: CodeEntry = field(default_factory=CodeEntry)
    again: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CheckingCode(State):
    """Records compare the code."""

    opened: Opened
    entry: PhoneEntry
    again: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmingRemoval(State):
    """Whether no text is to come any more."""

    opened: Opened


@dataclass(frozen=True, slots=True)
class Removing(State):
    """Records forget the number."""

    opened: Opened


@dataclass(frozen=True, slots=True)
class Settled(State):
    """Back to the notices."""

    opened: Opened


@dataclass(frozen=True, slots=True)
class Outdated(State):
    """Another visit changed the number meanwhile: what was opened counts no longer."""


Here = ShowingPhone | EnteringPhone | SendingCode | EnteringCode | CheckingCode | ConfirmingRemoval | Removing
Next = Here | Settled | Outdated


# --- what the resident did -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangeAsked(Event):
    """Type a number, the first or another one or the same again."""


@dataclass(frozen=True, slots=True)
class RemovalAsked(Event):
    """No texts any more."""


@dataclass(frozen=True, slots=True)
class AnotherCodeAsked(Event):
    """重新发送."""


# --- what records answered -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodeSent(Event):
    """A text with a code has left. ``again_s``: seconds until another one may be asked for."""

    again_s: int


@dataclass(frozen=True, slots=True)
class CodeNotSent(Event):
    """None has: ``code`` is no-texts, too-many, stale or no-link."""

    code: str


@dataclass(frozen=True, slots=True)
class AnotherCodeAllowed(Event):
    """A minute has passed."""


@dataclass(frozen=True, slots=True)
class PhoneChanged(Event):
    """The number counts, or is gone."""

    phone: Phone


@dataclass(frozen=True, slots=True)
class PhoneNotChanged(Event):
    """It stays as it was: ``code`` is wrong-code, too-soon, stale or no-link."""

    code: str


# --- what is to be done ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SendCode(Command):
    """-> CodeSent | CodeNotSent. ``language``: of the text."""

    entry: PhoneEntry
    revision: int
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class AwaitAnotherCode(Command):
    """-> AnotherCodeAllowed, after so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class CheckCode(Command):
    """-> PhoneChanged | PhoneNotChanged."""

    code: CodeEntry


@dataclass(frozen=True, slots=True)
class RemovePhone(Command):
    """-> PhoneChanged | PhoneNotChanged."""

    revision: int


def advance(state: Here, event: Event) -> Step[Next]:
    """The next screen, and what is to be done now."""
    match state:
        case ShowingPhone() | ConfirmingRemoval() | Removing():
            return _at_phone(state, event)
        case EnteringPhone() | SendingCode():
            return _at_number(state, event)
        case EnteringCode() | CheckingCode():
            return _at_code(state, event)


def _at_phone(state: ShowingPhone | ConfirmingRemoval | Removing, event: Event) -> Step[Next]:
    opened = state.opened
    match state, event:
        case ShowingPhone(), ChangeAsked():
            return Step(EnteringPhone(opened))
        case ShowingPhone(), RemovalAsked() if opened.phone.masked:
            return Step(ConfirmingRemoval(opened))
        case ShowingPhone(), (h.WentBack() | h.WentOn()):
            return Step(Settled(opened))
        case ConfirmingRemoval(), RemovalAsked():
            return Step(Removing(opened), (RemovePhone(opened.phone.revision),))
        case ConfirmingRemoval(), h.WentBack():
            return Step(ShowingPhone(opened))
        case Removing(), PhoneChanged(phone):
            return Step(ShowingPhone(replace(opened, phone=phone), Change.REMOVED))
        case Removing(), PhoneNotChanged(code):
            return Step(ShowingPhone(opened, problem=code)) if code != "stale" else Step(Outdated())
        case Removing(), h.JobFailed():
            return Step(ShowingPhone(opened, problem="no-link"))
        case _:
            return Step(state)


def _at_number(state: EnteringPhone | SendingCode, event: Event) -> Step[Next]:
    opened, entry = state.opened, state.entry
    match state, event:
        case EnteringPhone(), who.KeyPressed(key):
            return Step(EnteringPhone(opened, entry.press(key.reveal())))
        case EnteringPhone(), who.KeyErased():
            return Step(EnteringPhone(opened, entry.erase()))
        case EnteringPhone(), who.EntryFinished() if entry.whole:
            return _send(opened, entry)
        case EnteringPhone(), h.WentBack():
            return Step(ShowingPhone(opened))
        case SendingCode(), CodeSent(again_s):
            return Step(EnteringCode(opened, entry), (AwaitAnotherCode(again_s),))
        case SendingCode(), CodeNotSent("stale"):
            return Step(Outdated())
        case SendingCode(), CodeNotSent(code):
            return Step(EnteringPhone(opened, entry, code))
        case SendingCode(), h.JobFailed():
            return Step(EnteringPhone(opened, entry, "no-link"))
        case _:
            return Step(state)


def _at_code(state: EnteringCode | CheckingCode, event: Event) -> Step[Next]:
    opened, entry = state.opened, state.entry
    match state, event:
        case _, AnotherCodeAllowed():
            return Step(replace(state, again=True))
        case EnteringCode(code=code), who.KeyPressed(key):
            return Step(replace(state, code=code.press(key.reveal()), problem=""))
        case EnteringCode(code=code), who.KeyErased():
            return Step(replace(state, code=code.erase(), problem=""))
        case EnteringCode(code=code), who.EntryFinished() if code.whole:
            return Step(CheckingCode(opened, entry, state.again), (CheckCode(code),))
        case EnteringCode(again=True), AnotherCodeAsked():
            return _send(opened, entry)
        case EnteringCode(), h.WentBack():
            return Step(EnteringPhone(opened, entry), (h.StopJobs(),))
        case CheckingCode(), PhoneChanged(phone):
            return Step(ShowingPhone(replace(opened, phone=phone), Change.VERIFIED), (h.StopJobs(),))
        case CheckingCode(), PhoneNotChanged("stale"):
            return Step(Outdated())
        case CheckingCode(), PhoneNotChanged(code):
            return Step(EnteringCode(opened, entry, again=state.again, problem=code))
        case CheckingCode(), h.JobFailed():
            return Step(EnteringCode(opened, entry, again=state.again, problem="no-link"))
        case _:
            return Step(state)


def _send(opened: Opened, entry: PhoneEntry) -> Step[Next]:
    return Step(SendingCode(opened, entry), (SendCode(entry, opened.phone.revision),))
