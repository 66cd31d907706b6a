"""Whose the flats are, as the register of owners says it: whom a new tenancy asks, whatever a contract names."""

from datetime import date

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rights import HOLDER_DEAD
from records.store.rows import of_community
from records.store.tables.tenancies import ownerships, rights


def owners(transaction: Transaction, dwelling_id: str) -> tuple[str, ...]:
    """Who owns a flat now and lives, in a fixed order: whom the register of owners still has when they are dead answers
    nothing."""
    dead = sa.select(rights.c.person_id).where(
        of_community(rights, transaction), rights.c.dwelling_id == dwelling_id, rights.c.ended_why == HOLDER_DEAD
    )
    mine = (*_standing(transaction), ownerships.c.dwelling_id == dwelling_id, ownerships.c.person_id.not_in(dead))
    query = sa.select(ownerships.c.person_id).where(*mine).order_by(ownerships.c.since, ownerships.c.person_id)
    return tuple(transaction.connection.scalars(query))


def flats_of(transaction: Transaction, person_id: str) -> tuple[str, ...]:
    """The flats that somebody owns now."""
    mine = (*_standing(transaction), ownerships.c.person_id == person_id)
    query = sa.select(ownerships.c.dwelling_id).where(*mine).order_by(ownerships.c.since, ownerships.c.dwelling_id)
    return tuple(transaction.connection.scalars(query))


def since(transaction: Transaction, dwelling_id: str, person_id: str) -> date | None:
    """Since when a flat is somebody's; None: it is not."""
    mine = (*_standing(transaction), *_one(transaction, dwelling_id, person_id))
    found: date | None = transaction.connection.scalar(sa.select(ownerships.c.since).where(*mine))
    return found


def any_there(transaction: Transaction) -> bool:
    """Whether the register says of any flat whose it is or was."""
    query = sa.select(sa.literal(1)).select_from(ownerships).where(of_community(ownerships, transaction)).limit(1)
    return transaction.connection.execute(query).first() is not None


def give(transaction: Transaction, dwelling_id: str, person_id: str, since: date) -> bool:
    """That a flat is somebody's since a day; False: it was known."""
    if person_id in owners(transaction, dwelling_id):
        return False
    it = _one(transaction, dwelling_id, person_id)
    again = sa.update(ownerships).where(*it).values(since=since, ended_on=None)
    if not transaction.connection.execute(again).rowcount:
        row = {"community_id": transaction.community, "dwelling_id": dwelling_id, "person_id": person_id}
        transaction.connection.execute(sa.insert(ownerships).values(**row, since=since))
    return True


def end(transaction: Transaction, dwelling_id: str, person_id: str, day: date) -> bool:
    """That it is not theirs any more; False: it was not."""
    it = (*_one(transaction, dwelling_id, person_id), ownerships.c.ended_on.is_(None))
    return bool(transaction.connection.execute(sa.update(ownerships).where(*it).values(ended_on=day)).rowcount)


def _standing(transaction: Transaction) -> tuple[sa.ColumnElement[bool], ...]:
    return of_community(ownerships, transaction), ownerships.c.ended_on.is_(None)


def _one(transaction: Transaction, dwelling_id: str, person_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    it = (ownerships.c.dwelling_id == dwelling_id, ownerships.c.person_id == person_id)
    return (of_community(ownerships, transaction), *it)
