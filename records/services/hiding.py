"""Who is hidden, by everything that they are known by: their handle, and each number that they have or had.

A court's order, or what somebody handed in before their number changed, states the former one.
"""

from records.context import Records
from records.rules.periods import bureau_time
from records.services.life_events import numbers
from records.store import protection
from records.store.database import Transaction
from records.store.protection import Hidden


def hidden(records: Records, transaction: Transaction, by: str = "") -> Hidden:
    """Everybody who is hidden now. ``by``: whom this account asked to hide, or agreed to."""
    rows = protection.standing(transaction, bureau_time(records.clock.now()).date(), by)
    known = numbers.of(transaction, {person_id for person_id, _, _ in rows})
    also = (
        (person_id, records.number_hash(number), ticket)
        for person_id, _, ticket in rows
        for number in known.get(person_id, ())
    )
    return Hidden((*rows, *also))


def complete(records: Records) -> None:
    """Who was hidden before numbers were (by a release without them) is so by the number that the register has too.
    PopulationAwayError: it can't be asked now, and who is hidden is not known."""
    with records.database.reading() as transaction:
        people = protection.without_number(transaction)
    for person_id in people:  # the register may be elsewhere: not while others wait
        person = records.register.resident(person_id)
        if person is not None:
            with records.database.writing() as transaction:
                protection.give_number(transaction, person_id, records.number_hash(person.id_number.reveal()))
