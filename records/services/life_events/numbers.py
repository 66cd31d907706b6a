"""Whose a citizen number is, or was; and all that somebody has or had."""

from collections import defaultdict
from collections.abc import Collection

from civic.id_number import IdNumber
from records.context import Records
from records.store import life_events, residents
from records.store.database import Transaction


def whose(records: Records, number: IdNumber) -> str:
    """The handle of the person whom the register has under a number, or had; empty: nobody's. Both are asked, whatever
    either says. Never for whoever stands at a kiosk: an old card is for an officer to look at."""
    found = records.register.find(number)
    with records.database.reading() as transaction:
        before = life_events.who_had(transaction, number.reveal())
    return found.person_id if found is not None else before


def deceased(records: Records, person_id: str) -> bool:
    """Whether the register says of a handle that its person is dead."""
    found = records.register.resident(person_id) if person_id else None
    return found is not None and found.deceased


def of(transaction: Transaction, people: Collection[str]) -> dict[str, set[str]]:
    """Of each of ``people`` (handles) the number that our own register has, and those that it had."""
    found: dict[str, set[str]] = defaultdict(set)
    for rows in (residents.numbers_of(transaction, people), life_events.numbers_of(transaction, people)):
        for number, person_id in rows.items():
            found[person_id].add(number)
    return found
