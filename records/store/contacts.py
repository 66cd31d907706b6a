"""Numbers of residents' phones, and numbers that were typed and are not verified yet. Numbers are sealed before they
come here, and looked up by person alone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from records.store import counters
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import as_record, columns, of_community
from records.store.tables.contacts import contact_codes, contacts


@dataclass(frozen=True, slots=True, repr=False)
class ContactRow:
    """A verified number. ``hinted_on``: the day of the last hint; ``warned_at``: when its holder heard that it is soon
    to be verified again."""

    person_id: str
    sealed: str
    language: str
    verified_at: datetime
    revision: int
    hinted_on: date | None = None
    warned_at: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CodeRow:
    """A typed number that a code was sent to. ``revision``: of the contact that it is to replace, 0: none."""

    person_id: str
    sealed: str
    language: str
    number_hash: str
    code_hash: str
    revision: int
    asked_at: datetime
    expires_at: datetime
    tries: int = 0
    tried_at: datetime | None = None


def find(transaction: Transaction, person_id: str) -> ContactRow | None:
    """A person's number."""
    mine = (of_community(contacts, transaction), contacts.c.person_id == person_id)
    return as_record(ContactRow, transaction.connection.execute(columns(contacts, ContactRow).where(*mine)).first())


def put(transaction: Transaction, row: ContactRow) -> None:
    """The person's number from now on, in place of any other."""
    remove(transaction, row.person_id)
    add_row(transaction, contacts, row)


def remove(transaction: Transaction, person_id: str) -> None:
    """The person has no number any more."""
    mine = (of_community(contacts, transaction), contacts.c.person_id == person_id)
    transaction.connection.execute(sa.delete(contacts).where(*mine))


def hint_on(transaction: Transaction, person_id: str, day: date, verified_since: datetime) -> ContactRow | None:
    """The contact that a hint may go to, once a day; None: none counts, or it had one."""
    mine = (
        of_community(contacts, transaction),
        contacts.c.person_id == person_id,
        contacts.c.verified_at > verified_since,
        sa.or_(contacts.c.hinted_on.is_(None), contacts.c.hinted_on != day),
    )
    if not transaction.connection.execute(sa.update(contacts).where(*mine).values(hinted_on=day)).rowcount:
        return None
    return find(transaction, person_id)


def take_unwarned(transaction: Transaction, before: datetime, now: datetime, most: int) -> list[str]:
    """Whose number was verified before then, and who have not heard that it is due: they count as warned now."""
    due = (of_community(contacts, transaction), contacts.c.verified_at <= before, contacts.c.warned_at.is_(None))
    found = list(transaction.connection.execute(sa.select(contacts.c.person_id).where(*due).limit(most)).scalars())
    theirs = (of_community(contacts, transaction), contacts.c.person_id.in_(found))
    transaction.connection.execute(sa.update(contacts).where(*theirs).values(warned_at=now))
    return found


def next_revision(transaction: Transaction) -> int:
    """A revision that no contact ever had."""
    return counters.following(transaction, "contact")


# --- not verified yet ------------------------------------------------------------------------------------------------


def code_of(transaction: Transaction, person_id: str) -> CodeRow | None:
    """The number that a person has typed last."""
    mine = (of_community(contact_codes, transaction), contact_codes.c.person_id == person_id)
    return as_record(CodeRow, transaction.connection.execute(columns(contact_codes, CodeRow).where(*mine)).first())


def put_code(transaction: Transaction, row: CodeRow) -> None:
    """In place of any earlier one."""
    drop_code(transaction, row.person_id)
    add_row(transaction, contact_codes, row)


def update_code(transaction: Transaction, person_id: str, **values: Any) -> None:  # noqa: ANN401 - columns differ
    """Change columns of one."""
    mine = (of_community(contact_codes, transaction), contact_codes.c.person_id == person_id)
    transaction.connection.execute(sa.update(contact_codes).where(*mine).values(**values))


def drop_code(transaction: Transaction, person_id: str, code_hash: str = "") -> None:
    """It is over. ``code_hash``: only if it is that one still."""
    mine = [of_community(contact_codes, transaction), contact_codes.c.person_id == person_id]
    if code_hash:
        mine.append(contact_codes.c.code_hash == code_hash)
    transaction.connection.execute(sa.delete(contact_codes).where(*mine))
