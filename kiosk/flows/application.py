"""A service that makes a paper: purpose, notice, who one is, own data, what else there is to ask, paper, parting.

One flow for all of them; what differs is data (kiosk.flows.errand.Service). The parts that have flows of their own lie
in this one's states: claim, proof, details, issuing, parting. Diagram: docs/flows/application.md, drawn from this file.
"""

from dataclasses import dataclass

from kiosk.flows import claim, correction, details, ending, issuing, proof
from kiosk.flows import happenings as h
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.errand import Errand, Service
from kiosk.flows.identity import Offers


@dataclass(frozen=True, slots=True)
class ReadingHint(State):
    """What this paper is not, where people mix it up."""

    service: Service
    offers: Offers


@dataclass(frozen=True, slots=True)
class ChoosingPurpose(State):
    """What the paper is for. Not asked where there is one purpose."""

    service: Service
    offers: Offers


@dataclass(frozen=True, slots=True)
class BookIsEnough(State):
    """The household book proves it already; the paper is made all the same for who wants it."""

    errand: Errand


@dataclass(frozen=True, slots=True)
class ReadingNotice(State):
    """Who reads what, why, for how long, and what it costs; before anything is read."""

    errand: Errand


@dataclass(frozen=True, slots=True)
class Claiming(State):
    """Who is said to be here (kiosk.flows.claim)."""

    errand: Errand
    at: claim.Here


@dataclass(frozen=True, slots=True)
class Proving(State):
    """That it is them (kiosk.flows.proof)."""

    errand: Errand
    at: proof.Here


@dataclass(frozen=True, slots=True)
class OpeningRecord(State):
    """The own row is on its way."""

    errand: Errand


@dataclass(frozen=True, slots=True)
class Asking(State):
    """What else has to be known (kiosk.flows.details)."""

    at: details.Here


@dataclass(frozen=True, slots=True)
class ConfirmingData(State):
    """The resident reads what the paper will say."""

    case: details.Case


@dataclass(frozen=True, slots=True)
class Correcting(State):
    """Something in the row is wrong (kiosk.flows.correction)."""

    at: correction.Here


@dataclass(frozen=True, slots=True)
class Making(State):
    """The paper, or the sentence why there is none (kiosk.flows.issuing)."""

    at: issuing.Here


Here = (
    ReadingHint
    | ChoosingPurpose
    | BookIsEnough
    | ReadingNotice
    | Claiming
    | Proving
    | OpeningRecord
    | Asking
    | ConfirmingData
    | Correcting
    | Making
    | ending.Here
)


def begin(service: Service, offers: Offers) -> Step[Here]:
    """The first screen."""
    return Step(ReadingHint(service, offers) if service.hint else _purpose(service, offers))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case ((ReadingHint() | ChoosingPurpose() | BookIsEnough() | ReadingNotice()), _):
            return _beforehand(state, event)
        case Claiming(errand, at), _:
            return _claim(errand, claim.advance(at, event))
        case Proving(errand, at), _:
            return _prove(errand, proof.advance(at, event))
        case OpeningRecord(errand), h.RecordOpened(own):
            return _end(own.closed) if own.closed else _ask(details.begin(errand, own))
        case OpeningRecord(), h.RecordNotOpened(code):
            return _end(code)
        case OpeningRecord(), h.JobFailed():
            return _end("unexpected")
        case Asking(at), _:
            return _ask(details.advance(at, event))
        case ConfirmingData(case), h.DataConfirmed():
            return _make(issuing.begin(case.application))
        case ConfirmingData(case), h.MistakeReported():
            return Step(Correcting(correction.begin(case))) if correction.is_offered(case) else _end("mistake")
        case ConfirmingData(case), h.WentBack():
            return _ask(details.back(case))
        case Correcting(at), _:
            return _correct(correction.advance(at, event))
        case Making(at), _:
            return _make(issuing.advance(at, event))
        case ending.Parting(), _:
            return ending.advance(state, event)
        case _:
            return Step(state)  # late or stray: what it speaks of is no longer on the screen


# --- before anything is read -----------------------------------------------------------------------------------------


def _beforehand(state: ReadingHint | ChoosingPurpose | BookIsEnough | ReadingNotice, event: Event) -> Step[Here]:
    match state, event:
        case ReadingHint(service, offers), h.WentOn():
            return Step(_purpose(service, offers))
        case ReadingHint(), h.WentBack():
            return Step(ending.Left())
        case ChoosingPurpose(service, offers), h.PurposeChosen(purpose_id):
            return Step(_chosen(state, service, offers, purpose_id))
        case ChoosingPurpose(service, offers), h.WentBack():
            return Step(_hint(service, offers))
        case BookIsEnough(errand), h.WentOnAnyway():
            return Step(ReadingNotice(errand))
        case BookIsEnough(), h.WentOn():
            return ending.leave(served=True)
        case BookIsEnough(errand), h.WentBack():
            return Step(ChoosingPurpose(errand.service, errand.offers))
        case ReadingNotice(errand), h.NoticeAccepted():
            return _claim(errand, claim.begin(errand.offers))
        case ReadingNotice(errand), h.WentBack():
            several = len(errand.service.purposes) > 1
            at = (errand.service, errand.offers)
            return Step(ChoosingPurpose(*at) if several else _hint(*at))
        case _:
            return Step(state)


def _hint(service: Service, offers: Offers) -> Here:
    """What lies before the first question."""
    return ReadingHint(service, offers) if service.hint else ending.Left()


def _purpose(service: Service, offers: Offers) -> Here:
    """A question only where there is more than one answer."""
    if len(service.purposes) == 1:
        return ReadingNotice(Errand(service, service.purposes[0], offers))
    return ChoosingPurpose(service, offers)


def _chosen(state: ChoosingPurpose, service: Service, offers: Offers, purpose_id: str) -> Here:
    for purpose in service.purposes:
        if purpose.id == purpose_id:
            errand = Errand(service, purpose, offers)
            return BookIsEnough(errand) if purpose.book_is_enough else ReadingNotice(errand)
    return state


# --- the flows that lie in this one ----------------------------------------------------------------------------------


def _claim(errand: Errand, step: Step[claim.Here]) -> Step[Here]:
    match step.state:
        case claim.Claimed(offers, claimed):
            begun = proof.begin(claimed, offers)
            return Step(Proving(errand, begun.state), (*step.commands, *begun.commands))
        case claim.Stopped(code):
            return _end(code, step.commands)
        case claim.GivenUp(back):
            return (
                Step(ending.Left(), (*step.commands, h.StopJobs()))
                if back
                else ending.leave(step.commands, served=False)
            )
        case at:
            return Step(Claiming(errand, at), step.commands)


def _prove(errand: Errand, step: Step[proof.Here]) -> Step[Here]:
    match step.state:
        case proof.Proven():
            return Step(OpeningRecord(errand), (*step.commands, h.OpenRecord(errand.service.kind)))
        case proof.Unproven():
            return ending.leave(step.commands, served=False)
        case at:
            return Step(Proving(errand, at), step.commands)


def _ask(step: Step[details.Here]) -> Step[Here]:
    match step.state:
        case details.Known(case):
            return Step(ConfirmingData(case), step.commands)
        case details.Stopped(code):
            return _end(code, step.commands)
        case details.GivenUp():
            return ending.leave(step.commands, served=False)
        case at:
            return Step(Asking(at), step.commands)


def _correct(step: Step[correction.Here]) -> Step[Here]:
    match step.state:
        case correction.Unchanged(case):
            return Step(ConfirmingData(case), step.commands)
        case correction.Finished(served):
            return ending.leave(step.commands, served=served)
        case at:
            return Step(Correcting(at), step.commands)


def _make(step: Step[issuing.Here]) -> Step[Here]:
    match step.state:
        case issuing.Finished(served):
            return ending.leave(step.commands, served=served)
        case at:
            return Step(Making(at), step.commands)


def _end(code: str, first: tuple[Command, ...] = ()) -> Step[Here]:
    """No paper, and why."""
    return Step(Making(issuing.Ended(code)), first)
