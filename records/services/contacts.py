"""The number of a resident's phone: verified on entry, again each year, replaced without the old phone.

Who may change it is who is proven in this visit, by face or by an officer, and nobody else; the number that counted
before hears that something has changed, and where to ask. Numbers are encrypted, and never looked anything up by.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final

from backend_client.contract.base import ProblemCode
from backend_client.contract.messages import CodeSent, Contact, ContactRequest, MessageKind
from records import contact_key
from records.context import Records
from records.errors import RefusedError
from records.messages.texts import TextKind
from records.rules.periods import bureau_time, start_of_day
from records.rules.slowing import Slowing, wait_s
from records.services import messages, texting, visit
from records.services.texting import Address
from records.store import audit, contacts, texts
from records.store.contacts import CodeRow, ContactRow
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.texts import TextRow
from records.store.visits import VisitRow

GOOD_FOR: Final = timedelta(days=365)
WARNED_BEFORE: Final = timedelta(days=30)
AGAIN_AFTER: Final = timedelta(seconds=60)
CODE_TRIES: Final = 5
_SLOWED: Final = Slowing(free=2, longest=30)
_WARNED_AT_ONCE: Final = 100


def contact(records: Records, device: DeviceRow, subject: str) -> Contact:
    """What number records have of whoever is proven here, masked."""
    row = visit.proven(records, device, subject)
    with records.database.writing() as transaction:
        audit.append(transaction, visit.deed(records, row, "contact-read"))
        found = contacts.find(transaction, row.person_id)
    return _shown(records, found)


def ask(records: Records, device: DeviceRow, subject: str, body: ContactRequest, revision: int) -> CodeSent:
    """Send a code to a number. The same number within a minute: the code that is there already, and none is sent.

    Refused: stale-revision; too-many-requests (today, for this person, kiosk or number); contact-unreachable.
    """
    row = visit.proven(records, device, subject)
    now, code = records.clock.now(), f"{secrets.randbelow(10**6):06d}"
    to = Address(row.person_id, body.number, body.language)
    text = texting.code_row(records, to, code, device.device_id, _number_hash(records, body.number))
    with records.database.writing() as transaction:
        _at(records, transaction, row, "contact-code-asked", revision)
        known = contacts.code_of(transaction, row.person_id)
        if known is not None and known.number_hash == text.number_hash and now < known.asked_at + AGAIN_AFTER:
            return _sent(records, known)
        _limit(records, transaction, text)
        pending = _pending(records, to, code, text, revision)
        texts.add(transaction, text)
        contacts.put_code(transaction, pending)
    if not texting.send_at_once(records, text):
        with records.database.writing() as transaction:
            contacts.drop_code(transaction, row.person_id, pending.code_hash)
        raise RefusedError(ProblemCode.CONTACT_UNREACHABLE)
    return _sent(records, pending)


def verify(records: Records, device: DeviceRow, subject: str, code: str) -> Contact:
    """The code was typed that was sent there: the number counts from now on. Refused: contact-code-wrong, for whatever
    reason; too-many-requests, for some seconds; stale-revision."""
    row = visit.proven(records, device, subject)
    with records.database.writing() as transaction:
        audit.append(transaction, visit.deed(records, row, "contact-code-typed"))
        pending = contacts.code_of(transaction, row.person_id)
        right = pending is not None and _tried(records, transaction, row, pending, code)
        found = _replace(records, transaction, row, pending) if pending is not None and right else None
    if found is None:  # said behind the transaction, which has counted the try
        raise RefusedError(ProblemCode.CONTACT_CODE_WRONG)
    return _shown(records, found)


def remove(records: Records, device: DeviceRow, subject: str, revision: int) -> None:
    """No number any more. Refused: stale-revision."""
    row = visit.proven(records, device, subject)
    with records.database.writing() as transaction:
        _at(records, transaction, row, "contact-removed", revision)
        contacts.drop_code(transaction, row.person_id)
        old = contacts.find(transaction, row.person_id)
        if old is not None:
            contacts.remove(transaction, row.person_id)
            _tell_old(records, transaction, old)


def warn(records: Records) -> int:
    """Tell those whose numbers are to be verified again within a month, a hundred at a time: how many were told."""
    now = records.clock.now()
    with records.database.writing() as transaction:
        before = now - GOOD_FOR + WARNED_BEFORE
        found = contacts.take_unwarned(transaction, before, now, _WARNED_AT_ONCE)
        for person in found:
            messages.append(records, transaction, person, MessageKind.CONTACT_DUE)
    return len(found)


# --- the number and its code -----------------------------------------------------------------------------------------


def _at(records: Records, transaction: Transaction, row: VisitRow, action: str, revision: int) -> None:
    """Go on from the revision that the kiosk has shown, or not at all. The deed comes first: at the audit's end all
    that write queue up, so nobody changes a contact meanwhile."""
    audit.append(transaction, visit.deed(records, row, action))
    found = contacts.find(transaction, row.person_id)
    if (found.revision if found else 0) != revision:
        raise RefusedError(ProblemCode.STALE_REVISION)


def _limit(records: Records, transaction: Transaction, text: TextRow) -> None:
    chosen, today = records.settings.messages, start_of_day(text.created_at)
    counted = texts.codes_since(transaction, text, today)
    if (
        counted.person >= chosen.codes_each_person
        or counted.number >= chosen.codes_each_number
        or counted.device >= chosen.codes_each_kiosk
    ):
        tomorrow = today + timedelta(days=1) - text.created_at
        raise RefusedError(ProblemCode.TOO_MANY_REQUESTS, retry_after_s=int(tomorrow.total_seconds()) + 1)


def _pending(records: Records, to: Address, code: str, text: TextRow, revision: int) -> CodeRow:
    return CodeRow(
        person_id=to.person_id,
        sealed=_sealed(records, to.person_id, to.number),
        language=to.language,
        number_hash=text.number_hash,
        code_hash=_code_hash(records, to.person_id, text.created_at, code),
        revision=revision,
        asked_at=text.created_at,
        expires_at=text.created_at + texting.CODE_LIFE,
    )


def _tried(records: Records, transaction: Transaction, row: VisitRow, pending: CodeRow, code: str) -> bool:
    """Whether it is the code. A wrong one is counted; the wait before the next one grows."""
    now = records.clock.now()
    if now >= pending.expires_at or pending.tries >= CODE_TRIES:
        return False
    if wait := wait_s(_SLOWED, pending.tries, pending.tried_at or pending.asked_at, now):
        raise RefusedError(ProblemCode.TOO_MANY_REQUESTS, retry_after_s=wait)
    typed = _code_hash(records, pending.person_id, pending.asked_at, code)
    if secrets.compare_digest(typed, pending.code_hash):
        return True
    audit.append(transaction, visit.deed(records, row, "contact-code-wrong", tries=pending.tries + 1))
    contacts.update_code(transaction, pending.person_id, tries=pending.tries + 1, tried_at=now)
    return False


def _replace(records: Records, transaction: Transaction, row: VisitRow, pending: CodeRow) -> ContactRow:
    old = contacts.find(transaction, row.person_id)
    if (old.revision if old else 0) != pending.revision:
        raise RefusedError(ProblemCode.STALE_REVISION)
    other = old is None or _opened(records, old.person_id, old.sealed) != _opened(
        records, pending.person_id, pending.sealed
    )
    audit.append(transaction, visit.deed(records, row, "contact-verified", other=other))
    revision = contacts.next_revision(transaction)
    found = ContactRow(row.person_id, pending.sealed, pending.language, records.clock.now(), revision)
    contacts.put(transaction, found)
    contacts.drop_code(transaction, row.person_id)
    if old is not None and other:
        _tell_old(records, transaction, old)
    elif other:
        messages.append(records, transaction, row.person_id, MessageKind.CONTACT_CHANGED)
    return found


def _tell_old(records: Records, transaction: Transaction, old: ContactRow) -> None:
    """A number that counts no more hears of it, and of nothing else ever again."""
    texts.call_back(transaction, old.person_id)
    to = Address(old.person_id, _opened(records, old.person_id, old.sealed), old.language)
    texting.queue(records, transaction, TextKind.CHANGED, to)
    messages.append(records, transaction, old.person_id, MessageKind.CONTACT_CHANGED)


def _shown(records: Records, row: ContactRow | None) -> Contact:
    if row is None:
        return Contact(masked="", verified_at=None, due=False, revision=0)
    number, until = _opened(records, row.person_id, row.sealed), row.verified_at + GOOD_FOR
    return Contact(
        masked=f"{number[:3]}****{number[-4:]}",
        verified_at=row.verified_at,
        due=until <= records.clock.now(),
        due_soon=until - WARNED_BEFORE <= records.clock.now(),
        revision=row.revision,
    )


def _sent(records: Records, pending: CodeRow) -> CodeSent:
    again_at = pending.asked_at + AGAIN_AFTER
    return CodeSent(server_time=records.clock.now(), expires_at=pending.expires_at, again_at=again_at)


def _opened(records: Records, person_id: str, sealed: str) -> str:
    return contact_key.opened(records.folder / "keys", sealed, *messages.bound(records, person_id))


def _sealed(records: Records, person_id: str, number: str) -> str:
    return contact_key.seal(records.folder / "keys", number, *messages.bound(records, person_id))


def _number_hash(records: Records, number: str) -> str:
    """Another one each day: what is counted today can't be followed further."""
    day = bureau_time(records.clock.now()).date().isoformat()
    return records.keyed_hash("contact-number", number, day)


def _code_hash(records: Records, person_id: str, asked_at: datetime, code: str) -> str:
    return records.keyed_hash("contact-code", person_id, asked_at.isoformat(), code)
