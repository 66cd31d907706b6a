"""What there is to tell a resident: written down where it happens, read at a kiosk by who is proven, and hinted at by a
text that says only to come and look.
"""

from datetime import timedelta
from typing import Final

from backend_client.contract.messages import Message, MessageKind, Messages
from records import contact_key
from records.context import Records
from records.messages.texts import TextKind
from records.rules.periods import bureau_time
from records.services import reading, texting, visit
from records.services.texting import Address
from records.store import audit, contacts, messages
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.messages import MessageRow

MOST: Final = 200
_HEARD: Final = {MessageKind.NUMBER_GUESSED, MessageKind.CONTACT_CHANGED}  # by who stands at the kiosk just then
_COUNTS_FOR: Final = timedelta(days=365)  # a number that was verified


def append(
    records: Records,
    transaction: Transaction,
    person_id: str,
    kind: MessageKind,
    *,
    ref: str = "",
    state: str = "",
) -> None:
    """Have something told to a person, in the transaction in which it happens, behind the audit's deed. Nobody ("") is
    told nothing.

    A text says that there is something new, once a day at most, where a verified number is known.
    """
    if not person_id:
        return
    messages.add(transaction, MessageRow(person_id, kind, records.clock.now(), ref, state))
    if kind not in _HEARD:
        _hint(records, transaction, person_id)


def listed(records: Records, device: DeviceRow, subject: str) -> Messages:
    """What there is to tell whoever is proven here, the newest first; who looked at their data too."""
    row = visit.proven(records, device, subject)
    with records.database.writing() as transaction:
        told = [_shown(each) for each in messages.newest(transaction, row.person_id, MOST)]
        found = sorted((*told, *_reads(records, transaction, row.person_id)), key=lambda each: each.at, reverse=True)
        audit.append(transaction, visit.deed(records, row, "messages-read", count=len(found[:MOST])))
    return Messages(messages=tuple(found[:MOST]))


def bound(records: Records, person_id: str) -> tuple[str, ...]:
    """What a sealed number belongs to."""
    return "contact", records.settings.community, person_id


def _hint(records: Records, transaction: Transaction, person_id: str) -> None:
    now = records.clock.now()
    row = contacts.hint_on(transaction, person_id, bureau_time(now).date(), now - _COUNTS_FOR)
    if row is not None:
        number = contact_key.opened(records.folder / "keys", row.sealed, *bound(records, person_id))
        texting.queue(records, transaction, TextKind.HINT, Address(person_id, number, row.language))


def _reads(records: Records, transaction: Transaction, person_id: str) -> tuple[Message, ...]:
    """Who on duty looked at this person's data."""
    return tuple(
        Message(kind=MessageKind.READ, at=each.at, purpose=each.purpose, ticket=each.ticket, reader=each.role)
        for each in reading.reads_of(records, transaction, person_id)
    )


def _shown(row: MessageRow) -> Message:
    return Message(kind=row.kind, at=row.at, ref=row.ref, state=row.state)
