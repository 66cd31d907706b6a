"""Buildings as people walk through them, and who has declared that they live in a flat."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.dwellings import DwellingRow
from records.store.rows import columns, of_community
from records.store.tables.register import dwellings, residences


@dataclass(frozen=True, slots=True)
class LivesRow:
    """Somebody says that they live there. ``confirmed_on``: an officer has seen that it is so."""

    person_id: str
    dwelling_id: str
    declared_on: date
    confirmed_on: date | None


def doors(transaction: Transaction, building: str = "") -> list[DwellingRow]:
    """Every flat, or those of one building; in no order that means anything."""
    mine = (of_community(dwellings, transaction), dwellings.c.building == building if building else sa.true())
    return [DwellingRow(*row) for row in transaction.connection.execute(columns(dwellings, DwellingRow).where(*mine))]


def living_in(transaction: Transaction, dwelling_id: str) -> list[LivesRow]:
    """Who says that they live in a flat, the longest first."""
    return _lives(transaction, residences.c.dwelling_id == dwelling_id)


def home_of(transaction: Transaction, person_id: str) -> list[LivesRow]:
    """Where a person says that they live."""
    return _lives(transaction, residences.c.person_id == person_id)


def _lives(transaction: Transaction, condition: sa.ColumnElement[bool]) -> list[LivesRow]:
    mine = (of_community(residences, transaction), residences.c.ended_on.is_(None), condition)
    query = columns(residences, LivesRow).where(*mine).order_by(residences.c.declared_on, residences.c.person_id)
    return [LivesRow(*row) for row in transaction.connection.execute(query)]
