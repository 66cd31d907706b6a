"""The card's 256 bytes of text: UTF-16LE at fixed places, padded with spaces. Code points are kept as they are.

The letter at code unit 124 tells the kind: blank for a resident identity card, J for a residence permit of Hong Kong,
Macao and Taiwan residents, I and Y for foreigners' cards of 2017 and 2023. Only the first is decoded here; any letter
means another kind, so that neither these nor a kind yet to come is ever misread as a resident's.
"""

from dataclasses import dataclass
from datetime import date

from civic.document import DocumentKind
from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from civic.masking import PersonalBytes, PersonalText
from civic.period import Period
from civic.person_name import PersonName
from devices.id_card.api import CardProblem, IdCard

TEXT_BYTES = 256
LONG_TERM = "长期"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands, and its size, in bytes."""

    at: int
    size: int


NAME = Place(0, 30)
SEX = Place(30, 2)
NATION = Place(32, 4)
BIRTH = Place(36, 16)
ADDRESS = Place(52, 70)
NUMBER = Place(122, 36)
ISSUER = Place(158, 30)
START = Place(188, 16)
END = Place(204, 16)
KIND = Place(248, 2)


def decode(text: bytes, photo: bytes) -> IdCard | CardProblem:
    """The card, or why it is none that can be used."""
    if len(text) != TEXT_BYTES:
        return CardProblem.DAMAGED
    try:
        return CardProblem.UNKNOWN_CARD if _field(text, KIND) else _resident(text, photo)
    except (InvalidValueError, ValueError):  # ValueError: surrogates that don't pair, dates that are none
        return CardProblem.DAMAGED


def _resident(text: bytes, photo: bytes) -> IdCard:
    end = _field(text, END)
    return IdCard(
        kind=DocumentKind.RESIDENT_CARD,
        name=PersonName(_field(text, NAME)),
        id_number=IdNumber(_field(text, NUMBER)),
        sex=_field(text, SEX),
        nation=_field(text, NATION),
        birth_date=_date(_field(text, BIRTH)),
        address=PersonalText(_field(text, ADDRESS)),
        issuer=_field(text, ISSUER),
        validity=Period(_date(_field(text, START)), None if end == LONG_TERM else _date(end)),
        photo_wlt=PersonalBytes(photo),
    )


def _field(text: bytes, place: Place) -> str:
    return text[place.at : place.at + place.size].decode("utf-16-le").rstrip(" \0")


def _date(digits: str) -> date:
    if not (len(digits) == 8 and digits.isascii() and digits.isdigit()):  # noqa: PLR2004 - YYYYMMDD
        raise InvalidValueError("date")
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
