"""我的通知: what records have to tell a resident, who looked at their data, and the number of their phone. Diagram:
docs/flows/notices.md, drawn from this file.

Who one is and that it is them are the flows of every service (claim, proof). Nothing is shown before.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from kiosk.flows import claim, parting, proof
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.phone_entry import CodeEntry, PhoneEntry

EACH_PAGE = 3
"""Cards on one page: as many as stand there in large type too."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. ``kind``: of backend_client.contract.messages; ``ref``: a serial or a number; ``state``: a
    code."""

    kind: str
    at: datetime
    ref: str = field(default="", repr=False)
    state: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody on duty looked at the resident's data: their role, what for, and under which ticket."""

    at: datetime
    reader: str
    purpose: str = field(repr=False)
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Phone:
    """The number that texts go to. ``masked``: as ``138****5678``, "" for none; ``due``: it has to be verified again,
    ``due_soon``: within a month."""

    masked: str = field(default="", repr=False)
    due: bool = False
    due_soon: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Opened:
    """All that was opened for this visit."""

    notices: tuple[Notice, ...] = ()
    looks: tuple[Look, ...] = ()
    phone: Phone = Phone()


class Change(StrEnum):
    """What became of the number just now."""

    NONE = ""
    VERIFIED = "verified"
    REMOVED = "removed"


# --- places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadingNotice(State):
    """Who reads what, and why, before anything is read."""

    offers: who.Offers


@dataclass(frozen=True, slots=True)
class Claiming(State):
    """Who is said to be here (kiosk.flows.claim)."""

    at: claim.Here


@dataclass(frozen=True, slots=True)
class Proving(State):
    """That it is them (kiosk.flows.proof)."""

    at: proof.Here


@dataclass(frozen=True, slots=True)
class Opening(State):
    """The notices are on their way."""


@dataclass(frozen=True, slots=True)
class NotOpened(State):
    """They did not come; ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class Listing(State):
    """The notices, the newest first."""

    opened: Opened
    page: int = 0

    @property
    def shown(self) -> tuple[Notice, ...]:
        """Those of this page."""
        return self.opened.notices[self.page * EACH_PAGE : (self.page + 1) * EACH_PAGE]

    @property
    def more(self) -> bool:
        """Whether older ones follow."""
        return len(self.opened.notices) > (self.page + 1) * EACH_PAGE


@dataclass(frozen=True, slots=True)
class ShowingLooks(State):
    """谁看过我的资料: the newest first."""

    opened: Opened
    page: int = 0

    @property
    def shown(self) -> tuple[Look, ...]:
        """Those of this page."""
        return self.opened.looks[self.page * EACH_PAGE : (self.page + 1) * EACH_PAGE]

    @property
    def more(self) -> bool:
        """Whether older ones follow."""
        return len(self.opened.looks) > (self.page + 1) * EACH_PAGE


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
class Parting(State):
    """The card (kiosk.flows.parting)."""

    at: parting.Here


@dataclass(frozen=True, slots=True)
class Over(State):
    """The visit says goodbye."""

    served: bool


@dataclass(frozen=True, slots=True)
class Left(State):
    """Back to the tiles before anything was given."""


Here = (
    ReadingNotice
    | Claiming
    | Proving
    | Opening
    | NotOpened
    | Listing
    | ShowingLooks
    | ShowingPhone
    | EnteringPhone
    | SendingCode
    | EnteringCode
    | CheckingCode
    | ConfirmingRemoval
    | Removing
    | Parting
    | Over
    | Left
)


# --- what the resident did -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LooksAsked(Event):
    """谁看过我的资料."""


@dataclass(frozen=True, slots=True)
class PhoneAsked(Event):
    """手机号码."""


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
class NoticesOpened(Event):
    """They are here."""

    opened: Opened


@dataclass(frozen=True, slots=True)
class NoticesNotOpened(Event):
    """They are not; ``code`` says why."""

    code: str


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
class OpenNotices(Command):
    """-> NoticesOpened | NoticesNotOpened."""


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


def begin(offers: who.Offers) -> Step[Here]:
    """The first screen."""
    return Step(ReadingNotice(offers))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case ReadingNotice(offers), h.NoticeAccepted():
            return _claim(claim.begin(offers))
        case ReadingNotice(), h.WentBack():
            return Step(Left())
        case Claiming(at), _:
            return _claim(claim.advance(at, event))
        case Proving(at), _:
            return _prove(proof.advance(at, event))
        case Parting(at), _:
            return _part(parting.advance(at, event))
        case ((Opening() | NotOpened() | Listing() | ShowingLooks()), _):
            return _read(state, event)
        case ((ShowingPhone() | ConfirmingRemoval() | Removing()), _):
            return _at_phone(state, event)
        case ((EnteringPhone() | SendingCode()), _):
            return _at_number(state, event)
        case ((EnteringCode() | CheckingCode()), _):
            return _at_code(state, event)
        case _:
            return Step(state)  # late or stray: what it speaks of is no longer on the screen


# --- the notices -----------------------------------------------------------------------------------------------------


def _read(state: Opening | NotOpened | Listing | ShowingLooks, event: Event) -> Step[Here]:
    match state, event:
        case Opening(), NoticesOpened(opened):
            return Step(Listing(opened))
        case Opening(), NoticesNotOpened(code):
            return Step(NotOpened(code))
        case Opening(), h.JobFailed():
            return Step(NotOpened("unexpected"))
        case NotOpened(), h.WentOn():
            return _leave(served=False)
        case ((Listing() | ShowingLooks()), h.WentOn()) if state.more:
            return Step(replace(state, page=state.page + 1))
        case ((Listing() | ShowingLooks()), h.WentBack()) if state.page:
            return Step(replace(state, page=state.page - 1))
        case Listing(), (h.WentOn() | h.WentBack()):
            return _leave(served=True)
        case Listing(opened), LooksAsked():
            return Step(ShowingLooks(opened))
        case Listing(opened), PhoneAsked():
            return Step(ShowingPhone(opened))
        case ShowingLooks(opened), (h.WentOn() | h.WentBack()):
            return Step(Listing(opened))
        case _:
            return Step(state)


# --- the number ------------------------------------------------------------------------------------------------------


def _at_phone(state: ShowingPhone | ConfirmingRemoval | Removing, event: Event) -> Step[Here]:
    opened = state.opened
    match state, event:
        case ShowingPhone(), ChangeAsked():
            return Step(EnteringPhone(opened))
        case ShowingPhone(), RemovalAsked() if opened.phone.masked:
            return Step(ConfirmingRemoval(opened))
        case ShowingPhone(), (h.WentBack() | h.WentOn()):
            return Step(Listing(opened))
        case ConfirmingRemoval(), RemovalAsked():
            return Step(Removing(opened), (RemovePhone(opened.phone.revision),))
        case ConfirmingRemoval(), h.WentBack():
            return Step(ShowingPhone(opened))
        case Removing(), PhoneChanged(phone):
            return Step(ShowingPhone(replace(opened, phone=phone), Change.REMOVED))
        case Removing(), PhoneNotChanged(code):
            return Step(ShowingPhone(opened, problem=code)) if code != "stale" else _open()
        case Removing(), h.JobFailed():
            return Step(ShowingPhone(opened, problem="no-link"))
        case _:
            return Step(state)


def _at_number(state: EnteringPhone | SendingCode, event: Event) -> Step[Here]:
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
            return _open()
        case SendingCode(), CodeNotSent(code):
            return Step(EnteringPhone(opened, entry, code))
        case SendingCode(), h.JobFailed():
            return Step(EnteringPhone(opened, entry, "no-link"))
        case _:
            return Step(state)


def _at_code(state: EnteringCode | CheckingCode, event: Event) -> Step[Here]:
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
            return _open()
        case CheckingCode(), PhoneNotChanged(code):
            return Step(EnteringCode(opened, entry, again=state.again, problem=code))
        case CheckingCode(), h.JobFailed():
            return Step(EnteringCode(opened, entry, again=state.again, problem="no-link"))
        case _:
            return Step(state)


def _send(opened: Opened, entry: PhoneEntry) -> Step[Here]:
    return Step(SendingCode(opened, entry), (SendCode(entry, opened.phone.revision),))


# --- the flows that lie in this one ----------------------------------------------------------------------------------


def _claim(step: Step[claim.Here]) -> Step[Here]:
    match step.state:
        case claim.Claimed(offers, claimed):
            begun = proof.begin(claimed, offers)
            return Step(Proving(begun.state), (*step.commands, *begun.commands))
        case claim.Stopped(code):
            return Step(NotOpened(code), step.commands)
        case claim.GivenUp(back):
            return Step(Left(), (*step.commands, h.StopJobs())) if back else _leave(step.commands, served=False)
        case at:
            return Step(Claiming(at), step.commands)


def _prove(step: Step[proof.Here]) -> Step[Here]:
    match step.state:
        case proof.Proven():
            return _open(step.commands)
        case proof.Unproven():
            return _leave(step.commands, served=False)
        case at:
            return Step(Proving(at), step.commands)


def _part(step: Step[parting.Here]) -> Step[Here]:
    match step.state:
        case parting.Parted(served):
            return Step(Over(served), step.commands)
        case at:
            return Step(Parting(at), step.commands)


def _open(first: tuple[Command, ...] = ()) -> Step[Here]:
    """From the beginning: what was shown may have changed."""
    return Step(Opening(), (*first, OpenNotices()))


def _leave(first: tuple[Command, ...] = (), *, served: bool) -> Step[Here]:
    return _part(parting.begin(served=served, first=first))
