"""What a reader of access cards offers: the proof of the card that is laid down next, whatever carries the bytes."""

from dataclasses import dataclass
from enum import StrEnum
from threading import Event
from typing import Protocol

from devices.health import Health

_LABEL = 4


class CardReason(StrEnum):
    """Why a card that was laid down can't be a way in. Each has one sentence and one way on."""

    MOVED = "moved"  # lifted before it was done
    SILENT = "silent"  # the chip stopped answering, or takes too long over it
    DAMAGED = "damaged"  # it answers what can't be understood
    REFUSED = "refused"  # it has a key and won't sign with it without a PIN, or at all
    NO_KEY = "no-key"  # it could have a key, and nobody has put one on it yet
    KEY_UNFIT = "key-unfit"  # its key is not one on P-256
    NOT_PROVEN = "not-proven"  # the signature is not that key's over what was asked now: a copy of another card
    NO_NUMBER = "no-number"  # it has no application, and tells no number either
    RANDOM_NUMBER = "random-number"  # it tells another number each time


@dataclass(frozen=True, slots=True, repr=False)
class CardKey:
    """A card that has just proved this key. ``public_key``: SubjectPublicKeyInfo, DER, P-256. ``label``: the last four
    digits (hexadecimal) of its number, for its owner; empty where it has no lasting one."""

    public_key: bytes
    label: str = ""

    def __repr__(self) -> str:
        return "CardKey(…)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True, repr=False)
class CardNumber:
    """A card that can only say its number, which any copy of it says too: the weaker way. ``number``: its UID as
    the reader tells it, 4, 7 or 10 bytes (ISO/IEC 14443-3)."""

    number: bytes

    @property
    def label(self) -> str:
        """The last four digits (hexadecimal), for its owner."""
        return number_label(self.number)

    def __repr__(self) -> str:
        return "CardNumber(…)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A card was laid down, and is no way in. ``detail``: for the technician, a status word, a rule; nothing of the
    card's own."""

    reason: CardReason
    detail: str = ""


CardProof = CardKey | CardNumber | Unreadable


class AccessCardReader(Protocol):
    """Blocking calls; each ends at its timeout or when ``cancel`` is set (DeviceCancelledError). Thread-safe; one
    ``wait`` at a time, the next one follows."""

    def health(self) -> Health:
        """Never raises, touches no card. Device ``access_card``. Reasons: ok, unplugged (no such reader), no-service
        (pcscd does not answer), in-use (another program holds the card), silent (a card that does not let go). Facts:
        reader, last-reason (why the last card was none)."""

    def wait(self, timeout: float, cancel: Event) -> CardProof | None:
        """The proof of the next card that is laid down, or lies there and has not been read since. None: nobody laid
        one within ``timeout`` seconds. A card that was read counts again once it was lifted. Raises DeviceError when
        the reader itself fails."""

    def close(self) -> None:
        """Let go of the reader."""


def number_label(number: bytes) -> str:
    """How the owner of a card tells it from their others: the last four digits of its number, as ``7A1C``."""
    return number.hex().upper()[-_LABEL:]
