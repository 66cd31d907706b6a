"""A resident-card reader with a SAM-V module on a serial port (8N1).

The port is opened when it is needed and dropped at any failure, so that unplugging and plugging in again needs nobody.
Reads are driven by the length in the frame, never by a pause on the line.
"""

import termios
import time
from contextlib import suppress
from threading import Event, RLock

import serial

from devices.errors import (
    DeviceCancelledError,
    DeviceError,
    DeviceFaultError,
    DeviceProtocolError,
    DeviceTimeoutError,
    DeviceUnavailableError,
)
from devices.health import Health, Level
from devices.id_card import wire
from devices.id_card.api import CardProblem, CardRead, CardUnreadable, Presence
from devices.id_card.text import decode
from devices.id_card.wire import Command, Status

_SECONDS = {  # a command's patience, from measurements of several makers' modules, and room for 115200 baud
    Command.STATUS: 0.5,
    Command.SAM_ID: 0.5,
    Command.FIND: 0.5,
    Command.SELECT: 0.5,
    Command.READ_BASE: 3.0,
    Command.READ_MANAGEMENT_NUMBER: 1.0,
}
_SLICE = 0.1  # how long one read may block before the cancel event is looked at again
_TRIES = 2  # noise on the line: ask once more
_MODULE_FAULTS = frozenset({Status.SELF_TEST_FAILED, Status.NOT_AUTHORISED, Status.NO_PRIVILEGE})
_REFUSALS = frozenset(
    {Status.CARD_REJECTS_SAM, Status.SAM_REJECTS_CARD, Status.INFORMATION_UNVERIFIED, Status.RANDOM_FAILED}
)
_HEADER = 4  # two lengths of two bytes before text and photo
_REASONS = {
    DeviceUnavailableError: "unplugged",
    DeviceTimeoutError: "silent",
    DeviceProtocolError: "nonsense",
    DeviceFaultError: "module-fault",
}
_NEVER = Event()


class SamvCardReader:
    """Implements devices.id_card.api.IdCardReader. ``port``: a device path, best a stable one made by udev."""

    def __init__(self, port: str, baud: int = 115200) -> None:
        self._path = port
        self._baud = baud
        self._lock = RLock()
        self._port: serial.Serial | None = None
        self._sam = ""
        self._card_read = False  # a card was read and has not been seen lifted

    def health(self) -> Health:
        """Ask the module whether it is there and well. Never raises."""
        if not self._lock.acquire(timeout=0.2):
            return Health("id_card", Level.READY, "ok", self._facts())  # at work, so there
        try:
            self._expect(self._ask(Command.STATUS, _NEVER), Status.OK)
            self._sam = self._sam or self._sam_number()
        except DeviceError as error:
            return Health("id_card", Level.DOWN, _REASONS.get(type(error), "unplugged"), self._facts())
        finally:
            self._lock.release()
        return Health("id_card", Level.READY, "ok", self._facts())

    def presence(self) -> Presence:
        """What lies on the reader now. Raises DeviceError."""
        with self._lock:
            if self._card_read and self._still_there():
                return Presence.READ
            self._card_read = False
            answer = self._ask(Command.FIND, _NEVER)
            return Presence.FRESH if answer.status is Status.CARD_FOUND else Presence.NONE

    def read(self, cancel: Event) -> CardRead | CardUnreadable:
        """Read the card that lies there. Raises DeviceError when the reader itself fails."""
        with self._lock:
            for command, wanted in ((Command.FIND, Status.CARD_FOUND), (Command.SELECT, Status.OK)):
                answer = self._ask(command, cancel)
                if answer.status is not wanted:
                    return CardUnreadable(_problem(answer.status))
            answer = self._ask(Command.READ_BASE, cancel)
            if answer.status is not Status.OK:
                return CardUnreadable(_problem(answer.status))
            self._card_read = True
        return _card(answer.data)

    def close(self) -> None:
        """Give the port back."""
        with self._lock:
            self._drop()

    # --- asking ---

    def _still_there(self) -> bool:
        """After a read, 'find' says 'nothing' until the card is lifted; its management number can still be read."""
        answer = self._ask(Command.READ_MANAGEMENT_NUMBER, _NEVER)
        return answer.status in (Status.OK, Status.NOT_ON_CARD)

    def _ask(self, command: Command, cancel: Event) -> wire.Answer:
        for attempt in range(_TRIES):
            try:
                return self._ask_once(command, cancel)
            except wire.FrameError as error:
                if attempt + 1 == _TRIES:
                    self._drop()
                    raise DeviceProtocolError(str(error)) from None
                self._settle()
            except (serial.SerialException, OSError, termios.error):
                self._drop()
                raise DeviceUnavailableError(self._path) from None
            except DeviceTimeoutError:
                self._drop()
                raise
        raise AssertionError  # pragma: no cover - the loop returns or raises

    def _ask_once(self, command: Command, cancel: Event) -> wire.Answer:
        port = self._opened()
        port.reset_input_buffer()
        port.write(wire.request(command))
        received, deadline = bytearray(), time.monotonic() + _SECONDS[command]
        while needed := wire.missing(bytes(received)):
            if cancel.is_set():
                self._drop()  # what is still on its way belongs to nobody
                raise DeviceCancelledError
            if time.monotonic() > deadline or len(received) > wire.LONGEST:
                raise DeviceTimeoutError(command.name)
            received += port.read(needed)
        answer = wire.parse(bytes(received))
        if answer.status in _MODULE_FAULTS:
            raise DeviceFaultError(answer.status.name)
        return answer

    def _settle(self) -> None:
        """Let the rest of a broken answer pass before asking again."""
        with suppress(serial.SerialException, OSError, termios.error):
            while self._port is not None and self._port.read(wire.LONGEST):
                pass

    def _opened(self) -> serial.Serial:
        if self._port is None:
            self._port = serial.Serial(self._path, self._baud, timeout=_SLICE, write_timeout=1.0, exclusive=True)
        return self._port

    def _drop(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            with suppress(serial.SerialException, OSError, termios.error):
                port.close()

    def _sam_number(self) -> str:
        """The module's own number, as it is printed on it: ``05.01-20131105-0001234567-0987654321``."""
        data = self._ask(Command.SAM_ID, _NEVER).data
        if len(data) != 16:  # noqa: PLR2004 - two shorts, three longs
            return ""
        short = [int.from_bytes(data[at : at + 2], "little") for at in (0, 2)]
        long = [int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12)]
        return f"{short[0]:02d}.{short[1]:02d}-{long[0]:08d}-{long[1]:010d}-{long[2]:010d}"

    def _facts(self) -> tuple[tuple[str, str], ...]:
        known = (("port", self._path), ("SAM", self._sam))
        return tuple((name, value) for name, value in known if value)

    @staticmethod
    def _expect(answer: wire.Answer, wanted: Status) -> None:
        if answer.status is not wanted:
            raise DeviceFaultError(answer.status.name)


def _problem(status: Status) -> CardProblem:
    """What the resident can do about it."""
    if status in _REFUSALS:
        return CardProblem.REFUSED
    return CardProblem.NOT_RESIDENT_CARD if status is Status.UNKNOWN_CARD_TYPE else CardProblem.MOVED


def _card(data: bytes) -> CardRead | CardUnreadable:
    if len(data) < _HEADER:
        return CardUnreadable(CardProblem.DAMAGED)
    text_size, photo_size = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
    text, photo = data[_HEADER : _HEADER + text_size], data[_HEADER + text_size :][:photo_size]
    outcome = decode(text, photo)
    return CardUnreadable(outcome) if isinstance(outcome, CardProblem) else CardRead(outcome)
