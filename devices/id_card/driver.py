"""A resident-card reader with a SAM-V module on a serial port: what lies there, and what stands on it.

After a card was read, 'find' says 'nothing' until it is lifted. So what lies there is told by two questions: 'find'
knows fresh cards, and a card read before still answers when asked for its management number (docs/devices).
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock

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
from devices.id_card.line import SLICE, SamvLine, heed
from devices.id_card.text import decode
from devices.id_card.wire import Command, Status

_FIND_TRIES = 5  # a card that is just being laid is often found only at the second or third time
_FIND_PAUSE = 0.1
_PROBLEMS = {  # what a status means for the resident; any other: lay the card again
    Status.CARD_REJECTS_SAM: CardProblem.REFUSED,
    Status.SAM_REJECTS_CARD: CardProblem.REFUSED,
    Status.INFORMATION_UNVERIFIED: CardProblem.REFUSED,
    Status.FINGERPRINT_UNVERIFIED: CardProblem.REFUSED,
    Status.RANDOM_FAILED: CardProblem.REFUSED,
    Status.UNKNOWN_CARD_TYPE: CardProblem.UNKNOWN_CARD,
    Status.NOT_ON_CARD: CardProblem.UNKNOWN_CARD,
    Status.INFORMATION_LENGTH: CardProblem.DAMAGED,
}
_TRY_AGAIN = frozenset({Status.FIND_FAILED, Status.SELECT_FAILED})
_HEADER = 4  # two lengths of two bytes before text and photo
_NO_ANSWER = (DeviceTimeoutError, DeviceProtocolError, DeviceFaultError)  # from a module that is there
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
        self._line = SamvLine(port, baud)
        self._lock = Lock()
        self._sam = ""
        self._reason = "ok"
        self._maybe_read = True  # a card may lie there that was read, by us or by whoever used the module before

    def health(self) -> Health:
        """Ask the module whether it is there and well. Never raises. During a read: what was known last."""
        if self._lock.acquire(timeout=SLICE):
            try:
                self._reason = self._diagnose()
            finally:
                self._lock.release()
        level = Level.READY if self._reason == "ok" else Level.DOWN
        facts = (("port", self._line.path), ("SAM", self._sam))
        return Health("id_card", level, self._reason, tuple(fact for fact in facts if fact[1]))

    def presence(self) -> Presence:
        """What lies on the reader now. Raises DeviceError."""
        with self._turn(_NEVER):
            if self._line.ask(Command.FIND, _NEVER).status is Status.CARD_FOUND:
                return Presence.FRESH
            self._maybe_read = self._maybe_read and self._still_there()
            return Presence.READ if self._maybe_read else Presence.NONE

    def read(self, cancel: Event) -> CardRead | CardUnreadable:
        """Read the card that lies there. Raises DeviceError when the reader itself fails.

        A card that was read before and not lifted is not found (MOVED): whoever comes next must lay their own.
        """
        with self._turn(cancel):
            status = self._select(cancel)
            if status is not Status.OK:
                return CardUnreadable(_problem(status))
            self._maybe_read = True  # even when its answer never reaches us
            answer = self._line.ask(Command.READ_BASE, cancel)
        return _card(answer.data) if answer.status is Status.OK else CardUnreadable(_problem(answer.status))

    def close(self) -> None:
        """Give the port back."""
        with self._turn(_NEVER):
            self._line.close()

    @contextmanager
    def _turn(self, cancel: Event) -> Iterator[None]:
        """One question at a time; whoever leaves does not wait for the others'."""
        while not self._lock.acquire(timeout=SLICE):
            heed(cancel)
        try:
            yield
        finally:
            self._lock.release()

    def _select(self, cancel: Event) -> Status:
        """Find and select the card: OK, or what the last try met."""
        for _ in range(_FIND_TRIES - 1):
            status = self._select_once(cancel)
            if status not in _TRY_AGAIN:
                return status
            if cancel.wait(_FIND_PAUSE):
                raise DeviceCancelledError
        return self._select_once(cancel)

    def _select_once(self, cancel: Event) -> Status:
        found = self._line.ask(Command.FIND, cancel).status
        return self._line.ask(Command.SELECT, cancel).status if found is Status.CARD_FOUND else found

    def _still_there(self) -> bool:
        """Whether the card that was read answers; one missed answer lifts no card. Its number is not kept.

        The module has just answered 'find', so whatever it makes of this question, which no standard promises for an
        empty reader, is no fault.
        """
        with suppress(*_NO_ANSWER):
            for _ in range(2):
                answer = self._line.ask(Command.READ_MANAGEMENT_NUMBER, _NEVER)
                if answer.status in (Status.OK, Status.NOT_ON_CARD):
                    return True
        return False

    def _diagnose(self) -> str:
        try:
            if self._line.ask(Command.STATUS, _NEVER).status is not Status.OK:
                return "module-fault"
            if self._reason != "ok" or not self._sam:  # after trouble it may be another module
                self._sam = self._ask_sam_number()
        except DeviceError as error:
            return _REASONS.get(type(error), "unplugged")
        return "ok"

    def _ask_sam_number(self) -> str:
        """Empty when the module tells none, or a wrong one, as some do the first time. Nothing depends on it."""
        with suppress(wire.FrameError, *_NO_ANSWER):
            return wire.sam_number(self._line.ask(Command.SAM_ID, _NEVER).data)
        return ""


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
