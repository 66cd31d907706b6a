"""Who failed how often lately, by keyed hash: only so many rows as there were failures in a day."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import add, as_record, columns, of_community
from records.store.tables.console import console_failures


@dataclass(frozen=True, slots=True)
class FailureRow:
    """Failures of one kind (``scope``) by one ``who``."""

    scope: str
    who_hash: str
    failures: int
    last_at: datetime


def of(transaction: Transaction, scope: str, who_hash: str) -> FailureRow | None:
    """What is remembered."""
    query = columns(console_failures, FailureRow).where(*_mine(transaction, scope, who_hash))
    return as_record(FailureRow, transaction.connection.execute(query).first())


def put(transaction: Transaction, row: FailureRow) -> None:
    """Remember this instead."""
    clear(transaction, row.scope, row.who_hash)
    add(transaction, console_failures, row)


def clear(transaction: Transaction, scope: str, who_hash: str) -> None:
    """Forget one."""
    transaction.connection.execute(sa.delete(console_failures).where(*_mine(transaction, scope, who_hash)))


def forget_before(transaction: Transaction, instant: datetime) -> None:
    """Forget whoever has not failed since then."""
    old = console_failures.c.last_at < instant
    transaction.connection.execute(sa.delete(console_failures).where(of_community(console_failures, transaction), old))


def _mine(transaction: Transaction, scope: str, who_hash: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        of_community(console_failures, transaction),
        console_failures.c.scope == scope,
        console_failures.c.who_hash == who_hash,
    )
