"""The moment an identity counts as proven, by whatever way: from then on the visit may read and be issued."""

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import Proof
from records.context import Records
from records.errors import RefusedError
from records.services import tries
from records.store import visits
from records.store.database import Transaction
from records.store.visits import VisitRow

BY_STATEMENT = "statement"
BY_OFFICER = "officer"


def grant(records: Records, transaction: Transaction, row: VisitRow, by: str, statement: str = "") -> Proof:
    """Let the visit count as proven, and tell its owner of tries at their number, in the transaction that says so.

    ``row``: as it is in this transaction. What proved it first stays. The caller writes its own deed. Refused
    (identity-not-proven): evidence and record of this visit do not agree.
    """
    if row.proven_at is None:
        if not visits.proven(transaction, row.subject_hash, by, records.clock.now(), statement):
            raise RefusedError(ProblemCode.IDENTITY_NOT_PROVEN)
        tries.tell(records, transaction, row)
    return again(records, transaction, row)


def again(records: Records, transaction: Transaction, row: VisitRow) -> Proof:
    """The proof of a visit that was proven before, word for word but for the clock."""
    return Proof(server_time=records.clock.now(), proven_until=row.expires_at, tries=tries.told(transaction, row))
