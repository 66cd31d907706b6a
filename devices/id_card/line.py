"""The serial line to a SAM-V module: one question, one answer, and everything that can go wrong in between.

The port is opened when it is needed and dropped when it fails, so that unplugging and plugging in again needs nobody.
Without a fixed rate, each is tried at every opening, the one that worked last before the others.
Answers are read by the length in the frame; a pause ends no good one. A frame does not say which question it answers,
so nothing is asked while the answer to a cancelled question may still be on its way.
"""

import termios
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Event

import serial

from devices.errors import (
    DeviceCancelledError,
    DeviceFaultError,
    DeviceProtocolError,
    DeviceTimeoutError,
    DeviceUnavailableError,
    heed_visit,
)
from devices.id_card import wire
from devices.id_card.meaning import MODULE_FAULTS, NOT_UNDERSTOOD
from devices.id_card.wire import Command, Status

RATES = (115200, 57600, 38400, 19200, 9600, 230400)  # what modules can be set to, the usual one first
SLICE = 0.1  # how long anything may block before the cancel event is looked at again
_SECONDS = {  # a command's patience: the longest that several makers' own programs wait
    Command.STATUS: 0.5,
    Command.SAM_ID: 0.5,
    Command.FIND: 0.5,
    Command.SELECT: 0.5,
    Command.READ_BASE: 3.0,
    Command.READ_NEW_ADDRESS: 1.5,
    Command.READ_MANAGEMENT_NUMBER: 1.0,
}
_MOST_DATA = {  # an answer with more data than its command can have was meant for an earlier, abandoned command
    Command.STATUS: 16,
    Command.SAM_ID: 16,
    Command.FIND: 16,
    Command.SELECT: 16,
    Command.READ_NEW_ADDRESS: 280,  # four of 70 bytes
    Command.READ_MANAGEMENT_NUMBER: 28,
}
_PATIENT = frozenset(  # whose silence is not waited for twice
    {Command.READ_BASE, Command.READ_NEW_ADDRESS, Command.READ_MANAGEMENT_NUMBER}
)
_PROBE = 0.3  # how long a rate may stay without an answer: a module that understands needs a fraction of it
_GAP = 0.3  # an answer that pauses this long does not go on: a byte was lost
_PORT_ERRORS = (serial.SerialException, OSError, termios.error)  # a port that went away raises any of them


@dataclass(frozen=True, slots=True)
class _Owed:
    """An answer that nobody waits for any more: whether it has begun, and until when (monotonic) it may come."""

    begun: bool
    until: float


class SamvLine:
    """Not thread-safe. ``path``: a device path; ``baud``: what the module is set to, None to find it out."""

    def __init__(self, path: str, baud: int | None) -> None:
        self.path = path
        self.baud = baud
        """The rate that is set, or that worked last."""
        self._rates = RATES if baud is None else ()
        self._tuned = False
        self._port: serial.Serial | None = None
        self._owed: _Owed | None = None

    def ask(self, command: Command, cancel: Event) -> wire.Answer:
        """Ask, and once more when the answer is damaged, or does not come though it should be quick.

        Raises DeviceUnavailableError, DeviceTimeoutError, DeviceProtocolError, DeviceFaultError, and
        DeviceCancelledError within 0.2 s after ``cancel`` is set.
        """
        again = (wire.FrameError,) if command in _PATIENT else (wire.FrameError, DeviceTimeoutError)
        try:
            self._open(cancel)
            with suppress(*again):
                return self._ask_once(command, cancel)
            return self._ask_once(command, cancel)
        except wire.FrameError as error:
            self.close()
            raise DeviceProtocolError(str(error)) from None
        except (DeviceTimeoutError, serial.SerialTimeoutException):
            self.close()
            raise DeviceTimeoutError(command.name) from None
        except _PORT_ERRORS:
            self.close()
            raise DeviceUnavailableError(self.path) from None

    def close(self) -> None:
        """Give the port back."""
        port, self._port, self._owed, self._tuned = self._port, None, None, False
        if port is not None:
            with suppress(*_PORT_ERRORS):
                port.close()

    def _ask_once(self, command: Command, cancel: Event) -> wire.Answer:
        try:
            answer = _understood(command, self._exchange(command, _SECONDS[command], cancel))
        except wire.FrameError:
            self._owed = _Owed(begun=True, until=time.monotonic() + _GAP)
            raise
        if answer.status in MODULE_FAULTS:
            raise DeviceFaultError(answer.status.word)
        return answer

    def _exchange(self, command: Command, patience: float, cancel: Event) -> bytes:
        heed_visit(cancel)
        port = self._opened()
        self._let_pass(port, cancel)
        port.reset_input_buffer()
        port.write(wire.request(command))
        return self._receive(port, patience, cancel)

    def _receive(self, port: serial.Serial, patience: float, cancel: Event) -> bytes:
        """Silence is counted in reads that brought nothing: a busy machine is not taken for a silent line."""
        received, silence = bytearray(), 0.0
        until = time.monotonic() + patience
        while needed := wire.missing(bytes(received)):
            if cancel.is_set():
                self._owed = _Owed(begun=bool(received), until=until)
                raise DeviceCancelledError
            if received and (silence >= _GAP or time.monotonic() > until or len(received) > wire.LONGEST):
                raise wire.FrameError("incomplete")
            if silence >= patience:
                raise DeviceTimeoutError
            came = port.read(needed)
            received += came
            silence = 0.0 if came else silence + SLICE
        return bytes(received)

    def _let_pass(self, port: serial.Serial, cancel: Event) -> None:
        """Throw away what is owed: until the line is quiet after it, or its time is over."""
        while self._owed and time.monotonic() < self._owed.until:
            heed_visit(cancel)
            came = port.read(wire.LONGEST)
            if self._owed.begun and not came:
                break
            self._owed = replace(self._owed, begun=self._owed.begun or bool(came))
        self._owed = None

    def _open(self, cancel: Event) -> None:
        """Open the port, at the rate at which the module speaks sense. Raises as ``ask`` does, and FrameError."""
        heed_visit(cancel)
        port = self._opened()
        if self._tuned or not self._rates:
            return
        heard: wire.FrameError | None = None
        for rate in sorted(self._rates, key=lambda rate: rate != self.baud):
            port.baudrate = rate
            try:
                wire.parse(self._exchange(Command.STATUS, _PROBE, cancel))
            except wire.FrameError as error:
                heard = error
            except DeviceTimeoutError:
                continue
            else:
                self.baud, self._tuned = rate, True
                return
        raise heard or DeviceTimeoutError

    def _opened(self) -> serial.Serial:
        if self._port is None:
            rate = self.baud or RATES[0]
            self._port = serial.Serial(self.path, rate, timeout=SLICE, write_timeout=1.0, exclusive=True)
        return self._port


def _understood(command: Command, received: bytes) -> wire.Answer:
    """Raises FrameError for an answer that can't be this command's: 'find' alone, and never 'well', says 'found'."""
    answer = wire.parse(received)
    misplaced = answer.status is (Status.OK if command is Command.FIND else Status.CARD_FOUND)
    if misplaced or len(answer.data) > _MOST_DATA.get(command, wire.LONGEST):
        raise wire.FrameError("another command's answer")
    if answer.status in NOT_UNDERSTOOD:
        raise wire.FrameError(answer.status.word)
    return answer
