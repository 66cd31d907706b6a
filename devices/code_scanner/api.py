"""What a scanner of squares offers: the text of the code shown next. What the text means is not its concern."""

from threading import Event
from typing import Protocol

from devices.health import Health

LONGEST = 512  # characters of one code
"""What our own squares hold is far shorter (civic.gate_codes); whatever is longer was not made for us."""


class CodeScanner(Protocol):
    """Blocking calls; each ends at its timeout or when ``cancel`` is set (DeviceCancelledError). Thread-safe; one
    ``next_code`` at a time, the next one follows."""

    def health(self) -> Health:
        """Never raises. Device ``code_scanner``. Reasons: ok, unplugged (no such port), in-use (another program has
        it). Facts: port, baud, dropped (how many lines were no text, or longer than 512 characters)."""

    def next_code(self, timeout: float, cancel: Event) -> str:
        """The text of the next code that is held before the scanner, without what ends its line; empty: there was none
        within ``timeout`` seconds. What was shown before the call is not told. A code that stays before the scanner is
        told once. It may be personal or a way in: it is never logged. Raises DeviceError when the port fails."""

    def close(self) -> None:
        """Give the port back."""
