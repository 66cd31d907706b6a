"""Which of the demonstration's flats are whose, and which are let: made up, and the same for the same seed.

The named first: one lease that ends within a month, whose landlord can be sent a code; one whose last day is over, in
its grace. Then made-up households, each renting from another one. Pure.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from records.store.residents import ResidentRow

_CHILDREN: Final = ("子", "女")
_TENANT, _LANDLORD = ("990101198603140019", "990101198805190022"), "990101199109230021"  # deng and his wife; lan
_FORMER, _OLD_LANDLORD = ("990101199206240133",), "990101195104170068"
_NAMED_DOORS: Final = (("6", "2", "401"), ("6", "2", "402"))
_BUILDINGS, _UNITS, _FLOORS, _FLATS = "78", "123", range(1, 7), range(1, 4)
_SOON, _MONTHS = (9, 27), (40, 700)  # days left


@dataclass(frozen=True, slots=True, repr=False)
class Lease:
    """A flat that is let. ``people``: citizen numbers, the tenant's first; ``days``: since when, and how many are left,
    below 0: it is over; ``filing_number``: empty, none was brought; ``phone``: of the landlord, empty: none known."""

    door: tuple[str, str, str]
    landlord: str
    people: tuple[str, ...]
    days: tuple[int, int]
    filing_number: str = ""
    phone: str = ""


def leases(seed: int, people: list[ResidentRow], count: int) -> list[Lease]:
    """At most ``count``, the named ones among them; of made-up ``people`` in their households, as many as suffice."""
    return [*_named(), *_made_up(seed, people)][:count]


def _named() -> Iterator[Lease]:
    soon, over = _NAMED_DOORS
    yield Lease(soon, _LANDLORD, _TENANT, (340, 25), "DEMO-2025-0001", "10000000021")
    yield Lease(over, _OLD_LANDLORD, _FORMER, (368, -3), "DEMO-2025-0002")


def _made_up(seed: int, people: list[ResidentRow]) -> Iterator[Lease]:
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, nothing is secret
    doors = [(building, unit, f"{floor}{flat:02}") for building, unit, floor, flat in _doors()]
    chance.shuffle(doors)
    homes = _grown_up(people)
    for at, (landlord, tenants, door) in enumerate(zip(homes[::2], homes[1::2], doors, strict=False)):
        left = chance.randint(*(_SOON if at % 6 == 0 else _MONTHS))
        filing = "" if at % 4 == 0 else f"DEMO-2026-{at:04}"
        phone = f"100000001{at:02}" if at % 2 else ""
        yield Lease(door, landlord[0], tenants, (chance.randint(5, 300), left), filing, phone)


def _doors() -> Iterator[tuple[str, str, int, int]]:
    return product(_BUILDINGS, _UNITS, _FLOORS, _FLATS)


def _grown_up(people: list[ResidentRow]) -> list[tuple[str, ...]]:
    """The numbers of the grown people of each household whose rows are clear, the householder's first."""
    homes: dict[str, list[ResidentRow]] = {}
    for each in people:
        homes.setdefault(each.household, []).append(each)
    clear = (home for home in homes.values() if not any(each.unclear for each in home))
    return [tuple(each.id_number for each in home if each.relation not in _CHILDREN) for home in clear]
