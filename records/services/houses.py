"""Community, building, floor, flat: how many there are, and of who lives there nothing without purpose and ticket."""

from collections import Counter
from dataclasses import dataclass

from backend_client.contract.tenancies import RightState
from records.context import Records
from records.population.source import Resident
from records.rules import floors
from records.rules.roles import Right
from records.services import looking, reading
from records.services.looking import Why
from records.services.reading import Target
from records.services.sessions import Session
from records.services.tenancies.work import begun
from records.store import dwellings, houses, rights
from records.store.dwellings import DwellingRow
from records.store.houses import LivesRow
from records.store.rights import RightRow


@dataclass(frozen=True, slots=True)
class Lives:
    """Somebody who says that they live there, masked. ``handle``: for looking at them, a look of its own."""

    handle: str
    person: Resident
    lives: LivesRow


@dataclass(frozen=True, slots=True)
class Holds:
    """Somebody with a right there, masked. ``handle``: as of ``Lives``."""

    handle: str
    person: Resident
    right: RightRow
    state: RightState


@dataclass(frozen=True, slots=True)
class OpenedFlat:
    """Who is said to live in a flat, and who has a right to it: the one does not follow from the other."""

    living: list[Lives]
    rights: list[Holds]


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


def opened(records: Records, session: Session, door: DwellingRow, given: Why) -> OpenedFlat:
    """Who says that they live there, and whose rights to it are not over; each is told once. ReadingLimitError."""
    session.needs(Right.HOUSES)
    with records.database.reading() as transaction:
        rows = houses.living_in(transaction, door.dwelling_id)
        work = begun(records, transaction)
        held = [(each, work.state_of(each)) for each in rights.of_dwelling(transaction, door.dwelling_id)]
    named = dict.fromkeys([*(row.person_id for row in rows), *(each.person_id for each, _ in held)])
    people = {person_id: reading.target_of(records, person_id) for person_id in named}
    reading.look(records, session, given, Target("", None), tuple(people.values()))
    seen = {person_id: each.person for person_id, each in people.items() if each.person}
    handles = {person_id: looking.seal(records, session, person_id, given) for person_id in seen}
    return OpenedFlat(
        [Lives(handles[row.person_id], seen[row.person_id], row) for row in rows if row.person_id in seen],
        [Holds(handles[it.person_id], seen[it.person_id], it, state) for it, state in held if it.person_id in seen],
    )


def _doors(records: Records, session: Session, building: str) -> list[DwellingRow]:
    session.needs(Right.HOUSES)
    with records.database.reading() as transaction:
        return houses.doors(transaction, building)
