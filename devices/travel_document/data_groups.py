"""What the small data groups say (ICAO 9303-10, 4.6 and 4.7)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from civic.mrz_zone import MrzZone, parse, split
from civic.person_name import InvalidNameError, PersonName
from devices.travel_document import tlv
from devices.travel_document.files import COM, DATA_GROUPS, DETAILS, DOCUMENT_DETAILS, ZONE

_TAGS: Final = {file.tag: number for number, file in DATA_GROUPS.items()}
_TAG_LIST = 0x5C
_MRZ = 0x5F1F
_FULL_NAME = 0x5F0E
_PERSONAL_NUMBER = 0x5F10
_ISSUED_ON = 0x5F26
_LONGEST_NUMBER = 64
_PACKED_DAY = 4  # bytes, two digits in each


@dataclass(frozen=True, slots=True, repr=False)
class AdditionalDetails:
    """DG11. ``name``: in national characters, None where they are Latin or can't stand in a register of names."""

    name: PersonName | None = None
    personal_number: str = ""


def listed_groups(com: bytes) -> frozenset[int]:
    """Which of the data groups known here EF.COM lists. Raises TlvError."""
    return frozenset(_TAGS[tag] for tag in tlv.need(com, COM.tag, _TAG_LIST) if tag in _TAGS)


def zone(dg1: bytes) -> MrzZone:
    """DG1's machine-readable zone. Raises TlvError, InvalidMrzError, UnicodeDecodeError."""
    return parse(split(tlv.need(dg1, DATA_GROUPS[ZONE].tag, _MRZ).decode("ascii")))


def additional_details(dg11: bytes) -> AdditionalDetails:
    """Raises TlvError, UnicodeDecodeError."""
    number = tlv.find(dg11, DATA_GROUPS[DETAILS].tag, _PERSONAL_NUMBER) or b""
    return AdditionalDetails(
        name=_national_name(tlv.find(dg11, DATA_GROUPS[DETAILS].tag, _FULL_NAME) or b""),
        personal_number=number.decode().replace("<", " ").strip()[:_LONGEST_NUMBER],
    )


def issued_on(dg12: bytes) -> date | None:
    """The day of issue, in digits or packed, as states write both; None where there is none, or it is written in yet
    another way: nothing but the signer's validity hangs on it. Raises TlvError."""
    written = tlv.find(dg12, DATA_GROUPS[DOCUMENT_DETAILS].tag, _ISSUED_ON) or b""
    text = written.hex() if len(written) == _PACKED_DAY else written.decode("ascii", "replace")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _national_name(written: bytes) -> PersonName | None:
    """Surname and given names stand apart by fillers in Latin only: 王<<小明 is 王小明."""
    text = written.decode()
    if text.isascii():
        return None
    try:
        return PersonName(text.replace("<", "").replace(" ", ""))
    except InvalidNameError:
        return None
