"""Whose own card was read in a visit of somebody else of their household."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import of_community
from records.store.tables.visiting import companions

_KEPT = timedelta(days=1)


def add(transaction: Transaction, subject_hash: str, person_id: str, at: datetime) -> None:
    """Remember a person for a visit, once; forget those of visits long ended."""
    mine = of_community(companions, transaction)
    transaction.connection.execute(sa.delete(companions).where(mine, companions.c.at < at - _KEPT))
    if person_id not in of_visit(transaction, subject_hash):
        row = {"community_id": transaction.community, "subject_hash": subject_hash, "person_id": person_id, "at": at}
        transaction.connection.execute(sa.insert(companions).values(row))


def of_visit(transaction: Transaction, subject_hash: str) -> set[str]:
    """The persons of a visit."""
    mine = (of_community(companions, transaction), companions.c.subject_hash == subject_hash)
    return set(transaction.connection.scalars(sa.select(companions.c.person_id).where(*mine)))
