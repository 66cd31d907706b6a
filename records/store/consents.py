"""Each consent by itself: for what, to which text, since when, and when it was withdrawn (PIPL 14, 15, 29).

Kept while it stands and three years longer: whoever asks later on what somebody's face was compared by finds it here.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import columns, of_community
from records.store.tables.tenancies import consents

_ID_BYTES = 16


class Purpose(StrEnum):
    """For what."""

    GATE_FACE = "gate-face"  # a face is compared at the community's gates


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent. ``right_id``: for which right; ``notice``: which text was shown."""

    consent_id: str
    person_id: str
    purpose: Purpose
    right_id: str
    notice: str
    given_at: datetime
    withdrawn_at: datetime | None = None


def give(
    transaction: Transaction, person_id: str, purpose: Purpose, right_id: str, notice: str, now: datetime
) -> ConsentRow:
    """The consent that stands then: to the same text it is the one that stood."""
    for each in standing(transaction, person_id, purpose, right_id):
        if each.notice == notice:
            return each
    withdraw(transaction, person_id, purpose, right_id, now)
    row = ConsentRow(secrets.token_hex(_ID_BYTES), person_id, purpose, right_id, notice, now)
    add_row(transaction, consents, row)
    return row


def withdraw(transaction: Transaction, person_id: str, purpose: Purpose, right_id: str, now: datetime) -> int:
    """None stands any more; how many did."""
    mine = _standing(transaction, person_id, purpose, right_id)
    return transaction.connection.execute(sa.update(consents).where(*mine).values(withdrawn_at=now)).rowcount


def standing(transaction: Transaction, person_id: str, purpose: Purpose, right_id: str = "") -> tuple[ConsentRow, ...]:
    """Those that were not withdrawn; ``right_id``: for that right alone."""
    query = columns(consents, ConsentRow).where(*_standing(transaction, person_id, purpose, right_id))
    rows = transaction.connection.execute(query.order_by(consents.c.given_at, consents.c.consent_id))
    return tuple(ConsentRow(**{**row._asdict(), "purpose": Purpose(row.purpose)}) for row in rows)


def _standing(
    transaction: Transaction, person_id: str, purpose: Purpose, right_id: str
) -> tuple[sa.ColumnElement[bool], ...]:
    mine = (consents.c.person_id == person_id, consents.c.purpose == purpose.value)
    of_right = (consents.c.right_id == right_id,) if right_id else ()
    return (of_community(consents, transaction), *mine, *of_right, consents.c.withdrawn_at.is_(None))
