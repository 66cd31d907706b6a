"""What a resident-card reader offers, whatever its maker."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from threading import Event
from typing import Protocol

from civic.id_number import IdNumber
from civic.masking import PersonalBytes, PersonalText
from civic.period import Period
from civic.person_name import PersonName
from devices.health import Health


class Presence(StrEnum):
    """What lies on the reader."""

    NONE = "none"
    FRESH = "fresh"  # a card that has not been read since it was laid down
    READ = "read"  # the card read last, still lying there


class CardProblem(StrEnum):
    """Why a card that is there could not be read. The resident can act on each."""

    MOVED = "moved"  # lifted too early, or lying crooked
    NOT_RESIDENT_CARD = "not-resident-card"  # a card of another kind
    REFUSED = "refused"  # chip and reader do not trust one another
    DAMAGED = "damaged"  # the text is not that of a card


@dataclass(frozen=True, slots=True, repr=False)
class IdCard:
    """The text of a resident identity card, and its photo as the chip stores it (WLT, no open decoder)."""

    name: PersonName
    id_number: IdNumber
    sex: str  # GB/T 2261.1
    nation: str  # GB/T 3304, two digits, kept as read; nothing branches on it
    birth_date: date
    address: PersonalText
    issuer: str
    validity: Period
    photo_wlt: PersonalBytes

    def __repr__(self) -> str:
        return f"IdCard({self.name})"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class CardRead:
    """A card was read."""

    card: IdCard


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """A card is there and could not be read."""

    problem: CardProblem


class IdCardReader(Protocol):
    """Blocking calls; each ends at its timeout or when ``cancel`` is set (DeviceCancelledError). Thread-safe."""

    def health(self) -> Health:
        """Ask the module whether it is there and well. Never raises. Reasons: ok, unplugged, silent, nonsense,
        module-fault."""

    def presence(self) -> Presence:
        """What lies on the reader now. Raises DeviceError."""

    def read(self, cancel: Event) -> CardRead | CardUnreadable:
        """Read the card that lies there (find, select, read). Raises DeviceError when the reader itself fails."""

    def close(self) -> None:
        """Give the port back."""
