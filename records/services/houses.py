"""Community, building, floor, flat: how many there are, and of who lives there nothing without purpose and ticket."""

from collections import Counter
from dataclasses import dataclass

from records.context import Records
from records.population.source import Resident
from records.rules import floors
from records.rules.roles import Right
from records.services import looking, reading
from records.services.looking import Why
from records.services.reading import Target
from records.services.sessions import Session
from records.store import dwellings, houses
from records.store.dwellings import DwellingRow
from records.store.houses import LivesRow


@dataclass(frozen=True, slots=True)
class Lives:
    """Somebody who says that they live there, masked. ``handle``: for looking at them, a look of its own."""

    handle: str
    person: Resident
    lives: LivesRow


def buildings(records: Records, session: Session) -> list[tuple[str, int]]:
    """Each building, and how many flats it has."""
    session.needs(Right.HOUSES)
    with records.database.reading() as transaction:
        counted = Counter(each.building for each in houses.doors(transaction))
    return sorted(counted.items(), key=lambda each: floors.natural(each[0]))


def floors_of(records: Records, session: Session, building: str) -> list[tuple[str, int]]:
    """Each floor of a building, and how many flats it has; empty: there is no such building."""
    counted = Counter(floors.floor_of(each.room) for each in _doors(records, session, building))
    return sorted(counted.items(), key=lambda each: floors.natural(each[0]))


def flats(records: Records, session: Session, building: str, floor: str) -> list[DwellingRow]:
    """The flats of a floor."""
    found = (each for each in _doors(records, session, building) if floors.floor_of(each.room) == floor)
    return floors.in_order(found)


def flat(records: Records, session: Session, dwelling_id: str) -> DwellingRow | None:
    """The flat: its door and its address."""
    session.needs(Right.HOUSES)
    with records.database.reading() as transaction:
        return dwellings.by_id(transaction, dwelling_id)


def opened(records: Records, session: Session, door: DwellingRow, given: Why) -> list[Lives]:
    """Who says that they live there. ReadingLimitError."""
    session.needs(Right.HOUSES)
    with records.database.reading() as transaction:
        rows = houses.living_in(transaction, door.dwelling_id)
    people = tuple(reading.target_of(records, row.person_id) for row in rows)
    reading.look(records, session, given, Target("", None), people)
    return [
        _lives(records, session, each.person, row, given) for each, row in zip(people, rows, strict=True) if each.person
    ]


def _lives(records: Records, session: Session, person: Resident, row: LivesRow, given: Why) -> Lives:
    return Lives(looking.seal(records, session, person.person_id, given), person, row)


def _doors(records: Records, session: Session, building: str) -> list[DwellingRow]:
    session.needs(Right.HOUSES)
    with records.database.reading() as transaction:
        return houses.doors(transaction, building)
