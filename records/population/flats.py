"""The flats of the demonstration's community: eight buildings of three units, three flats on each of six floors."""

import secrets
from itertools import product

from records.store.dwellings import DwellingRow

_BUILDINGS, _UNITS, _FLOORS, _FLATS = range(1, 9), range(1, 4), range(1, 7), range(1, 4)
_COMMUNITY = "示例省示例市平安区灯火路12号"


def flats() -> list[DwellingRow]:
    """All of them; the ids are drawn anew."""
    doors = product(_BUILDINGS, _UNITS, _FLOORS, _FLATS)
    return [_flat(str(building), str(unit), f"{floor}{flat:02}") for building, unit, floor, flat in doors]


def _flat(building: str, unit: str, room: str) -> DwellingRow:
    address = f"{_COMMUNITY}{building}幢{unit}单元{room}室"
    return DwellingRow(secrets.token_hex(8), building, unit, room, address)
