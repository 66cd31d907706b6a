"""The divisions of GB/T 2260 by their six digits: as they are now, and as they were called last.

The list is carried with the product (assets/tables/regions.json, made by scripts/regions.py). It begins with 2002 and
can't be complete: numbers were given out before, and divisions are made and dissolved every year. So an unknown code is
a reason to look twice, and never one to refuse.
"""

import json
from dataclasses import dataclass
from functools import cache

from civic.assets import assets_folder

PROVINCES = frozenset(  # the first two digits
    f"{area}{province}"
    for area, provinces in {
        1: "12345",
        2: "123",
        3: "1234567",
        4: "123456",
        5: "01234",
        6: "12345",
        7: "1",
        8: "123",  # Hong Kong, Macao, and Taiwan's residents on the mainland
    }.items()
    for province in provinces
)
FILE = "tables/regions.json"
_CODE_LENGTH = 6
_PROVINCE, _PREFECTURE = 2, 4  # digits


@dataclass(frozen=True, slots=True)
class Region:
    """A division's names, from the province down; what it is not part of is empty. ``dissolved``: its code is no longer
    in use, and the names are the last it had."""

    code: str
    province: str
    prefecture: str = ""
    county: str = ""
    dissolved: bool = False

    def __str__(self) -> str:
        return f"{self.province}{self.prefecture}{self.county}"


def name(code: str) -> Region | None:
    """The division with these six digits, or None: none that the list knows."""
    own = _names().get(code)
    if own is None or len(code) != _CODE_LENGTH:
        return None
    province = _part(code, _PROVINCE)
    prefecture = "" if code.endswith("0000") else _part(code, _PREFECTURE)
    county = "" if code.endswith("00") else own[0]
    return Region(code, province, prefecture, county, dissolved=own[1])


def _part(code: str, digits: int) -> str:
    return _names().get(code[:digits].ljust(_CODE_LENGTH, "0"), ("", False))[0]


@cache
def _names() -> dict[str, tuple[str, bool]]:
    """Each code's name, and whether it is dissolved."""
    lists = json.loads((assets_folder() / FILE).read_text("utf-8"))
    return {
        code: (called, state == "former") for state in ("former", "current") for code, called in lists[state].items()
    }
