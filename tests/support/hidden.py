"""Hiding somebody as two officers have agreed to, without the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import sqlalchemy as sa

from civic.id_number import IdNumber
from records.context import Records
from records.population.source import Resident
from records.store import protection
from records.store.protection import Basis, ProtectionRow, Whose
from records.store.tables.register import residents
from tests.support.records_client import Card

TICKET = "BH-2026-0007"


def registered(records: Records, card: Card) -> Resident:
    """Whom the register has under a card's number."""
    found = records.register.find(IdNumber(card.id_number))
    assert found is not None
    return found


def hide(
    records: Records,
    card: Card,
    ticket: str = TICKET,
    until: date | None = None,
    basis: Basis = Basis.PROTECTION_ORDER,
) -> None:
    """From now on nobody is to find them."""
    row = ProtectionRow(
        whose(records, card), basis, ticket, records.clock.now(), until, asked_by="chen", approved_by="li"
    )
    with records.database.writing() as transaction:
        protection.add(transaction, row)


def whose(records: Records, card: Card) -> Whose:
    """By what they are hidden, whether the register has them or not."""
    person = records.register.find(IdNumber(card.id_number))
    return Whose(records.number_hash(card.id_number), person.person_id if person is not None else "")


@contextmanager
def not_registered_yet(records: Records, card: Card) -> Iterator[None]:
    """Inside, the register has no such number; afterwards they have moved in."""
    theirs = residents.c.id_number == card.id_number
    with records.database.writing() as transaction:
        row = transaction.connection.execute(sa.select(residents).where(theirs)).mappings().one()
        transaction.connection.execute(sa.delete(residents).where(theirs))
    yield
    with records.database.writing() as transaction:
        transaction.connection.execute(sa.insert(residents).values(**row))
