"""The serial line to a door's controller, as libosdp wants it: never raising, never waiting.

An exception that leaves one of its calls stays set inside the library and breaks the next thing that is done. So a port
that went away is noted here, and looked at by whoever turns the line.
"""

import termios
import time

import serial

from devices.door.wire import Hearing

_PORT_ERRORS = (serial.SerialException, OSError, termios.error, TypeError)  # TypeError: pyserial, closed meanwhile


class SerialLine:
    """``id``: by it libosdp tells lines apart. ``heard_at``: when the last byte came, monotonic; 0: never."""

    def __init__(self, port: str, baud: int) -> None:
        self.id = 1
        self.port = port
        self.hearing = Hearing()
        self.heard_at = 0.0
        self._baud = baud
        self._serial: serial.Serial | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a port, as far as is known."""
        return self._serial is not None

    def open(self) -> bool:
        """Open the port, if it is there."""
        try:
            self._serial = serial.Serial(self.port, self._baud, timeout=0, write_timeout=0, exclusive=True)
        except (*_PORT_ERRORS, ValueError):
            self._serial = None
        return self.is_open

    def close(self) -> None:
        """Give the port back."""
        port, self._serial = self._serial, None
        if port is not None:
            try:
                port.close()
            except _PORT_ERRORS:
                return

    # --- libosdp's calls ---

    def read(self, most: int) -> bytes:
        """What has come, at most so many bytes."""
        if self._serial is None:
            return b""
        try:
            came: bytes = self._serial.read(most)
        except _PORT_ERRORS:
            self.close()
            return b""
        if came:
            self.heard_at = time.monotonic()
            self.hearing.hear(came)
        return came

    def write(self, data: bytes) -> int:
        """Send; how many bytes were taken. To libosdp a missing port is a line on which nobody answers."""
        if self._serial is None:
            return len(data)
        try:
            return self._serial.write(data) or 0
        except _PORT_ERRORS:
            self.close()
            return len(data)

    def flush(self) -> None:
        """Forget what came and was not read."""
        if self._serial is None:
            return
        try:
            self._serial.reset_input_buffer()
        except _PORT_ERRORS:
            self.close()
