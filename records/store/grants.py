"""What gates were told last: one row for each right that has a way, and for each guest's code."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from backend_client.contract.gates import DoorKind
from records.store.database import Transaction
from records.store.gate_doors import DoorRow
from records.store.rows import add, columns, of_community
from records.store.tables.gates import grants


@dataclass(frozen=True, slots=True, repr=False)
class GrantRow:
    """A grant. ``way_id``: of a guest's code, else empty: the right's own; ``last_day``: the last on which it opens
    anything, None: no end; ``body``: the JSON of ``contract.gates.Grant``; ``over_at``: gates were told that it is."""

    grant_id: str
    person_id: str
    right_id: str
    way_id: str
    building: str
    unit: str
    last_day: date | None
    revision: int
    body: str
    changed_at: datetime
    over_at: datetime | None = None


def of_person(transaction: Transaction, person_id: str) -> list[GrantRow]:
    """A person's, those that are over too: they may come back, and then their revision rises."""
    return _some(transaction, grants.c.person_id == person_id)


def put(transaction: Transaction, row: GrantRow) -> None:
    """As it is from now on."""
    mine = (of_community(grants, transaction), grants.c.grant_id == row.grant_id)
    transaction.connection.execute(sa.delete(grants).where(*mine))
    add(transaction, grants, row)


def of_door(transaction: Transaction, door: DoorRow, today: date) -> list[tuple[str, int, str]]:
    """(grant_id, revision, body) of every grant that opens the door today or later, by its id."""
    chosen = sa.select(grants.c.grant_id, grants.c.revision, grants.c.body).where(
        of_community(grants, transaction), grants.c.over_at.is_(None), *_at(door), *_lasting(today)
    )
    found = transaction.connection.execute(chosen.order_by(grants.c.grant_id))
    return [(row.grant_id, row.revision, row.body) for row in found]


def people(transaction: Transaction) -> list[str]:
    """Whose grants are not over."""
    query = sa.select(grants.c.person_id).where(of_community(grants, transaction), grants.c.over_at.is_(None))
    return list(transaction.connection.scalars(query.distinct().order_by(grants.c.person_id)))


def people_past(transaction: Transaction, today: date, most: int) -> list[str]:
    """Some of those with a grant whose last day is over, and gates have not been told so."""
    past = (grants.c.over_at.is_(None), grants.c.last_day < today)
    query = sa.select(grants.c.person_id).where(of_community(grants, transaction), *past)
    return list(transaction.connection.scalars(query.distinct().limit(most)))


def end_now(transaction: Transaction, grant_ids: Collection[str], at: datetime) -> None:
    """Gates are told that these are over."""
    if not grant_ids:
        return
    theirs = (of_community(grants, transaction), grants.c.grant_id.in_(grant_ids))
    transaction.connection.execute(sa.update(grants).where(*theirs).values(over_at=at, changed_at=at))


def _at(door: DoorRow) -> tuple[sa.ColumnElement[bool], ...]:
    if door.kind is DoorKind.COMPOUND:
        return ()
    return grants.c.building == door.building, grants.c.unit == door.unit


def _lasting(today: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (sa.or_(grants.c.last_day.is_(None), grants.c.last_day >= today),)


def _some(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> list[GrantRow]:
    query = columns(grants, GrantRow).where(of_community(grants, transaction), *conditions)
    found = (GrantRow(*row) for row in transaction.connection.execute(query))
    return sorted(found, key=lambda row: row.grant_id)  # in SQL, SQLite would walk the whole community by that key
