"""What a resident-card reader offers, whatever its maker."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from threading import Event
from typing import Protocol

from civic.document import DocumentKind
from civic.id_number import IdNumber, ResidencePermitNumber
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
    UNKNOWN_CARD = "unknown-card"  # no identity card, or one of a kind that came after this program
    REFUSED = "refused"  # chip and reader do not trust one another
    DAMAGED = "damaged"  # the text is not that of a card


@dataclass(frozen=True, slots=True, repr=False)
class IdCard:
    """The text of an identity card of any kind, and its photo as the chip stores it (WLT, no open decoder).

    ``kind``: RESIDENT_CARD, HMT_PERMIT, FOREIGNER_CARD_2017 or FOREIGNER_CARD. What a kind does not have is empty.
    """

    kind: DocumentKind
    name: PersonName  # in Chinese where the card has it, else in Latin letters
    id_number: IdNumber | ResidencePermitNumber  # the latter on the foreigner's card of 2017 alone
    sex: str  # GB/T 2261.1
    birth_date: date
    validity: Period
    photo_wlt: PersonalBytes
    latin_name: PersonName | None = None  # foreigners
    nationality: str = ""  # ISO 3166 alpha-3, foreigners
    nation: str = ""  # GB/T 3304, two digits, kept as read; residents; nothing branches on it
    address: PersonalText = PersonalText("")  # noqa: RUF009 - immutable; residents and permits
    issuer: str = ""
    travel_permit: PersonalText = PersonalText("")  # noqa: RUF009 - immutable; the HMT permit's travel document
    newer_addresses: tuple[PersonalText, ...] = ()  # appended to the chip since the card was made, oldest first

    def __repr__(self) -> str:
        return f"IdCard({self.kind}, {self.name})"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class CardRead:
    """A card was read."""

    card: IdCard


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """A card is there and could not be read. ``status``: what the module said (``read-failed``), for the technician;
    empty when the module said nothing wrong and the text itself is."""

    problem: CardProblem
    status: str = ""


class IdCardReader(Protocol):
    """Blocking calls; each ends at its timeout or when ``cancel`` is set (DeviceCancelledError). Thread-safe."""

    def health(self) -> Health:
        """Ask the module whether it is there and well. Never raises. Reasons: ok, unplugged, silent, nonsense,
        module-fault. Facts, each once it is known: port, baud, SAM (the module's number), last-status (what it said
        when something failed last: ``read-failed``, ``self-test-failed``; ``nonsense`` for an answer that was none,
        ``damaged`` and ``unknown-card`` for a text that was)."""

    def presence(self) -> Presence:
        """What lies on the reader now. Raises DeviceError."""

    def read(self, cancel: Event) -> CardRead | CardUnreadable:
        """Read the card that lies there (find, select, read). Raises DeviceError when the reader itself fails."""

    def close(self) -> None:
        """Give the port back."""


class PhotoDecoder(Protocol):
    """Opens the chip's photo, which has no open description: a vendor's own code does it."""

    def decode(self, wlt: PersonalBytes) -> PersonalBytes | None:
        """The photo as an encoded picture, 102 x 126 pixels; None when it can't be opened. Never raises."""
