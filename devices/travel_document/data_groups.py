"""What the small data groups say (ICAO 9303-10, 4.6 and 4.7)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from civic.mrz_zone import MrzZone, parse, split
from civic.person_name import InvalidNameError, PersonName
from devices.chip import tlv
from devices.travel_document.files import COM, DATA_GROUPS, DETAILS, DOCUMENT_DETAILS, ZONE

_TAGS: Final = {file.tag: number for number, file in DATA_GROUPS.items()}
_TAG_LIST = 0x5C
_MRZ = 0x5F1F
_FULL_NAME = 0x5F0E
_PERSONAL_NUMBER = 0x5F10
_ISSUED_ON = 0x5F26
_LONGEST_NUMBER = 64
_FIRST_HAN = "\u2e80"  # no letter of another script that stands in a register of names comes after it
_PACKED_DAY = 4  # bytes, two digits in each


@dataclass(frozen=True, slots=True, repr=False)
class AdditionalDetails:
    """DG11. ``name``: in Chinese characters, None where it is in others, or can't stand in a register of names."""

    name: PersonName | None = None
    personal_number: str = ""


def listed_groups(com: bytes) -> frozenset[int]:
    """Which of the data groups known here EF.COM lists. Raises TlvError."""
    return frozenset(_TAGS[tag] for tag in tlv.need(com, COM.tag, _TAG_LIST) if tag in _TAGS)


def zone(dg1: bytes) -> MrzZone:
    """DG1's machine-readable zone. Raises TlvError, InvalidMrzError, UnicodeDecodeError."""
    return parse(split(tlv.need(dg1, DATA_GROUPS[ZONE].tag, _MRZ).decode("ascii")))


def additional_details(dg11: bytes) -> AdditionalDetails:
    """What is not in UTF-8, as the standard asks, is left out: the document is whole without it. Raises TlvError."""
    name, number = (_text(dg11, tag) for tag in (_FULL_NAME, _PERSONAL_NUMBER))
    return AdditionalDetails(_chinese_name(name), number.replace("<", " ").strip()[:_LONGEST_NUMBER])


def issued_on(dg12: bytes) -> date | None:
    """The day of issue, in digits or packed, as states write both; None where there is none, or it is written in yet
    another way: nothing but the signer's validity hangs on it. Raises TlvError."""
    written = tlv.find(dg12, DATA_GROUPS[DOCUMENT_DETAILS].tag, _ISSUED_ON) or b""
    text = written.hex() if len(written) == _PACKED_DAY else written.decode("ascii", "replace")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _text(dg11: bytes, tag: int) -> str:
    try:
        return (tlv.find(dg11, DATA_GROUPS[DETAILS].tag, tag) or b"").decode()
    except UnicodeDecodeError:
        return ""


def _chinese_name(written: str) -> PersonName | None:
    """Surname and given names stand apart by fillers in other scripts only: 王<<小明 is 王小明, and Müller is none."""
    if any(letter.isalpha() and letter < _FIRST_HAN for letter in written):
        return None
    try:
        return PersonName(written.replace("<", "").replace(" ", ""))
    except InvalidNameError:
        return None
