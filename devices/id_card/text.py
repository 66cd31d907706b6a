"""The card's 256 bytes of text: UTF-16LE at fixed places, padded with spaces. Code points are kept as they are.

The letter at code unit 124 tells the kind: blank for a resident identity card, J for a residence permit of Hong Kong,
Macao and Taiwan residents, I and Y for foreigners' cards of 2017 and 2023. Any other letter is a kind that is yet to
come, and is never misread as one of these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from civic.document import DocumentKind
from civic.errors import InvalidValueError
from civic.id_number import IdNumber, ResidencePermitNumber
from civic.masking import PersonalBytes, PersonalText
from civic.period import Period
from civic.person_name import PersonName
from devices.id_card.api import CardProblem, IdCard

TEXT_BYTES = 256
ADDRESS_BYTES = 70  # of each address that was added later
LONG_TERM = "长期"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands, and its size, in bytes."""

    at: int
    size: int


# the same on every kind
START = Place(188, 16)
END = Place(204, 16)
KIND = Place(248, 2)

# the resident's card and the permit; the first, third and fifth are the foreigner's card of 2023, too
NAME = Place(0, 30)
SEX = Place(30, 2)
NATION = Place(32, 4)
BIRTH = Place(36, 16)
ADDRESS = Place(52, 70)
NUMBER = Place(122, 36)
ISSUER = Place(158, 30)

TRAVEL_PERMIT = Place(220, 18)  # the permit

# the foreigner's card of 2017
LATIN_2017 = Place(0, 120)
SEX_2017 = Place(120, 2)
NUMBER_2017 = Place(122, 30)
NATIONALITY_2017 = Place(152, 6)
NAME_2017 = Place(158, 30)
BIRTH_2017 = Place(220, 16)

# the foreigner's card of 2023
LATIN_HEAD = Place(52, 70)
LATIN_TAIL = Place(220, 22)
NATIONALITY = Place(242, 6)


def decode(text: bytes, photo: bytes) -> IdCard | CardProblem:
    """The card, or why it is none that can be used."""
    if len(text) != TEXT_BYTES:
        return CardProblem.DAMAGED
    try:
        layout = _LAYOUTS.get(_field(text, KIND))
        return layout(text, PersonalBytes(photo)) if layout else CardProblem.UNKNOWN_CARD
    except (InvalidValueError, ValueError):  # ValueError: surrogates that don't pair, dates that are none
        return CardProblem.DAMAGED


def newer_addresses(data: bytes) -> tuple[PersonalText, ...]:
    """The addresses that were added to a chip, in its own order. None at all when one can't be read: of half a list,
    an older address would pass for the newest."""
    if len(data) % ADDRESS_BYTES:
        return ()
    try:
        found = [_field(data, Place(at, ADDRESS_BYTES)) for at in range(0, len(data), ADDRESS_BYTES)]
    except ValueError:
        return ()
    return tuple(PersonalText(address) for address in found if address)


def _resident(text: bytes, photo: PersonalBytes) -> IdCard:
    return IdCard(
        kind=DocumentKind.RESIDENT_CARD,
        name=PersonName(_field(text, NAME)),
        id_number=IdNumber(_field(text, NUMBER)),
        sex=_field(text, SEX),
        nation=_field(text, NATION),
        birth_date=_date(_field(text, BIRTH)),
        address=PersonalText(_field(text, ADDRESS)),
        issuer=_field(text, ISSUER),
        validity=_validity(text),
        photo_wlt=photo,
    )


def _permit(text: bytes, photo: PersonalBytes) -> IdCard:
    return IdCard(
        kind=DocumentKind.HMT_PERMIT,
        name=PersonName(_field(text, NAME)),
        id_number=IdNumber(_field(text, NUMBER)),
        sex=_field(text, SEX),
        birth_date=_date(_field(text, BIRTH)),
        address=PersonalText(_field(text, ADDRESS)),
        issuer=_field(text, ISSUER),
        travel_permit=PersonalText(_field(text, TRAVEL_PERMIT)),
        validity=_validity(text),
        photo_wlt=photo,
    )


def _foreigner_2017(text: bytes, photo: PersonalBytes) -> IdCard:
    latin = _field(text, LATIN_2017)
    return IdCard(
        kind=DocumentKind.FOREIGNER_CARD_2017,
        name=PersonName(_field(text, NAME_2017) or latin),
        latin_name=_name(latin),
        id_number=ResidencePermitNumber(_field(text, NUMBER_2017)),
        sex=_field(text, SEX_2017),
        nationality=_field(text, NATIONALITY_2017),
        birth_date=_date(_field(text, BIRTH_2017)),
        validity=_validity(text),
        photo_wlt=photo,
    )


def _foreigner(text: bytes, photo: PersonalBytes) -> IdCard:
    latin = _latin(text)
    return IdCard(
        kind=DocumentKind.FOREIGNER_CARD,
        name=PersonName(_field(text, NAME) or latin),
        latin_name=_name(latin),
        id_number=IdNumber(_field(text, NUMBER)),
        sex=_field(text, SEX),
        nationality=_field(text, NATIONALITY),
        birth_date=_date(_field(text, BIRTH)),
        validity=_validity(text),
        photo_wlt=photo,
    )


_LAYOUTS: dict[str, Callable[[bytes, PersonalBytes], IdCard]] = {
    "": _resident,
    "J": _permit,
    "I": _foreigner_2017,
    "Y": _foreigner,
}


def _latin(text: bytes) -> str:
    """The Latin name of 2023, which goes on elsewhere after its 35th character. A blank at the seam is one blank,
    however much padding stands there."""
    head, tail = _raw(text, LATIN_HEAD), _field(text, LATIN_TAIL)
    begun = head.rstrip(" \0")
    seam = " " if tail and begun != head else ""
    return f"{begun}{seam}{tail}"


def _validity(text: bytes) -> Period:
    end = _field(text, END)
    return Period(_date(_field(text, START)), None if end == LONG_TERM else _date(end))


def _name(text: str) -> PersonName | None:
    return PersonName(text) if text else None


def _raw(text: bytes, place: Place) -> str:
    return text[place.at : place.at + place.size].decode("utf-16-le")


def _field(text: bytes, place: Place) -> str:
    return _raw(text, place).rstrip(" \0")


def _date(digits: str) -> date:
    if not (len(digits) == 8 and digits.isascii() and digits.isdigit()):  # noqa: PLR2004 - YYYYMMDD
        raise InvalidValueError("date")
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
