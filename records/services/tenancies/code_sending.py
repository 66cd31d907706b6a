"""The text that a landlord's code goes out by: to the contact that records had before, and nowhere else."""

import secrets
from datetime import timedelta
from typing import Final

from records import contact_key
from records.context import Records
from records.messages.texts import TextKind
from records.services import messages, texting
from records.services.texting import Address
from records.store import contacts
from records.store import landlord_codes as stored
from records.store.asks import AskRow
from records.store.database import Transaction
from records.store.landlord_codes import CodeRow

LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that reads like another
LENGTH: Final = 10
_SHOWN_FOR: Final = timedelta(days=30)
_CONTACT_COUNTS: Final = timedelta(days=365)


def make(records: Records, transaction: Transaction, row: AskRow) -> bool:
    """Send a code for an ask, where its landlord has a contact that counts; in the transaction that asks. False: they
    have none, and hear of it at a kiosk, or an officer asks them."""
    now = records.clock.now()
    contact = contacts.find(transaction, row.asked_of)
    if contact is None or contact.verified_at + _CONTACT_COUNTS <= now:
        return False
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    expires_at = min(row.until, now + _SHOWN_FOR)
    stored.add(transaction, CodeRow(hashed(records, code), row.ask_id, now, expires_at))
    number = contact_key.opened(records.folder / "keys", contact.sealed, *messages.bound(records, row.asked_of))
    texting.queue(records, transaction, TextKind.LANDLORD, Address(row.asked_of, number, contact.language), code)
    return True


def forget(transaction: Transaction, ask_id: str) -> None:
    """Its code counts no more."""
    stored.forget(transaction, ask_id)


def hashed(records: Records, code: str) -> str:
    """As it is kept; small letters, blanks and dashes do no harm."""
    return records.keyed_hash("landlord-code", "".join(each for each in code.upper() if each in LETTERS))
