"""我的通知: what records have to tell a resident, who looked at their data, and the number of their phone. Diagram:
docs/flows/notices.md, drawn from this file.

Who one is and that it is them are the flows of every service (claim, proof). Nothing is shown before.
"""

from dataclasses import dataclass, replace

from kiosk.flows import claim, ending, phone, proof
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.told import Look, Notice, Opened

EACH_PAGE = 3
"""Cards on one page: as many as stand there in large type too."""

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


Here = ReadingNotice | Claiming | Proving | Opening | NotOpened | Listing | ShowingLooks | phone.Here | ending.Here


# --- what the resident did -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LooksAsked(Event):
    """谁看过我的资料."""


@dataclass(frozen=True, slots=True)
class PhoneAsked(Event):
    """手机号码."""


# --- what records answered -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoticesOpened(Event):
    """They are here."""

    opened: Opened


@dataclass(frozen=True, slots=True)
class NoticesNotOpened(Event):
    """They are not; ``code`` says why."""

    code: str


# --- what is to be done ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenNotices(Command):
    """-> NoticesOpened | NoticesNotOpened."""


def begin(offers: who.Offers) -> Step[Here]:
    """The first screen."""
    return Step(ReadingNotice(offers))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    if isinstance(state, phone.Here):
        return _number(phone.advance(state, event))
    match state, event:
        case ReadingNotice(offers), h.NoticeAccepted():
            return _claim(claim.begin(offers))
        case ReadingNotice(), h.WentBack():
            return Step(ending.Left())
        case Claiming(at), _:
            return _claim(claim.advance(at, event))
        case Proving(at), _:
            return _prove(proof.advance(at, event))
        case ending.Parting(), _:
            return ending.advance(state, event)
        case ((Opening() | NotOpened() | Listing() | ShowingLooks()), _):
            return _read(state, event)
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
            return ending.leave(served=False)
        case ((Listing() | ShowingLooks()), h.WentOn()) if state.more:
            return Step(replace(state, page=state.page + 1))
        case ((Listing() | ShowingLooks()), h.WentBack()) if state.page:
            return Step(replace(state, page=state.page - 1))
        case Listing(), (h.WentOn() | h.WentBack()):
            return ending.leave(served=True)
        case Listing(opened), LooksAsked():
            return Step(ShowingLooks(opened))
        case Listing(opened), PhoneAsked():
            return Step(phone.ShowingPhone(opened))
        case ShowingLooks(opened), (h.WentOn() | h.WentBack()):
            return Step(Listing(opened))
        case _:
            return Step(state)


# --- the flows that lie in this one ----------------------------------------------------------------------------------


def _claim(step: Step[claim.Here]) -> Step[Here]:
    match step.state:
        case claim.Claimed(offers, claimed):
            begun = proof.begin(claimed, offers)
            return Step(Proving(begun.state), (*step.commands, *begun.commands))
        case claim.Stopped(code):
            return Step(NotOpened(code), step.commands)
        case claim.GivenUp(back):
            return (
                Step(ending.Left(), (*step.commands, h.StopJobs()))
                if back
                else ending.leave(step.commands, served=False)
            )
        case at:
            return Step(Claiming(at), step.commands)


def _prove(step: Step[proof.Here]) -> Step[Here]:
    match step.state:
        case proof.Proven():
            return _open(step.commands)
        case proof.Unproven():
            return ending.leave(step.commands, served=False)
        case at:
            return Step(Proving(at), step.commands)


def _number(step: Step[phone.Next]) -> Step[Here]:
    match step.state:
        case phone.Settled(opened):
            return Step(Listing(opened), step.commands)
        case phone.Outdated():
            return _open(step.commands)
        case at:
            return Step(at, step.commands)


def _open(first: tuple[Command, ...] = ()) -> Step[Here]:
    """From the beginning: what was shown may have changed."""
    return Step(Opening(), (*first, OpenNotices()))
