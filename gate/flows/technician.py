"""A technician at a gate's hidden corner: PIN, one page, the door tried once. Nothing here knows anybody who comes in.

A gate is never put out of service from here: who has a right comes in, whoever stands at its screen.
"""

from dataclasses import dataclass

from civic.flow import Command, Event
from civic.masking import Personal
from civic.pin_entry import with_digit, without_last
from gate.flows import states as s

SERVICE = s.EnteringPin | s.AtService


@dataclass(frozen=True, slots=True)
class CornerTapped(Event):
    """Five taps where nothing shows."""


@dataclass(frozen=True, slots=True)
class PinDigit(Event):
    """One digit of the PIN."""

    digit: Personal


@dataclass(frozen=True, slots=True)
class PinErased(Event):
    """The last one is taken back."""


@dataclass(frozen=True, slots=True)
class PinEntered(Event):
    """The PIN is complete."""


@dataclass(frozen=True, slots=True)
class PinAccepted(Event):
    """It is the one that was set."""


@dataclass(frozen=True, slots=True)
class PinRefused(Event):
    """``locked_minutes``: no further try for so long (0: try again). ``unset``: there is no PIN to match."""

    locked_minutes: int = 0
    unset: bool = False


@dataclass(frozen=True, slots=True)
class DoorTestAsked(Event):
    """Let the door go once."""


@dataclass(frozen=True, slots=True)
class DoorTested(Event):
    """``opened``: the controller has acknowledged it."""

    opened: bool


@dataclass(frozen=True, slots=True)
class LeftService(Event):
    """The technician is done."""


@dataclass(frozen=True, slots=True)
class CheckPin(Command):
    """-> PinAccepted or PinRefused. Counts tries in the store before it looks."""

    pin: Personal


@dataclass(frozen=True, slots=True)
class TryDoor(Command):
    """Let the door go once, as a trial: nobody passes by it, and no pass is noted. -> DoorTested."""


@dataclass(frozen=True, slots=True)
class NoteLeaving(Command):
    """The audit hears that the technician left."""


Next = tuple[s.At | None, tuple[Command, ...]]
"""Where to, and what is to be done; None: away from here."""


def at_service(at: s.EnteringPin | s.AtService, event: Event) -> Next:
    """What becomes of the technician's screen. An event that it does not know leaves it as it is."""
    if isinstance(event, LeftService):
        return None, ()
    return _entering(at, event) if isinstance(at, s.EnteringPin) else _on_page(at, event)


def _entering(at: s.EnteringPin, event: Event) -> Next:
    """While locked, what stands there can only be taken back."""
    match event:
        case PinAccepted() if at.checking:
            return s.AtService(), ()
        case PinRefused(minutes, unset) if at.checking:
            return s.EnteringPin(wrong=True, locked_minutes=minutes, unset=unset), ()
        case PinErased() if not at.checking:
            return s.EnteringPin(without_last(at.pin)), ()
        case PinDigit(digit) if not (at.checking or at.locked_minutes):
            return s.EnteringPin(with_digit(at.pin, digit)), ()
        case PinEntered() if at.pin.reveal() and not (at.checking or at.locked_minutes):
            return s.EnteringPin(checking=True), (CheckPin(at.pin),)
        case _:
            return at, ()


def _on_page(at: s.AtService, event: Event) -> Next:
    match event:
        case DoorTestAsked() if not at.busy:
            return s.AtService("door-trying", busy=True), (TryDoor(),)
        case DoorTested(opened) if at.busy:
            return s.AtService("door-opened" if opened else "door-failed"), ()
        case _:
            return at, ()
