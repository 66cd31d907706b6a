"""访客码 and 入住登记流程单: what records make at once, shown as digits and a square, and printed. Diagram:
docs/flows/tenancy_codes.md, drawn from this file.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from kiosk.flows import happenings as h
from kiosk.flows import tenancy_case as shared
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.hand_in import Slip, SlipEnded
from kiosk.flows.tenancy_told import GuestCode, MoveInSlip

DAYS = (0, 1, 2)
"""Days that are offered for a guest, by how many lie between them and today."""


# --- places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChoosingGuestDay(State):
    """On which day somebody comes."""

    flat: shared.Flat


@dataclass(frozen=True, slots=True)
class MakingGuestCode(State):
    """It is on its way."""

    flat: shared.Flat


@dataclass(frozen=True, slots=True)
class ShowingGuestCode(State):
    """Eight digits and a square. ``slip``: how far the print is, None: nobody asked for one."""

    flat: shared.Flat
    code: GuestCode
    slip: Slip | None = None


@dataclass(frozen=True, slots=True)
class MakingSlip(State):
    """It is on its way."""

    flat: shared.Flat


@dataclass(frozen=True, slots=True)
class ShowingSlip(State):
    """Its number and square, while it is printed and after."""

    flat: shared.Flat
    slip: MoveInSlip
    out: Slip = Slip.PRINTING


@dataclass(frozen=True, slots=True)
class NotMade(State):
    """Neither was; ``code`` says why."""

    flat: shared.Flat
    code: str


Here = ChoosingGuestDay | MakingGuestCode | ShowingGuestCode | MakingSlip | ShowingSlip | NotMade
Next = Here | shared.Back | shared.Outdated


# --- events and commands ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PrintAsked(Event):
    """打印."""


@dataclass(frozen=True, slots=True)
class GuestCodeMade(Event):
    """It opens on its day."""

    code: GuestCode


@dataclass(frozen=True, slots=True)
class SlipMade(Event):
    """The one before it, if there was one, opens nothing any more."""

    slip: MoveInSlip


@dataclass(frozen=True, slots=True)
class NothingMade(Event):
    """Neither a code nor a slip: ``code`` is too-many, not-now or no-link."""

    code: str


@dataclass(frozen=True, slots=True)
class MakeGuestCode(Command):
    """-> GuestCodeMade | NothingMade."""

    right: str
    day: date


@dataclass(frozen=True, slots=True)
class PrintGuestCode(Command):
    """-> hand_in.SlipEnded."""

    code: GuestCode


@dataclass(frozen=True, slots=True)
class MakeSlip(Command):
    """-> SlipMade | NothingMade. What else it says stays in the visit's memory, for PrintMoveInSlip."""

    right: str


@dataclass(frozen=True, slots=True)
class PrintMoveInSlip(Command):
    """-> hand_in.SlipEnded."""

    slip: MoveInSlip


def invite(flat: shared.Flat) -> Step[Next]:
    """The first screen of a guest's code."""
    return Step(ChoosingGuestDay(flat))


def slip(flat: shared.Flat) -> Step[Next]:
    """The first screen of the slip."""
    return Step(MakingSlip(flat), (MakeSlip(flat.right.ref),))


def advance(state: Here, event: Event) -> Step[Next]:
    """The next screen, and what is to be done now."""
    match state, event:
        case ((ChoosingGuestDay() | MakingGuestCode() | ShowingGuestCode()), _):
            return _guest(state, event)
        case MakingSlip(flat), SlipMade(made):
            return Step(ShowingSlip(flat, made), (PrintMoveInSlip(made),))
        case ShowingSlip(out=Slip.PRINTING), SlipEnded(out):
            return Step(replace(state, out=out))
        case ShowingSlip(out=Slip.PRINTING), h.JobFailed():
            return Step(replace(state, out=Slip.NONE))
        case ShowingSlip(out=out), h.WentOn() if out is not Slip.PRINTING:
            return Step(shared.Outdated())
        case MakingSlip(flat), NothingMade(code):
            return Step(NotMade(flat, code))
        case MakingSlip(flat), h.JobFailed():
            return Step(NotMade(flat, "no-link"))
        case NotMade(), (h.WentOn() | h.WentBack()):
            return Step(shared.Back())
        case _:
            return Step(state)


def _guest(state: ChoosingGuestDay | MakingGuestCode | ShowingGuestCode, event: Event) -> Step[Next]:
    flat = state.flat
    match state, event:
        case ChoosingGuestDay(), shared.DayChosen(ahead) if ahead in DAYS:
            day = flat.case.today + timedelta(days=ahead)
            return Step(MakingGuestCode(flat), (MakeGuestCode(flat.right.ref, day),))
        case ChoosingGuestDay(), h.WentBack():
            return Step(shared.Back())
        case MakingGuestCode(), GuestCodeMade(code):
            return Step(ShowingGuestCode(flat, code))
        case MakingGuestCode(), NothingMade(code):
            return Step(NotMade(flat, code))
        case MakingGuestCode(), h.JobFailed():
            return Step(NotMade(flat, "no-link"))
        case ShowingGuestCode(), _:
            return _shown(state, event)
        case _:
            return Step(state)


def _shown(state: ShowingGuestCode, event: Event) -> Step[Next]:
    match event:
        case PrintAsked() if state.slip in (None, Slip.NONE):
            return Step(replace(state, slip=Slip.PRINTING), (PrintGuestCode(state.code),))
        case SlipEnded(out) if state.slip is Slip.PRINTING:
            return Step(replace(state, slip=out))
        case h.JobFailed() if state.slip is Slip.PRINTING:
            return Step(replace(state, slip=Slip.NONE))
        case h.WentOn() | h.WentBack() if state.slip is not Slip.PRINTING:
            return Step(shared.Outdated())
        case _:
            return Step(state)
