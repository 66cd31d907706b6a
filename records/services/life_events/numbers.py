"""Whose a citizen number is, or was."""

from civic.id_number import IdNumber
from records.context import Records
from records.store import life_events


def whose(records: Records, number: IdNumber) -> str:
    """The handle of the person whom the register has under a number, or had; empty: nobody's. Both are asked, whatever
    either says. Never for whoever stands at a kiosk: an old card is for an officer to look at."""
    found = records.register.find(number)
    with records.database.reading() as transaction:
        before = life_events.who_had(transaction, number.reveal())
    return found.person_id if found is not None else before
