"""Whether evidence and record speak of one living person. Pure; every answer is about one visit.

The kiosk hears "clear" or "unclear"; which doubt it was is the officer's to know, so that nobody learns at a kiosk
whether a person is in the register, has died, or is being looked into.
"""

import unicodedata
from datetime import date
from enum import StrEnum

from backend_client.contract.persons import CardEvidence, NumberEvidence, TravelEvidence
from civic.errors import InvalidValueError
from civic.person_name import PersonName
from records.population.source import Resident

_CUT_NAME = 28  # letters; the machine-readable zone cuts longer names (ICAO 9303-3, 4.6)


class Doubt(StrEnum):
    """Why a kiosk can't go on. A closed set: it stands in the audit and on the officer's page."""

    NONE = ""
    UNKNOWN = "unknown"  # no record by this number
    DECEASED = "deceased"
    AWAITS = "awaits-officer"  # the register itself says that an officer must look
    EXPIRED = "expired"  # the document is
    DISAGREES = "disagrees"  # the document's name or birth date is not the record's


def doubt(evidence: CardEvidence | TravelEvidence | NumberEvidence, resident: Resident | None, today: date) -> Doubt:
    """What stands against going on; NONE: nothing. What the register says comes before what the document says."""
    if resident is None:
        return Doubt.UNKNOWN
    if resident.deceased:
        return Doubt.DECEASED
    if resident.unclear:
        return Doubt.AWAITS
    if isinstance(evidence, NumberEvidence):
        return Doubt.NONE
    if evidence.valid_until is not None and evidence.valid_until < today:
        return Doubt.EXPIRED
    agree = evidence.birth_date == resident.birth_date and _one_name(evidence, resident)
    return Doubt.NONE if agree else Doubt.DISAGREES


def _one_name(evidence: CardEvidence | TravelEvidence, resident: Resident) -> bool:
    """A card's name is the register's, code point for code point. A travel document's is Latin: it is compared with the
    register's Latin name; where the register has none, birth date and number suffice."""
    if _same_text(evidence.name, resident.name):
        return True
    said, registered = _letters(evidence.name), _letters(resident.latin_name.reveal() or resident.name.reveal())
    if said and registered:
        return said == registered or _cut(said, registered)
    return isinstance(evidence, TravelEvidence) and bool(said)


def _same_text(text: str, name: PersonName) -> bool:
    try:
        return PersonName(text).reveal() == name.reveal()
    except InvalidValueError:
        return False


def _letters(name: str) -> str:
    """The Latin letters of a name, large and without marks; empty when it is written otherwise."""
    plain = unicodedata.normalize("NFKD", name)
    if any(unicodedata.category(character) == "Lo" for character in plain):
        return ""
    return "".join(character for character in plain.upper() if "A" <= character <= "Z")


def _cut(said: str, registered: str) -> bool:
    """Whether the document's name is the beginning of a long one."""
    return len(said) >= _CUT_NAME and registered.startswith(said)
