"""A resident-card reader with a SAM-V module on a serial port: what lies there, and what stands on it.

After a card was read, 'find' says 'nothing' until it is lifted. So what lies there is told by two questions: 'find'
knows fresh cards, and a card read before still answers when asked for its management number (docs/devices). Addresses
that were added to a chip are asked for after its text, and whatever becomes of that question, the card has been read.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Event, Lock

from civic.document import DocumentKind
from civic.masking import PersonalText
from devices.errors import (
    DeviceCancelledError,
    DeviceError,
    DeviceFaultError,
    DeviceProtocolError,
    DeviceTimeoutError,
    DeviceUnavailableError,
    heed_visit,
)
from devices.health import Health, Level
from devices.id_card import wire
from devices.id_card.api import CardProblem, CardRead, CardUnreadable, IdCard, Presence
from devices.id_card.line import SLICE, SamvLine
from devices.id_card.meaning import NOT_UNDERSTOOD, problem
from devices.id_card.text import decode, newer_addresses
from devices.id_card.wire import Command, Status

_FIND_TRIES = 5  # a card that is just being laid is often found only at the second or third time
_FIND_PAUSE = 0.1
_TRY_AGAIN = frozenset({Status.FIND_FAILED, Status.SELECT_FAILED})
_SAM_TRIES = 3  # the first answer after power-on is wrong on some modules
_HAVE_NEWER_ADDRESSES = frozenset({DocumentKind.RESIDENT_CARD, DocumentKind.HMT_PERMIT})
_HEADER = 4  # two lengths of two bytes before text and photo
_NO_ANSWER = (DeviceTimeoutError, DeviceProtocolError, DeviceFaultError)  # from a module that is there
_REASONS = {
    DeviceUnavailableError: "unplugged",
    DeviceTimeoutError: "silent",
    DeviceProtocolError: "nonsense",
}
_NOT_UNDERSTOOD = frozenset(status.word for status in NOT_UNDERSTOOD)
_NONSENSE = "nonsense"
_NEVER = Event()


class SamvCardReader:
    """Implements devices.id_card.api.IdCardReader. ``port``: a device path, best a stable one made by udev.

    ``baud``: what the module is set to; None: found out, and again after any trouble.
    """

    def __init__(self, port: str, baud: int | None = 115200) -> None:
        self._line = SamvLine(port, baud)
        self._lock = Lock()
        self._sam = ""
        self._last_status = ""
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
        baud = str(self._line.baud or "")
        facts = (("port", self._line.path), ("baud", baud), ("SAM", self._sam), ("last-status", self._last_status))
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
                return self._unreadable(status)
            self._maybe_read = True  # even when its answer never reaches us
            answer = self._line.ask(Command.READ_BASE, cancel)
            if answer.status is not Status.OK:
                return self._unreadable(answer.status)
            card = _card(answer.data)
            if isinstance(card, CardProblem):
                self._last_status = card.value
                return CardUnreadable(card)
            return CardRead(replace(card, newer_addresses=self._newer_addresses(card.kind, cancel)))

    def close(self) -> None:
        """Give the port back."""
        with self._turn(_NEVER):
            self._line.close()

    @contextmanager
    def _turn(self, cancel: Event) -> Iterator[None]:
        """One question at a time; whoever leaves does not wait for the others'. A fault of the module is noted: the
        next self-test may pass."""
        while not self._lock.acquire(timeout=SLICE):
            heed_visit(cancel)
        try:
            yield
        except DeviceFaultError as error:
            self._last_status = error.detail
            raise
        except DeviceProtocolError as error:
            self._last_status = error.detail if error.detail in _NOT_UNDERSTOOD else _NONSENSE
            raise
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

    def _newer_addresses(self, kind: DocumentKind, cancel: Event) -> tuple[PersonalText, ...]:
        """What was added to the chip since the card was made; nothing when the chip, the module or the line says no."""
        if kind in _HAVE_NEWER_ADDRESSES:
            with suppress(DeviceUnavailableError, *_NO_ANSWER):
                answer = self._line.ask(Command.READ_NEW_ADDRESS, cancel)
                return newer_addresses(answer.data) if answer.status is Status.OK else ()
        return ()

    def _unreadable(self, status: Status) -> CardUnreadable:
        """Why, for the resident, and what the module said, for the technician."""
        self._last_status = status.word
        return CardUnreadable(problem(status), status.word)

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
            status = self._line.ask(Command.STATUS, _NEVER).status
            if status is not Status.OK:
                raise DeviceFaultError(status.word)  # noqa: TRY301 - as when the module says that it is faulty
            if self._reason != "ok" or not self._sam:  # after trouble it may be another module
                self._sam = self._ask_sam_number()
        except DeviceFaultError as error:
            self._last_status = error.detail
            return "module-fault"
        except DeviceError as error:
            return _REASONS.get(type(error), "unplugged")
        return "ok"

    def _ask_sam_number(self) -> str:
        """Empty when the module tells none, or never a well-formed one. Nothing depends on it."""
        for _ in range(_SAM_TRIES):
            try:
                return wire.sam_number(self._line.ask(Command.SAM_ID, _NEVER).data)
            except (wire.FrameError, DeviceProtocolError):
                continue
            except DeviceError:
                break  # silence is not waited for again
        return ""


def _card(data: bytes) -> IdCard | CardProblem:
    """``data``: two lengths, the text, the photo."""
    if len(data) < _HEADER:
        return CardProblem.DAMAGED
    text_size, photo_size = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
    text, photo = data[_HEADER : _HEADER + text_size], data[_HEADER + text_size :][:photo_size]
    return decode(text, photo)
