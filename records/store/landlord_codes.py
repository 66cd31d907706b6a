"""What a landlord may answer by who does not come to a kiosk: keyed hashes of codes."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import as_record, columns, of_community
from records.store.tables.tenancies import landlord_codes


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code of one ask."""

    code_hash: str
    ask_id: str
    made_at: datetime
    expires_at: datetime


def add(transaction: Transaction, row: CodeRow) -> None:
    """Add one."""
    add_row(transaction, landlord_codes, row)


def find(transaction: Transaction, code_hash: str) -> CodeRow | None:
    """The code of a hash."""
    mine = (of_community(landlord_codes, transaction), landlord_codes.c.code_hash == code_hash)
    return as_record(CodeRow, transaction.connection.execute(columns(landlord_codes, CodeRow).where(*mine)).first())


def forget(transaction: Transaction, ask_id: str) -> None:
    """An ask's codes count no more."""
    mine = (of_community(landlord_codes, transaction), landlord_codes.c.ask_id == ask_id)
    transaction.connection.execute(sa.delete(landlord_codes).where(*mine))
