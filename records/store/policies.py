"""Signed policy bundles, one row for each version ever issued."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import as_record, columns, of_community
from records.store.tables.keeping import policies


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A version: the exact bytes that were signed, and the hash of the rules they were made from."""

    version: int
    rules_hash: str
    payload: bytes
    signature: bytes
    key_id: str
    issued_at: datetime
    expires_at: datetime


def newest(transaction: Transaction) -> PolicyRow | None:
    """The version in force."""
    query = columns(policies, PolicyRow).where(of_community(policies, transaction))
    newest_first = query.order_by(policies.c.version.desc()).limit(1)
    return as_record(PolicyRow, transaction.connection.execute(newest_first).first())


def by_version(transaction: Transaction, version: int) -> PolicyRow | None:
    """That version."""
    mine = (of_community(policies, transaction), policies.c.version == version)
    return as_record(PolicyRow, transaction.connection.execute(columns(policies, PolicyRow).where(*mine)).first())


def last_end(transaction: Transaction) -> datetime | None:
    """When the last of all versions ends; None: there is none."""
    query = sa.select(sa.func.max(policies.c.expires_at)).where(of_community(policies, transaction))
    return transaction.connection.execute(query).scalar()


def add(transaction: Transaction, policy: PolicyRow) -> None:
    """Issue a version."""
    add_row(transaction, policies, policy)
