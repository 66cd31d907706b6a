"""The card's 256 bytes of text: UTF-16LE at fixed places, padded with spaces. Code points are kept as they are.

The letter at code unit 124 tells the kind: blank for a resident identity card, J for a residence permit of Hong Kong,
Macao and Taiwan residents, I and Y for the two foreigners' cards. Only the first is decoded here; the others are told
apart, so that a foreigner's card is never misread as a resident's.
"""

from dataclasses import dataclass
from datetime import date

from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from civic.masking import PersonalBytes, PersonalText
from civic.period import Period
from civic.person_name import PersonName
from devices.id_card.api import CardProblem, IdCard

TEXT_BYTES = 256
KIND_AT = 248
LONG_TERM = "长期"
_OTHER_KINDS = frozenset("JIY")


@dataclass(frozen=True, slots=True)
class _Place:
    at: int
    size: int


NAME = _Place(0, 30)
SEX = _Place(30, 2)
NATION = _Place(32, 4)
BIRTH = _Place(36, 16)
ADDRESS = _Place(52, 70)
NUMBER = _Place(122, 36)
ISSUER = _Place(158, 30)
START = _Place(188, 16)
END = _Place(204, 16)


def decode(text: bytes, photo: bytes) -> IdCard | CardProblem:
    """The card, or why it is none that can be used."""
    if len(text) != TEXT_BYTES:
        return CardProblem.DAMAGED
    if text[KIND_AT : KIND_AT + 2].decode("utf-16-le", "replace") in _OTHER_KINDS:
        return CardProblem.NOT_RESIDENT_CARD
    try:
        return _resident(text, photo)
    except (InvalidValueError, ValueError):  # ValueError: surrogates that don't pair, dates that are none
        return CardProblem.DAMAGED


def _resident(text: bytes, photo: bytes) -> IdCard:
    end = _field(text, END)
    number = IdNumber(_field(text, NUMBER))
    return IdCard(
        name=PersonName(_field(text, NAME)),
        id_number=number,
        sex=_field(text, SEX),
        nation=_field(text, NATION),
        birth_date=_date(_field(text, BIRTH)),
        address=PersonalText(_field(text, ADDRESS)),
        issuer=_field(text, ISSUER),
        validity=Period(_date(_field(text, START)), None if end == LONG_TERM else _date(end)),
        photo_wlt=PersonalBytes(photo),
    )


def _field(text: bytes, place: _Place) -> str:
    return text[place.at : place.at + place.size].decode("utf-16-le").rstrip(" \0")


def _date(digits: str) -> date:
    if not (len(digits) == 8 and digits.isascii() and digits.isdigit()):  # noqa: PLR2004 - YYYYMMDD
        raise InvalidValueError("date")
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
