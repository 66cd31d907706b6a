"""By which number gates know a person: random, made at first need, meaning nothing anywhere else."""

import secrets
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import of_community
from records.store.tables.gates import holders

_BYTES: Final = 16


def known(transaction: Transaction, person_id: str) -> str:
    """The person's number, 32 hexadecimal digits; empty: none was needed yet."""
    mine = (of_community(holders, transaction), holders.c.person_id == person_id)
    return transaction.connection.execute(sa.select(holders.c.holder).where(*mine)).scalar() or ""


def of(transaction: Transaction, person_id: str, at: datetime) -> str:
    """The person's number, made now if there is none."""
    if holder := known(transaction, person_id):
        return holder
    made = secrets.token_hex(_BYTES)
    row = {"community_id": transaction.community, "person_id": person_id, "holder": made, "made_at": at}
    transaction.connection.execute(sa.insert(holders).values(row))
    return made


def forget(transaction: Transaction, person_id: str) -> None:
    """No gate knows the person any more; a next number would be another one."""
    mine = (of_community(holders, transaction), holders.c.person_id == person_id)
    transaction.connection.execute(sa.delete(holders).where(*mine))
