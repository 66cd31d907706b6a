"""打印回执: what a tenant and a landlord each keep of a tenancy that was registered, renewed or ended.

It lies in the flow of 我的租住 (kiosk.flows.tenancy_mine), whose diagram shows it.
"""

from dataclasses import dataclass, replace

from kiosk.flows import happenings as h
from kiosk.flows import tenancy_case as shared
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.declarant import Declarant
from kiosk.flows.hand_in import Slip, SlipEnded
from kiosk.flows.tenancy_told import LetFlat, OwnRight

Kept = OwnRight | LetFlat


@dataclass(frozen=True, slots=True)
class ShowingReceipt(State):
    """It is printed, or was, or no printer can."""

    case: shared.Case
    of: Kept
    out: Slip = Slip.PRINTING


@dataclass(frozen=True, slots=True)
class Seen(State):
    """The resident goes on: back to what the receipt is of."""

    case: shared.Case
    of: Kept


@dataclass(frozen=True, slots=True)
class ReceiptAsked(Event):
    """打印回执."""


@dataclass(frozen=True, slots=True)
class PrintReceipt(Command):
    """One side's, as records tell of it. -> hand_in.SlipEnded."""

    who: Declarant
    of: Kept


def begin(case: shared.Case, of: Kept) -> Step[ShowingReceipt | Seen]:
    """The first screen. ``of.registered``."""
    return Step(ShowingReceipt(case, of), (PrintReceipt(case.who, of),))


def advance(state: ShowingReceipt, event: Event) -> Step[ShowingReceipt | Seen]:
    """The next screen, and what is to be done now."""
    printing = state.out is Slip.PRINTING
    match event:
        case SlipEnded(out) if printing:
            return Step(replace(state, out=out))
        case h.JobFailed() if printing:
            return Step(replace(state, out=Slip.NONE))
        case ReceiptAsked() if state.out is Slip.NONE:
            return Step(replace(state, out=Slip.PRINTING), (PrintReceipt(state.case.who, state.of),))
        case h.WentOn() | h.WentBack() if not printing:
            return Step(Seen(state.case, state.of))
        case _:
            return Step(state)
