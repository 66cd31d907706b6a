"""The community's flats, and who has declared that they live in one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from records.rules.entitlement import Residence
from records.store.database import Transaction
from records.store.rows import as_record, columns, of_community
from records.store.tables.register import dwelling_questions, dwellings, residences

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DwellingRow:
    """A flat, by what is written on its door."""

    dwelling_id: str
    building: str
    unit: str
    room: str
    address: str


def any_there(transaction: Transaction) -> bool:
    """Whether the community has flats."""
    query = sa.select(sa.literal(1)).select_from(dwellings).where(of_community(dwellings, transaction)).limit(1)
    return transaction.connection.execute(query).first() is not None


def add_all(transaction: Transaction, rows: list[DwellingRow]) -> None:
    """Add flats."""
    values = [
        {
            "community_id": transaction.community,
            "dwelling_id": each.dwelling_id,
            "building": each.building,
            "unit": each.unit,
            "room": each.room,
            "address": each.address,
        }
        for each in rows
    ]
    transaction.connection.execute(sa.insert(dwellings), values)


def by_door(transaction: Transaction, building: str, unit: str, room: str) -> DwellingRow | None:
    """The flat behind a door."""
    door = (dwellings.c.building == building, dwellings.c.unit == unit, dwellings.c.room == room)
    return _one(transaction, *door)


def by_id(transaction: Transaction, dwelling_id: str) -> DwellingRow | None:
    """The flat of an id."""
    return _one(transaction, dwellings.c.dwelling_id == dwelling_id)


def count_question(transaction: Transaction, device_id: str, now: datetime) -> int:
    """One more question of a device: how many it has asked in this hour of its own."""
    mine = (of_community(dwelling_questions, transaction), dwelling_questions.c.device_id == device_id)
    query = sa.select(dwelling_questions.c.since, dwelling_questions.c.count.label("asked")).where(*mine)
    row = transaction.connection.execute(query).first()
    since, asked = (row.since, row.asked) if row is not None and row.since <= now < row.since + _HOUR else (now, 0)
    values = {"since": since, "count": asked + 1}
    if row is None:
        owner = {"community_id": transaction.community, "device_id": device_id}
        transaction.connection.execute(sa.insert(dwelling_questions).values(**owner, **values))
    else:
        transaction.connection.execute(sa.update(dwelling_questions).where(*mine).values(**values))
    return int(asked) + 1


def declare(transaction: Transaction, person_id: str, dwelling_id: str, today: date) -> date:
    """That a person lives there, and no longer anywhere else; the day on which they said so first."""
    mine = (of_community(residences, transaction), residences.c.person_id == person_id)
    here = residences.c.dwelling_id == dwelling_id
    elsewhere = sa.update(residences).where(*mine, ~here, residences.c.ended_on.is_(None))
    transaction.connection.execute(elsewhere.values(ended_on=today))
    row = transaction.connection.execute(
        sa.select(residences.c.declared_on, residences.c.ended_on).where(*mine, here)
    ).first()
    if row is not None and row.ended_on is None:
        return date.fromisoformat(str(row.declared_on))
    if row is not None:
        again = sa.update(residences).where(*mine, here).values(declared_on=today, ended_on=None, confirmed_on=None)
        transaction.connection.execute(again)
    else:
        owner = {"community_id": transaction.community, "person_id": person_id, "dwelling_id": dwelling_id}
        transaction.connection.execute(sa.insert(residences).values(**owner, declared_on=today))
    return today


def residence_of(transaction: Transaction, person_id: str) -> Residence:
    """Whether a person has declared a residence that has not ended, and whether that was confirmed."""
    query = sa.select(residences.c.confirmed_on).where(*_living(transaction, person_id)).limit(1)
    row = transaction.connection.execute(query).first()
    if row is None:
        return Residence.NONE
    return Residence.DECLARED if row.confirmed_on is None else Residence.CONFIRMED


def confirm(transaction: Transaction, person_id: str, dwelling_id: str, today: date) -> bool:
    """That a person lives where they have declared to; False: they say so no longer. The first day stays."""
    there = (*_living(transaction, person_id), residences.c.dwelling_id == dwelling_id)
    values = {"confirmed_on": sa.func.coalesce(residences.c.confirmed_on, today)}
    return bool(transaction.connection.execute(sa.update(residences).where(*there).values(**values)).rowcount)


def _living(transaction: Transaction, person_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return of_community(residences, transaction), residences.c.person_id == person_id, residences.c.ended_on.is_(None)


def _one(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> DwellingRow | None:
    query = columns(dwellings, DwellingRow).where(of_community(dwellings, transaction), *conditions)
    return as_record(DwellingRow, transaction.connection.execute(query).first())
