"""The community as the run begins: made-up residents, flats, owners, rights, and a card for most; at records, in bulk.

What is there is noted for the judge as it is written. From then on residents do everything at a kiosk.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

import sqlalchemy as sa

from backend_client.contract.tenancies import RightKind, WayKind
from civic.id_number import check_character
from records.context import Records
from records.rules.tenancies import TenancyState
from records.services.gates import deriving
from records.store import dwellings, ownerships, rights, tenancies, ways
from records.store.database import Transaction
from records.store.dwellings import DwellingRow
from records.store.rights import RightRow
from records.store.tables.register import residents
from records.store.tenancies import TenancyRow
from records.store.ways import WayRow
from tests.chaos_gate.facts import Facts, Right, Way
from tests.support.records_client import Card

_TO_A_FLAT = 3  # people
_SPARE = 0.1  # flats that nobody lives in yet
_FLATS_OF_A_UNIT = 60
_UNITS = 2  # of a building
_AT_ONCE = 200  # people in one transaction
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = "明安宁远长青若兰静月归禾小满晓灯"
_DAYS_LEFT = (-9, -6, -6, -5, -3, -1, 2, 4, 6, 9, 60, 200, 300)
_PAST = timedelta(days=200)


@dataclass
class Person:
    """A made-up resident. ``right``: the one that they live by, None: none yet."""

    person_id: str
    card: Card
    right: Right | None = None
    kind: RightKind | None = None
    tenancy: str = ""


@dataclass(frozen=True, slots=True)
class Flat:
    """A flat and who owns it."""

    row: DwellingRow
    owner: Person

    @property
    def place(self) -> tuple[str, str]:
        """Building and unit."""
        return self.row.building, self.row.unit

    @property
    def door(self) -> tuple[str, str, str]:
        """As it is handed in."""
        return self.row.building, self.row.unit, self.row.room


@dataclass
class Community:
    """``newcomers``: residents of the register who rent nothing yet; ``spare``: flats to rent."""

    facts: Facts
    people: list[Person] = field(default_factory=list)
    newcomers: list[Person] = field(default_factory=list)
    spare: list[Flat] = field(default_factory=list)
    flat_of: dict[str, Flat] = field(default_factory=dict)
    ends: dict[str, date] = field(default_factory=dict)  # by right: the last day of its contract, without a grace
    of_tenancy: dict[str, list[Person]] = field(default_factory=dict)
    let: dict[str, tuple[date, str]] = field(default_factory=dict)  # by flat: its contract's last day, and its number

    away: set[str] = field(default_factory=set)  # who does nothing at a kiosk any more

    def lives(self, person: Person, flat: Flat, right: Right, ends: date | None) -> None:
        """Somebody has a right from now on."""
        person.right = self.facts.add_right(right)
        self.flat_of[person.person_id] = flat
        self.of_tenancy.setdefault(person.tenancy, []).append(person)
        if ends is not None:
            self.ends[right.right_id] = ends

    def went_back(self, to: datetime, at: datetime) -> None:
        """A backup was put back. Whoever's right was another since then stays away from the kiosk."""
        self.facts.went_back(to, at)
        touched = {right.person for right in self.facts.rights.values() if at in right.history.times}
        self.away |= touched


def settle(records: Records, chance: Random, count: int) -> Community:
    """``count`` people with rights, a tenth more without, and the flats of all."""
    community = Community(Facts())
    everybody = [_person(chance, number) for number in range(count + max(4, count // 10))]
    flats = _flats(chance, everybody[:count], max(4, int(count / _TO_A_FLAT * (1 + _SPARE))))
    with records.database.writing() as transaction:
        _register(transaction, everybody)
        dwellings.add_all(transaction, [each.row for each in flats])
        for each in flats:
            ownerships.give(transaction, each.row.dwelling_id, each.owner.person_id, date(2015, 1, 1))
    community.people, community.newcomers = everybody[:count], everybody[count:]
    lived_in = flats[: max(2, count // _TO_A_FLAT)]
    community.spare = flats[len(lived_in) :]
    _move_in(records, community, chance, lived_in)
    return community


def _move_in(records: Records, community: Community, chance: Random, flats: list[Flat]) -> None:
    people = community.people
    for start in range(0, len(people), _AT_ONCE):
        with records.database.writing() as transaction:
            for number in range(start, min(start + _AT_ONCE, len(people))):
                flat = flats[number // _TO_A_FLAT % len(flats)]
                _lives(records, transaction, community, (chance, people[number], flat, number % _TO_A_FLAT))
            deriving.renew(records, transaction, [each.person_id for each in people[start : start + _AT_ONCE]])


def _lives(
    records: Records, transaction: Transaction, community: Community, one: tuple[Random, Person, Flat, int]
) -> None:
    """Of each other flat the first is the owner; of the others, who rents it."""
    chance, person, flat, place = one
    let, now = int(flat.row.room) % 2 == 1, records.clock.now()
    begins, first = now.date() - _PAST, place == 0
    kinds = (RightKind.TENANT, RightKind.OCCUPANT) if let else (RightKind.OWNER, RightKind.FAMILY)
    person.kind = kinds[not first]
    if let and first:
        last = now.date() + timedelta(days=chance.choice(_DAYS_LEFT))
        community.let[flat.row.dwelling_id] = last, _contract(transaction, person, flat, (begins, last), now)
    ends, person.tenancy = community.let[flat.row.dwelling_id] if let else (None, "")
    row = _right(person, flat, (begins, ends), now)
    rights.add(transaction, row)
    community.lives(person, flat, Right(row.right_id, person.person_id, flat.place, begins), ends)
    community.facts.rights[row.right_id].ends(now - timedelta(days=1), ends)
    if chance.random() < 0.8:
        _has_card(records, transaction, community.facts, person)


def _contract(transaction: Transaction, person: Person, flat: Flat, days: tuple[date, date], now: datetime) -> str:
    said = (person.person_id, TenancyState.ACTIVE, *days, "990101-7", "", "")
    row = TenancyRow(_reference(), flat.row.dwelling_id, *said, registered_at=now, goes_on_at=None)
    tenancies.add(transaction, row)
    return row.tenancy_id


def _right(person: Person, flat: Flat, days: tuple[date, date | None], now: datetime) -> RightRow:
    assert person.kind is not None
    return RightRow(
        right_id=_reference(),
        dwelling_id=flat.row.dwelling_id,
        person_id=person.person_id,
        kind=person.kind,
        tenancy_id=person.tenancy,
        starts_on=days[0],
        ends_on=days[1],
        ended_at=None,
        ended_why="",
        registered_at=now,
        hold_until=None,
        revision=1,
        began_at=now,
    )


def _has_card(records: Records, transaction: Transaction, facts: Facts, person: Person) -> None:
    """Its public key is any text here: that a card proves its key is tried elsewhere (tests/devices)."""
    assert person.right is not None
    now, ref = records.clock.now(), f"Y2FyZA{person.person_id[:30]}"
    row = WayRow(_reference(), person.person_id, person.right.right_id, WayKind.CARD, now, ref, "19AF")
    ways.add(transaction, row)
    facts.add_way(Way(row.way_id, person.right, WayKind.CARD, ref, now - timedelta(days=1)))


def _register(transaction: Transaction, people: list[Person]) -> None:
    rows = [dict(_row(each), community_id=transaction.community) for each in people]
    transaction.connection.execute(sa.insert(residents), rows)


def _row(person: Person) -> Iterator[tuple[str, object]]:
    empty = ("former_name", "birthplace", "native_place", "address", "household_type", "household")
    yield from dict.fromkeys((*empty, "householder", "relation", "moved_in", "latin_name", "division"), "").items()
    yield from {"sex": "女", "nation": "汉", "unclear": False, "synthetic": True}.items()
    yield from {"person_id": person.person_id, "name": person.card.name, "id_number": person.card.id_number}.items()
    yield "birth_date", person.card.birth_date


def _person(chance: Random, number: int) -> Person:
    """Grown up, and of a number that nobody else has."""
    born = date(1950, 1, 1) + timedelta(days=number % 18_000)
    digits = f"990102{born:%Y%m%d}{2 * (number // 18_000):03}"
    name = chance.choice(_FAMILY) + chance.choice(_GIVEN) + chance.choice(_GIVEN)
    card = Card(name, digits + check_character(digits), born, date(2040, 1, 1))
    return Person(UUID(int=chance.getrandbits(128)).hex, card)


def _flats(chance: Random, people: list[Person], count: int) -> list[Flat]:
    return [_flat(number, chance.choice(people)) for number in range(count)]


def _flat(number: int, owner: Person) -> Flat:
    unit, place = divmod(number, _FLATS_OF_A_UNIT)
    building = 101 + unit // _UNITS
    floor, side = divmod(place, 2)
    room = f"{floor + 1}{side + 1:02}"
    where = (str(building), str(unit % _UNITS + 1), room)
    return Flat(DwellingRow(_reference(), *where, f"灯火路1号{'-'.join(where)}"), owner)


_SEQUENCE = iter(range(1, 10**9))


def _reference() -> str:
    """As a reference looks: it only has to be another each time."""
    return f"{next(_SEQUENCE):032x}"
