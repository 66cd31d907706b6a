"""What would be left of somebody of the demonstration."""

import tomllib

from simulators.cards import RESIDENTS_FILE
from simulators.chip.documents import documents

DOOR = ("5", "1", "602")  # building, unit and room of a flat that records know


def id_number(person: str) -> str:
    """What somebody knows by heart."""
    number: str = _entries()[person]["id_number"]
    return number


def texts(person: str) -> list[str]:
    """As card, register and passport have them; their household, who may stand on their papers; the flat they type."""
    entries = _entries()
    entry, document = entries[person], documents()[person]
    born = entry["birth_date"].replace("-", "")
    known = [entry["name"], entry["id_number"], entry["address"], born, entry["id_number"][-12:], entry["latin_name"]]
    household = [each for each in entries.values() if each.get("household") == person]
    others = [text for each in household for text in (each["name"], each["id_number"])]
    flat = "{}幢{}单元{}室".format(*DOOR)
    return [*known, *document.printed, document.number, document.names, *others, flat]


def _entries() -> dict[str, dict[str, str]]:
    entries: dict[str, dict[str, str]] = tomllib.loads(RESIDENTS_FILE.read_text("utf-8"))
    return entries
