"""What carries bytes to a chip and back; PC/SC does it in the product, and a test may do it by itself."""

import time
from collections.abc import Callable
from typing import Protocol

from devices.errors import DeviceError


class ChipGoneError(DeviceError):
    """The document was lifted, or lies so that the field does not reach its chip."""

    code = "chip-gone"


class ChipSilentError(DeviceError):
    """The chip is there and does not answer in time."""

    code = "chip-silent"


class Channel(Protocol):
    """One chip, powered and not reset in between (ISO/IEC 7816-4)."""

    def transmit(self, apdu: bytes) -> bytes:
        """Send one command and return the response's data with SW1 SW2 at its end. Raises ChipGoneError,
        ChipSilentError, DeviceError; the latter also where the reader can't carry an extended command, after which it
        may be given short ones."""


def heed_time(until: float, heed: Callable[[], None]) -> None:
    """What ``heed`` raises; else ChipSilentError after that moment of the monotonic clock."""
    heed()
    if time.monotonic() > until:
        raise ChipSilentError
