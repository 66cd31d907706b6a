"""What a door offers a gate: to be opened for a moment, and to say what it is doing.

The way out and the fire alarm are the controller's own wiring, which opens without asking anybody: a gate hears of
both and has no word to hold either back. There is none here to lock a door, nor to keep one open for long.
"""

from enum import StrEnum
from threading import Event
from typing import Final, Protocol

from devices.errors import DeviceError
from devices.health import Health

SHORTEST_S: Final = 0.5
LONGEST_S: Final = 25.0
"""OSDP counts tenths of a second (SIA OSDP 2.2, osdp_OUT), and its library passes no more than 255 of them."""


class Opening(StrEnum):
    """What became of the wish to open. None of them is waited for: what did not happen now never happens later."""

    OPENED = "opened"  # the controller acknowledged it: the strike is released
    OFFLINE = (
        "offline"  # no acknowledgement. Where the line broke in this very moment, the strike may have been released
    )
    REFUSED = "refused"  # the controller answered, and would not


class DoorState(StrEnum):
    """The one thing about a door that matters most now, the gravest first."""

    OFFLINE = "offline"
    FIRE = "fire"  # the alarm's contact: the controller has released the door by itself
    TAMPER = "tamper"  # the controller's housing is open
    FORCED = "forced"  # open, and neither an opening nor the exit button nor a fire was before it
    HELD_OPEN = "held-open"
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"  # no contact is wired, or its level has not been told yet


class DoorEvent(StrEnum):
    """What a door reports, in the past tense."""

    OPENED = "opened"
    CLOSED = "closed"
    HELD_OPEN = "held-open"
    FORCED = "forced"
    EXIT_PRESSED = "exit-pressed"
    FIRE_BEGAN = "fire-began"
    FIRE_ENDED = "fire-ended"
    TAMPER_BEGAN = "tamper-began"
    TAMPER_ENDED = "tamper-ended"
    WENT_OFFLINE = "went-offline"
    CAME_ONLINE = "came-online"


class DoorReason(StrEnum):
    """The closed set of what ``health`` says."""

    OK = "ok"
    # works, and wants attention
    FIRE = "fire"
    TAMPER = "tamper"
    FORCED = "forced"
    HELD_OPEN = "held-open"
    # can't open now
    STARTING = "starting"
    PORT_MISSING = "port-missing"
    SILENT = "silent"
    KEY_MISSING = "key-missing"
    KEY_EXPOSED = "key-exposed"  # others than its owner may read the file
    KEY_MALFORMED = "key-malformed"
    KEY_IS_DEFAULT = "key-is-default"  # the key that every controller leaves the factory with
    KEY_REFUSED = "key-refused"  # the controller has another one
    NOT_SECURE = "not-secure"  # the controller offers no secure channel
    CHIP_MISSING = "chip-missing"
    LINES_TAKEN = "lines-taken"  # another program has them, or there are no such lines
    CLOSED = "closed"  # this gate has let go of it
    OTHER = "other"


class DoorSecondsError(DeviceError):
    """An opening is asked for longer than SHORTEST_S to LONGEST_S allow."""

    code = "door-seconds"
    temporary = False


class DoorController(Protocol):
    """Thread-safe. Opens its device when first asked anything."""

    def open(self, for_s: float, cancel: Event) -> Opening:
        """Release the strike for ``for_s`` seconds. Answers within two seconds.

        Nothing is kept for later: what can't be done now is answered so, and never happens. Raises DoorSecondsError,
        and DeviceCancelledError when ``cancel`` was set before the controller was told, which it then never is.
        """

    def state(self) -> DoorState:
        """What the door is doing now. Never raises, and asks nobody: the controller reports by itself."""

    def health(self) -> Health:
        """Whether it can be opened. Never raises. Reasons: the values of DoorReason."""

    def next_event(self, timeout_s: float, cancel: Event) -> DoorEvent | None:
        """The oldest event that nobody took yet; None after ``timeout_s``, or when ``cancel`` is set."""

    def held_after(self, seconds: float) -> None:
        """Say from when on an open door is held open, counted from the end of its opening. The policy may change it."""

    def close(self) -> None:
        """Let go of the device: no thread is left. What is asked afterwards is offline."""
