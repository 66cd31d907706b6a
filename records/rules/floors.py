"""On which floor a door is, by what stands on it. Pure."""

import re
from collections.abc import Iterable

from records.store.dwellings import DwellingRow

_ROOM = re.compile(r"(\d+)(\d\d)[A-Z]?")


def floor_of(room: str) -> str:
    """What comes before a room's last two digits (``602``: 6); empty where it is written otherwise."""
    found = _ROOM.fullmatch(room)
    return found.group(1) if found else ""


def natural(text: str) -> tuple[int, str]:
    """For sorting: 9 before 10, and what is no number after."""
    return (int(text), "") if text.isdecimal() else (10**9, text)


def in_order(flats: Iterable[DwellingRow]) -> list[DwellingRow]:
    """By building, unit and room, as somebody walks."""
    return sorted(flats, key=lambda each: (natural(each.building), natural(each.unit), natural(each.room)))
