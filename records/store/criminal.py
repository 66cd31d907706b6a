"""The table behind the seeded source of criminal records. Who has no row has no record."""

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import of_community
from records.store.tables.register import criminal_records


def outcome_of(transaction: Transaction, person_id: str) -> str:
    """What is stored of a person; empty: nothing."""
    mine = (of_community(criminal_records, transaction), criminal_records.c.person_id == person_id)
    return str(transaction.connection.execute(sa.select(criminal_records.c.outcome).where(*mine)).scalar() or "")


def put(transaction: Transaction, person_id: str, outcome: str) -> None:
    """Store an outcome, in the place of any other."""
    mine = (of_community(criminal_records, transaction), criminal_records.c.person_id == person_id)
    transaction.connection.execute(sa.delete(criminal_records).where(*mine))
    row = {"community_id": transaction.community, "person_id": person_id, "outcome": outcome}
    transaction.connection.execute(sa.insert(criminal_records).values(row))
