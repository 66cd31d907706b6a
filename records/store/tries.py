"""Tries at a typed number: a portrait was given for it, and no proof followed in that visit.

A row is written when the portrait is given and taken back when the same visit proves the identity, by whatever way. So
whoever just leaves is counted, no clock has to end a visit, and an owner's own success leaves nothing behind. Numbers
stand here as keyed hashes; whether anyone has them is not known here.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import of_community
from records.store.tables.visiting import tries


@dataclass(frozen=True, slots=True)
class TryRow:
    """A try of one visit."""

    subject_hash: str
    number_hash: str
    device_id: str
    visit: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """Tries since some instant. ``last_at``: the last one of them."""

    count: int
    last_at: datetime | None


def add(transaction: Transaction, row: TryRow) -> None:
    """Count a try."""
    add_row(transaction, tries, row)


def forget(transaction: Transaction, before: datetime) -> None:
    """Delete what is older."""
    transaction.connection.execute(sa.delete(tries).where(of_community(tries, transaction), tries.c.at < before))


def take_back(transaction: Transaction, device_id: str, visit: str, number_hash: str) -> None:
    """The visit ended in proof: its tries at that number were the owner's own."""
    own = (tries.c.device_id == device_id, tries.c.visit == visit, tries.c.number_hash == number_hash)
    transaction.connection.execute(sa.delete(tries).where(of_community(tries, transaction), *own))


def of_number(transaction: Transaction, number_hash: str, since: datetime) -> Tally:
    """Tries at a number, at any kiosk."""
    return _tally(transaction, tries.c.number_hash == number_hash, tries.c.at >= since)


def of_number_here(transaction: Transaction, number_hash: str, device_id: str, since: datetime) -> Tally:
    """Tries at a number at one kiosk."""
    here = (tries.c.number_hash == number_hash, tries.c.device_id == device_id, tries.c.at >= since)
    return _tally(transaction, *here)


def of_device(transaction: Transaction, device_id: str, since: datetime) -> Tally:
    """Tries at a kiosk, at any number."""
    return _tally(transaction, tries.c.device_id == device_id, tries.c.at >= since)


def tell(transaction: Transaction, number_hash: str, subject_hash: str) -> None:
    """The number's owner, in this visit, hears of all that was not told before."""
    untold = (tries.c.number_hash == number_hash, tries.c.told_to == "")
    telling = sa.update(tries).where(of_community(tries, transaction), *untold).values(told_to=subject_hash)
    transaction.connection.execute(telling)


def told(transaction: Transaction, subject_hash: str) -> Tally:
    """What was told in this visit, to say it again when the answer was lost."""
    return _tally(transaction, tries.c.told_to == subject_hash)


def _tally(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> Tally:
    query = sa.select(sa.func.count(), sa.func.max(tries.c.at)).where(of_community(tries, transaction), *conditions)
    count, last_at = transaction.connection.execute(query).one()
    return Tally(count, last_at)
