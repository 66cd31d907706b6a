"""A resident-card reader with a SAM-V module on a serial port (8N1).

The port is opened when it is needed and dropped at any failure, so that unplugging and plugging in again needs nobody.
Reads are driven by the length in the frame, never by a pause on the line.

After a card was read, 'find' says 'nothing' until it is lifted. So what lies there is told by two questions: 'find'
knows fresh cards, and a card read before still answers when asked for its management number (docs/devices).
"""

import struct
import termios
import time
from contextlib import suppress
from threading import Event, Lock

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
_MOST_DATA = {  # an answer with more data than its command can have was meant for an earlier, abandoned command
    Command.STATUS: 16,
    Command.SAM_ID: 16,
    Command.FIND: 16,
    Command.SELECT: 16,
    Command.READ_MANAGEMENT_NUMBER: 28,
}
_SLICE = 0.1  # how long one read may block before the cancel event is looked at again
_TRIES = 2  # noise on the line: ask once more
_FIND_TRIES = 5  # a card that is just being laid is often found only at the second or third time
_FIND_PAUSE = 0.1
_SETTLE = 0.5  # how long the rest of a broken answer may take to pass
_MODULE_FAULTS = frozenset({Status.SELF_TEST_FAILED, Status.NOT_AUTHORISED, Status.NO_PRIVILEGE})
_NOT_UNDERSTOOD = frozenset({Status.CHECKSUM_ERROR, Status.LENGTH_ERROR, Status.BAD_COMMAND})  # our words got damaged
_PROBLEMS = {  # what a status means for the resident; any other: lay the card again
    Status.CARD_REJECTS_SAM: CardProblem.REFUSED,
    Status.SAM_REJECTS_CARD: CardProblem.REFUSED,
    Status.INFORMATION_UNVERIFIED: CardProblem.REFUSED,
    Status.FINGERPRINT_UNVERIFIED: CardProblem.REFUSED,
    Status.RANDOM_FAILED: CardProblem.REFUSED,
    Status.UNKNOWN_CARD_TYPE: CardProblem.NOT_RESIDENT_CARD,
    Status.NOT_ON_CARD: CardProblem.NOT_RESIDENT_CARD,
    Status.INFORMATION_LENGTH: CardProblem.DAMAGED,
}
_HEADER = 4  # two lengths of two bytes before text and photo
_SAM_NUMBER = struct.Struct("<HHIII")
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
        self._lock = Lock()
        self._port: serial.Serial | None = None
        self._sam = ""
        self._reason = "ok"
        self._card_read = False  # a card was read and has not been seen lifted
        self._just_started = True  # whoever used the module before us may have left a card that was read

    def health(self) -> Health:
        """Ask the module whether it is there and well. Never raises. During a read: what was known last."""
        if self._lock.acquire(timeout=_SLICE):
            try:
                self._reason = self._diagnose()
            finally:
                self._lock.release()
        level = Level.READY if self._reason == "ok" else Level.DOWN
        facts = (("port", self._path), ("SAM", self._sam))
        return Health("id_card", level, self._reason, tuple(fact for fact in facts if fact[1]))

    def presence(self) -> Presence:
        """What lies on the reader now. Raises DeviceError."""
        with self._lock:
            if self._card_read and self._still_there():
                return Presence.READ
            fresh = self._ask(Command.FIND, _NEVER).status is Status.CARD_FOUND
            self._card_read = not fresh and self._just_started and self._still_there()
            self._just_started = False
            if fresh:
                return Presence.FRESH
            return Presence.READ if self._card_read else Presence.NONE

    def read(self, cancel: Event) -> CardRead | CardUnreadable:
        """Read the card that lies there. Raises DeviceError when the reader itself fails.

        A card that was read before and not lifted is not found (MOVED): whoever comes next must lay their own.
        """
        with self._lock:
            status = self._find(cancel)
            if status is Status.CARD_FOUND:
                status = self._ask(Command.SELECT, cancel).status
            if status is not Status.OK:
                return CardUnreadable(_problem(status))
            self._card_read = True  # even when its answer never reaches us
            answer = self._ask(Command.READ_BASE, cancel)
            self._card_read = answer.status is Status.OK
        return _card(answer.data) if answer.status is Status.OK else CardUnreadable(_problem(answer.status))

    def close(self) -> None:
        """Give the port back."""
        with self._lock:
            self._drop()

    # --- asking ---

    def _find(self, cancel: Event) -> Status:
        for _ in range(_FIND_TRIES - 1):
            status = self._ask(Command.FIND, cancel).status
            if status is not Status.FIND_FAILED:
                return status
            if cancel.wait(_FIND_PAUSE):
                raise DeviceCancelledError
        return self._ask(Command.FIND, cancel).status

    def _still_there(self) -> bool:
        """Whether the card that was read answers; one missed answer lifts no card. Its number is not kept."""
        for _ in range(2):
            try:
                status = self._ask(Command.READ_MANAGEMENT_NUMBER, _NEVER).status
            except DeviceTimeoutError:  # nobody promises that a module answers this without a card
                return False
            if status in (Status.OK, Status.NOT_ON_CARD):
                return True
        return False

    def _diagnose(self) -> str:
        try:
            if self._ask(Command.STATUS, _NEVER).status is not Status.OK:
                return "module-fault"
            self._sam = self._sam or self._sam_number()
        except DeviceError as error:
            return _REASONS.get(type(error), "unplugged")
        return "ok"

    def _ask(self, command: Command, cancel: Event) -> wire.Answer:
        """One command and its answer. After any failure but noise the port is dropped."""
        try:
            try:
                return self._ask_once(command, cancel)
            except wire.FrameError:
                self._settle()
                return self._ask_once(command, cancel)
        except wire.FrameError as error:
            self._drop()
            raise DeviceProtocolError(str(error)) from None
        except serial.SerialTimeoutException:
            self._drop()
            raise DeviceTimeoutError(command.name) from None
        except (serial.SerialException, OSError, termios.error):
            self._drop()
            raise DeviceUnavailableError(self._path) from None
        except (DeviceTimeoutError, DeviceCancelledError):
            self._drop()  # what is still on its way belongs to nobody
            raise

    def _ask_once(self, command: Command, cancel: Event) -> wire.Answer:
        answer = wire.parse(self._exchange(command, cancel))
        if len(answer.data) > _MOST_DATA.get(command, wire.LONGEST):
            raise wire.FrameError("another command's answer")
        if answer.status in _NOT_UNDERSTOOD:
            raise wire.FrameError(answer.status.name)
        if answer.status in _MODULE_FAULTS:
            raise DeviceFaultError(answer.status.name)
        return answer

    def _exchange(self, command: Command, cancel: Event) -> bytes:
        if cancel.is_set():
            raise DeviceCancelledError
        port = self._opened()
        port.reset_input_buffer()
        port.write(wire.request(command))
        received, deadline = bytearray(), time.monotonic() + _SECONDS[command]
        while needed := wire.missing(bytes(received)):
            if cancel.is_set():
                raise DeviceCancelledError
            if time.monotonic() > deadline:
                raise DeviceTimeoutError(command.name)
            if len(received) > wire.LONGEST:
                raise wire.FrameError("no end")
            received += port.read(needed)
        return bytes(received)

    def _settle(self) -> None:
        """Let the rest of a broken answer pass before asking again."""
        port, deadline = self._opened(), time.monotonic() + _SETTLE
        while port.read(wire.LONGEST) and time.monotonic() < deadline:
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
        if len(data) != _SAM_NUMBER.size:
            return ""
        maker, kind, day, serial_number, suffix = _SAM_NUMBER.unpack(data)
        return f"{maker:02d}.{kind:02d}-{day:08d}-{serial_number:010d}-{suffix:010d}"


def _problem(status: Status) -> CardProblem:
    """What the resident can do about it."""
    return _PROBLEMS.get(status, CardProblem.MOVED)


def _card(data: bytes) -> CardRead | CardUnreadable:
    if len(data) < _HEADER:
        return CardUnreadable(CardProblem.DAMAGED)
    text_size, photo_size = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
    text, photo = data[_HEADER : _HEADER + text_size], data[_HEADER + text_size :][:photo_size]
    outcome = decode(text, photo)
    return CardUnreadable(outcome) if isinstance(outcome, CardProblem) else CardRead(outcome)
