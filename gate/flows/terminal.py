"""The gate's screen: what it shows, and what that makes it do.

A card or a code that is held to the gate leads to a decision from any screen, without a touch. The door opens after
``Admitted`` alone. Nothing here knows who somebody is, or why the door stays shut. Whatever takes too long ends by
itself, and time comes only as ``TimePassed``: the flow has no clock. There is no way out to be shut: the controller
opens it by its own wiring, and nobody asks this flow.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from civic.comfort import Comfort, LanguageToggled, LargeTypeToggled, SpeechToggled, toggled
from civic.flow import Command, Event, Step
from civic.masking import Personal
from gate.flows import happenings as h
from gate.flows import states as s
from gate.flows import technician as t
from gate.flows.typed_code import CODE_DIGITS, Tries

WARNING_S: Final = 10.0  # how long one warning stays
UNTOUCHED_S: Final = 30.0  # after which the screen that waits speaks Chinese again, in normal type
LIMITS_S: Final[dict[type[s.At], float]] = {
    s.ShowingHow: 30,
    s.AskingFace: 45,
    s.LookingForFace: 25,  # a look with a move of the head ends by itself after twenty
    s.TypingCode: 60,
    s.TypingPaused: 75,
    s.Deciding: 10,
    s.Opened: 6,
    s.Refused: 20,
    s.GuardShown: 90,
    s.FaceNotOffered: 45,
    s.AskingEnrolment: 90,
    s.ShowingSlip: 45,
    s.EnrollingFace: 70,  # as one with two or three after sixty
    s.EnrolmentOver: 12,
    s.DoorOffline: 20,  # where the controller itself says that it is there
    s.EnteringPin: 60,
    s.AtService: 300,
}
_WAITING = s.Idle | s.HeldOpen
_CLOSED = s.Emergency | s.OutOfService | s.DoorOffline
_ENROLLING = s.AskingEnrolment | s.ShowingSlip | s.EnrollingFace
_BUSY = s.Deciding | s.LookingForFace | s.Opened | _ENROLLING | s.TypingCode | t.SERVICE
_UNDISTURBED = s.Deciding | s.Opened | s.Emergency | t.SERVICE  # by a technician
_CAMERA = s.LookingForFace | s.EnrollingFace


@dataclass(frozen=True, slots=True)
class Presented(Event):
    """A card lies at the reader, or a code before the scanner. ``what`` is none of the flow's business."""

    what: object = field(repr=False)


@dataclass(frozen=True, slots=True)
class Admitted(Event):
    """What was presented opens this door. ``in_grace``: of its right only the grace is left, which no screen shows.
    ``enrols``: it is the slip of whoever has just said yes to a face."""

    in_grace: bool = False
    enrols: bool = False


@dataclass(frozen=True, slots=True)
class NotAdmitted(Event):
    """It doesn't. No reason ever comes here."""


@dataclass(frozen=True, slots=True)
class Decide(Command):
    """Decide about what was presented: Admitted or NotAdmitted."""

    what: object = field(repr=False)


@dataclass(frozen=True, slots=True)
class CheckTypedCode(Command):
    """Decide about a code that was typed: Admitted or NotAdmitted."""

    digits: Personal


@dataclass(frozen=True, slots=True)
class LookForFace(Command):
    """Look at the marked spot, and decide about who stands there: FaceInstructed, then Admitted or NotAdmitted."""


@dataclass(frozen=True, slots=True)
class EnrolFace(Command):
    """Make the template of whoever just came in: FaceInstructed, then FaceEnrolled or EnrolmentFailed."""


@dataclass(frozen=True, slots=True)
class StopLooking(Command):
    """Done at once: the camera is dark, and its pictures are gone."""


@dataclass(frozen=True, slots=True)
class ForgetPasser(Command):
    """Done at once: what was presented, typed or asked is gone, and no decision about it comes any more. The door,
    once told to open, stays told."""


@dataclass(frozen=True, slots=True)
class OpenDoor(Command):
    """Let the door go for as long as the policy says. DoorFailed, if it does not answer."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """``waited``: seconds at this screen; ``untouched``: since somebody chose something. ``helping``: help is open."""

    at: s.At = field(default_factory=s.Idle)
    comfort: Comfort = field(default_factory=Comfort)
    conditions: s.Conditions = field(default_factory=s.Conditions)
    tries: Tries = field(default_factory=Tries)
    waited: float = 0.0
    untouched: float = 0.0
    helping: bool = False


def advance(terminal: Terminal, event: Event) -> Step[Terminal]:
    """The next state, and what is to be done. An event that a state does not know leaves it as it is."""
    match event:
        case h.TimePassed(seconds):
            return _wait(terminal, seconds)
        case h.ConditionsChanged(conditions):
            return _change(terminal, conditions)
        case LanguageToggled() | LargeTypeToggled() | SpeechToggled():
            return Step(replace(terminal, comfort=toggled(terminal.comfort, event), untouched=0.0, waited=0.0))
        case h.HelpToggled():
            return Step(replace(terminal, helping=not terminal.helping, untouched=0.0, waited=0.0))
        case t.CornerTapped() if not isinstance(terminal.at, _UNDISTURBED):
            return _to(terminal, s.EnteringPin())
        case _ if isinstance(terminal.at, t.SERVICE):
            return _serve(terminal, terminal.at, event)
        case Presented(what) if isinstance(terminal.at, s.DoorOffline) and _shut(terminal.conditions) is None:
            return _decide(terminal, what)  # one opening failed, and the controller is there
        case _ if isinstance(terminal.at, _CLOSED):
            return Step(terminal)
        case Presented(what) if not isinstance(terminal.at, s.Deciding):
            return _decide(terminal, what)
        case h.GuardAsked():
            return _to(terminal, s.GuardShown())
        case h.WentBack() if not isinstance(terminal.at, _WAITING | s.Deciding):
            return _to(terminal, _resting(terminal.conditions))
        case h.HowAsked() | h.FaceChosen() | h.TypingChosen() if not isinstance(terminal.at, _BUSY):
            return _to(terminal, _chosen(terminal, event))
    return _within(terminal, event)


def _serve(terminal: Terminal, at: s.EnteringPin | s.AtService, event: Event) -> Step[Terminal]:
    """The technician gives way to whoever presents something, where that can open."""
    if isinstance(event, Presented) and _shut(terminal.conditions) is None:
        return _decide(terminal, event.what)
    following, commands = t.at_service(at, event)
    if following is at:
        return Step(terminal)
    return _to(terminal, following or _resting(terminal.conditions), *commands)


def _within(terminal: Terminal, event: Event) -> Step[Terminal]:
    match terminal.at, event:
        case s.AskingFace(), h.LookAsked():
            return _to(terminal, s.LookingForFace(), LookForFace())
        case ((s.LookingForFace() | s.EnrollingFace()) as at, h.FaceInstructed(instruction, progress)):
            further = min(1.0, max(at.progress, progress))
            return Step(replace(terminal, at=replace(at, instruction=instruction, progress=further)))
        case s.Deciding(), Admitted(enrols=True):
            return _to(terminal, s.EnrollingFace(), OpenDoor(), EnrolFace())
        case ((s.Deciding() | s.LookingForFace()), Admitted()):
            return _to(terminal, s.Opened(), OpenDoor())
        case s.Deciding(typed=True), NotAdmitted():
            return _to(replace(terminal, tries=terminal.tries.wrong()), s.Refused())
        case ((s.Deciding() | s.LookingForFace()), NotAdmitted()):
            return _to(terminal, s.Refused())
        case s.TypingCode(typed), (h.DigitTyped() | h.DigitErased() | h.CodeFinished()):
            return _type(terminal, typed, event)
        case s.Opened(), h.DoorFailed():
            return _to(terminal, s.DoorOffline())
        case ((s.Opened() | s.AskingEnrolment() | s.ShowingSlip() | s.EnrollingFace()), _):
            return _enrol(terminal, event)
        case _:
            return Step(terminal)


def _enrol(terminal: Terminal, event: Event) -> Step[Terminal]:
    match terminal.at, event:
        case s.Opened(), h.EnrolmentOffered() if terminal.conditions.face is s.Face.OFFERED:
            return _to(terminal, s.AskingEnrolment())
        case s.AskingEnrolment(), h.EnrolmentAgreed():
            return _to(terminal, s.ShowingSlip())
        case ((s.AskingEnrolment() | s.ShowingSlip()), h.EnrolmentDeclined()):
            return _to(terminal, _resting(terminal.conditions))
        case s.EnrollingFace(), (h.FaceEnrolled() | h.EnrolmentFailed()):
            return _to(terminal, s.EnrolmentOver(done=isinstance(event, h.FaceEnrolled)))
        case _:
            return Step(terminal)


def _type(terminal: Terminal, typed: Personal, event: Event) -> Step[Terminal]:
    """Every key gives the time anew: everybody types at their own pace."""
    code = typed.reveal()
    match event:
        case h.DigitTyped(digit) if len(code) < CODE_DIGITS:
            code += digit.reveal()
        case h.DigitErased():
            code = code[:-1]
        case h.CodeFinished() if len(code) == CODE_DIGITS:
            return _to(terminal, s.Deciding(typed=True), CheckTypedCode(typed))
    return _to(terminal, s.TypingCode(Personal(code)))


def _chosen(terminal: Terminal, event: Event) -> s.At:
    match event:
        case h.HowAsked(way):
            return s.ShowingHow(way)
        case h.FaceChosen():
            return s.AskingFace() if terminal.conditions.face is s.Face.OFFERED else s.FaceNotOffered()
        case _:
            return s.TypingPaused() if terminal.tries.paused else s.TypingCode()


def _decide(terminal: Terminal, what: object) -> Step[Terminal]:
    """Whatever was going on here gives way to who stands at the reader. Of whoever was asked for the slip it has to be
    known yet whose."""
    forget = (ForgetPasser(),) if isinstance(terminal.at, _BUSY) and not isinstance(terminal.at, s.ShowingSlip) else ()
    return _to(terminal, s.Deciding(), *forget, Decide(what))


def _to(terminal: Terminal, at: s.At, *commands: Command) -> Step[Terminal]:
    """Go there: the camera goes dark, and what was presented is forgotten, before anything else is done."""
    stop = isinstance(terminal.at, _CAMERA) and not isinstance(at, _CAMERA)
    forget = isinstance(terminal.at, _BUSY) and not isinstance(at, _BUSY)
    leaves = isinstance(terminal.at, s.AtService) and not isinstance(at, s.AtService)
    told = ((stop, StopLooking()), (forget, ForgetPasser()), (leaves, t.NoteLeaving()))
    first = (command for so, command in told if so)
    return Step(replace(terminal, at=at, waited=0.0, untouched=0.0, helping=False), (*first, *commands))


def _resting(conditions: s.Conditions) -> s.At:
    return _shut(conditions) or (s.HeldOpen() if conditions.held_open else s.Idle())


def _shut(conditions: s.Conditions) -> s.At | None:
    """What nothing else may be shown over. A fire first: whoever stands here is to leave."""
    if conditions.fire:
        return s.Emergency()
    if conditions.closed:
        return s.OutOfService()
    return None if conditions.door else s.DoorOffline()


def _change(terminal: Terminal, conditions: s.Conditions) -> Step[Terminal]:
    if conditions == terminal.conditions:
        return Step(terminal)
    now = replace(terminal, conditions=conditions)
    if isinstance(now.at, t.SERVICE) and not conditions.fire:
        return Step(now)  # who repairs the door sees on the page what it does
    shut = _shut(conditions)
    wanted = shut or (_resting(conditions) if isinstance(now.at, _CLOSED | _WAITING) else now.at)
    if conditions.face is not s.Face.OFFERED and isinstance(wanted, s.AskingFace | s.LookingForFace):
        wanted = s.FaceNotOffered()
    return Step(now) if type(wanted) is type(now.at) else _to(now, wanted)


def _wait(terminal: Terminal, seconds: float) -> Step[Terminal]:
    now = replace(
        terminal,
        waited=terminal.waited + seconds,
        untouched=terminal.untouched + seconds,
        tries=terminal.tries.later(seconds),
    )
    if isinstance(now.at, _WAITING | _CLOSED) and now.untouched >= UNTOUCHED_S:
        now = replace(now, comfort=Comfort(), helping=False)
    match now.at:
        case s.Idle(turn) if now.waited >= WARNING_S:
            return Step(replace(now, at=s.Idle(turn + 1), waited=0.0))
        case s.TypingPaused() if not now.tries.paused:
            return _to(now, s.TypingCode())
    return _end(now) if now.waited >= LIMITS_S.get(type(now.at), float("inf")) else Step(now)


def _end(terminal: Terminal) -> Step[Terminal]:
    """It took too long."""
    match terminal.at:
        case s.Deciding() | s.LookingForFace():
            return _to(terminal, s.Refused())
        case s.EnrollingFace():
            return _to(terminal, s.EnrolmentOver(done=False))
        case s.DoorOffline() if not terminal.conditions.door:
            return Step(replace(terminal, waited=0.0))
        case _:
            return _to(terminal, _resting(terminal.conditions))
