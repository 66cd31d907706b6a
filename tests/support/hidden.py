"""Hiding somebody as two officers have agreed to, without the pages."""

from datetime import date

from civic.id_number import IdNumber
from records.context import Records
from records.population.source import Resident
from records.store import protection
from records.store.protection import Basis, ProtectionRow
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
    person, now = registered(records, card), records.clock.now()
    row = ProtectionRow(person.person_id, basis, ticket, now, until, asked_by="chen", approved_by="li")
    with records.database.writing() as transaction:
        protection.add(transaction, row)
