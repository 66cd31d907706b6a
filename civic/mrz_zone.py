"""Whole machine-readable zones: from lines of text to fields whose check digits hold (ICAO 9303 parts 3 to 6).

Cards (TD1), small booklets (TD2), passports (TD3), and the exit-entry permits of mainland residents (往来港澳通行证,
往来台湾通行证), which print one line of their own and store three. No standard of the permits' lines is public; their
places are those on which independent programs agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from civic.masking import PersonalText
from civic.mrz import InvalidMrzError, MrzKey, check_digit
from civic.person_name import PersonName

_FILLER = "<"
_PERMIT_CODES = frozenset({"CS", "CD"})  # to Hong Kong and Macao, to Taiwan
_LONGEST_STAY_YEARS = 50  # an expiry date lies this near: nothing is valid longer


class ZoneFormat(StrEnum):
    """How the zone is laid out."""

    TD1 = "td1"  # 3 lines of 30: cards
    TD2 = "td2"  # 2 lines of 36
    TD3 = "td3"  # 2 lines of 44: passports
    PERMIT = "permit"  # 1 line of 30, which the chip continues by 60 more


@dataclass(frozen=True, slots=True, repr=False)
class MrzZone:
    """One zone, fillers removed. Every check digit in it holds. What a format does not have is empty.

    ``birth``, ``expiry``: YYMMDD as printed; the century is not there. ``names``: as printed, "SURNAME<<GIVEN<NAMES".
    ``sex``: M, F, or X for anything else. ``optional``: all that the state put into its own fields.
    """

    format: ZoneFormat
    document_code: str
    issuing_state: str
    number: PersonalText
    birth: PersonalText
    expiry: PersonalText
    nationality: str = ""
    sex: str = "X"
    names: PersonalText = PersonalText("")  # noqa: RUF009 - immutable
    optional: PersonalText = PersonalText("")  # noqa: RUF009 - immutable

    @property
    def name(self) -> PersonName:
        """Surname, then given names, which no check digit guards. Raises InvalidNameError."""
        return PersonName(" ".join(self.names.reveal().replace(_FILLER, " ").split()))

    def key(self, today: date) -> MrzKey:
        """What opens the chip. ``today`` decides the centuries. Raises InvalidMrzError: a date that is none."""
        born, expires = birth_date(self.birth.reveal(), today), expiry_date(self.expiry.reveal(), today)
        return MrzKey(self.number, born, expires, permit=self.format is ZoneFormat.PERMIT)

    def __repr__(self) -> str:
        return f"MrzZone({self.format}, {self.issuing_state})"

    __str__ = __repr__


def parse(lines: Sequence[str]) -> MrzZone:
    """The zone in these lines, as an eye or a chip reads them. Raises InvalidMrzError; its ``detail`` names the rule:
    lines, character, or the check digit of number, birth, expiry, optional, or all of it (composite)."""
    shape = tuple(len(line) for line in lines)
    _value_every("".join(lines))
    match shape:
        case (30,) | (30, 30, 30) if lines[0][:2] in _PERMIT_CODES and (len(lines) == 1 or _is_permit(lines[0])):
            return _permit(lines)
        case (30, 30, 30):
            return _td1(*lines)
        case (36, 36):
            return _td2(*lines)
        case (44, 44):
            return _td3(*lines)
        case _:
            raise InvalidMrzError("lines")


def split(text: str) -> tuple[str, ...]:
    """The lines of a zone that was stored without line ends, as chips do. Raises InvalidMrzError."""
    width = {30: 30, 72: 36, 88: 44, 90: 30}.get(len(text))
    if width is None:
        raise InvalidMrzError("lines")
    return tuple(text[at : at + width] for at in range(0, len(text), width))


def birth_date(text: str, today: date) -> date:
    """The latest day YYMMDD that is not in the future; who is older than a hundred looks young here. Raises
    InvalidMrzError; parts of a date that a person does not know are printed as fillers, and open no chip here."""
    past = [day for day in _days(text) if day <= today]
    if not past:
        raise InvalidMrzError("birth")
    return max(past)


def expiry_date(text: str, today: date) -> date:
    """The day YYMMDD that is nearest to ``today``. Raises InvalidMrzError."""
    near = [day for day in _days(text) if abs(day.year - today.year) <= _LONGEST_STAY_YEARS]
    if not near:
        raise InvalidMrzError("expiry")
    return min(near, key=lambda day: abs(day - today))


def _days(text: str) -> list[date]:
    """In each century of anyone's life."""
    if not (len(text) == len("YYMMDD") and text.isascii() and text.isdigit()):
        return []
    days = []
    for century in (19, 20, 21):
        try:
            days.append(date.fromisoformat(f"{century}{text}"))
        except ValueError:  # no such day in this century, or in any
            continue
    return days


def _td3(first: str, second: str) -> MrzZone:
    """ICAO 9303-4, 4.2.2."""
    _check("number", second[:9], second[9])
    _check("optional", second[28:42], second[42])
    _check("composite", second[:10] + second[13:20] + second[21:43], second[43])
    return _two_lines(ZoneFormat.TD3, first, second, second[:9], second[28:42])


def _td2(first: str, second: str) -> MrzZone:
    """ICAO 9303-6, 4.2.2."""
    number, optional = _long_number(second[:9], second[9], second[28:35])
    _check("composite", second[:10] + second[13:20] + second[21:35], second[35])
    return _two_lines(ZoneFormat.TD2, first, second, number, optional)


def _two_lines(form: ZoneFormat, first: str, second: str, number: str, optional: str) -> MrzZone:
    return MrzZone(
        format=form,
        document_code=_trim(first[:2]),
        issuing_state=_trim(first[2:5]),
        names=PersonalText(_trim(first[5:])),
        number=PersonalText(_trim(number)),
        nationality=_trim(second[10:13]),
        birth=_dated("birth", second[13:19], second[19]),
        sex=_sex(second[20]),
        expiry=_dated("expiry", second[21:27], second[27]),
        optional=PersonalText(_trim(optional)),
    )


def _td1(first: str, second: str, third: str) -> MrzZone:
    """ICAO 9303-5, 4.2.2."""
    number, optional = _long_number(first[5:14], first[14], first[15:])
    _check("composite", first[5:] + second[:7] + second[8:15] + second[18:29], second[29])
    return MrzZone(
        format=ZoneFormat.TD1,
        document_code=_trim(first[:2]),
        issuing_state=_trim(first[2:5]),
        number=PersonalText(_trim(number)),
        birth=_dated("birth", second[:6], second[6]),
        sex=_sex(second[7]),
        expiry=_dated("expiry", second[8:14], second[14]),
        nationality=_trim(second[15:18]),
        names=PersonalText(_trim(third)),
        optional=PersonalText(_trim(optional) + _trim(second[18:29])),
    )


def _permit(lines: Sequence[str]) -> MrzZone:
    """The printed line, and from the chip: the Chinese name in a code (12), the Latin name (18), the sex.

    The code is of GB 2312's bytes and too short for many names, so it is left alone; DG11 has the name itself.
    """
    first, second, third = (*lines, *("",) * (3 - len(lines)))
    if not _is_permit(first):
        raise InvalidMrzError("composite")
    return MrzZone(
        format=ZoneFormat.PERMIT,
        document_code=first[:2],
        issuing_state="CHN",
        number=_dated("number", first[2:11], first[11]),
        expiry=_dated("expiry", first[13:19], first[19]),
        birth=_dated("birth", first[21:27], first[27]),
        nationality="CHN",
        sex=_sex(third[:1]),
        names=PersonalText(_trim(second[12:])),
    )


def _is_permit(line: str) -> bool:
    """A card of a state whose code begins so is told apart by the check digit over the three items."""
    return check_digit(line[2:12] + line[13:20] + line[21:28]) == line[29]


def _long_number(number: str, digit: str, optional: str) -> tuple[str, str]:
    """The number and what is left of the optional data: a number of more than 9 characters goes on there, up to its
    check digit and a filler (ICAO 9303-5, 4.2.2, note j)."""
    if digit != _FILLER:
        _check("number", number, digit)
        return number, optional
    rest, _, left = optional.partition(_FILLER)
    if not rest:
        raise InvalidMrzError("number")
    _check("number", number + rest[:-1], rest[-1])
    return number + rest[:-1], left


def _dated(rule: str, text: str, digit: str) -> PersonalText:
    _check(rule, text, digit)
    return PersonalText(_trim(text))


def _check(rule: str, text: str, digit: str) -> None:
    """An empty field may have a filler for its check digit (ICAO 9303-4, 4.2.2.2, note f)."""
    if digit == _FILLER and not text.strip(_FILLER):
        return
    if check_digit(text) != digit:
        raise InvalidMrzError(rule)


def _value_every(text: str) -> None:
    """Every character is one that a zone may hold."""
    check_digit(text)


def _sex(letter: str) -> str:
    return letter if letter in {"M", "F"} else "X"


def _trim(text: str) -> str:
    return text.strip(_FILLER)
