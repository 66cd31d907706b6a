"""The visit that a subject stands for, and how its steps are written down.

The subject is kept as a hash, is bound to its device, and answers the same whether it is wrong, old or somebody else's.
"""

from backend_client.contract.base import ProblemCode
from backend_client.statement import subject_hash
from records.context import Records
from records.errors import RefusedError
from records.store import visits
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.visits import VisitRow


def current(records: Records, device: DeviceRow, subject: str) -> VisitRow:
    """The visit that is going on. Refused: subject-expired."""
    with records.database.reading() as transaction:
        row = visits.by_subject(transaction, subject_hash(subject))
    if row is None or row.device_id != device.device_id or row.expires_at <= records.clock.now():
        raise RefusedError(ProblemCode.SUBJECT_EXPIRED)
    return row


def going_on(records: Records, device: DeviceRow, subject: str) -> VisitRow:
    """The visit that is going on and may be proven, as far as the kiosk knows: a typed number may always."""
    row = current(records, device, subject)
    if not (row.clear or row.typed):
        raise RefusedError(ProblemCode.RECORD_UNCLEAR)
    return row


def proven(records: Records, device: DeviceRow, subject: str) -> VisitRow:
    """The visit of a subject whose identity is proven."""
    row = going_on(records, device, subject)
    if row.proven_at is None or not row.clear:
        raise RefusedError(ProblemCode.IDENTITY_NOT_PROVEN)
    return row


def fresh(transaction: Transaction, row: VisitRow) -> VisitRow:
    """The row as it is now, under the write lock."""
    return visits.by_subject(transaction, row.subject_hash) or row


def deed(records: Records, row: VisitRow, action: str, **facts: str | float | bool) -> Deed:
    """What was done in the visit. The person is a keyed hash, nobody an empty one."""
    person = records.keyed_hash("person", row.person_id)  # for nobody too: the same work
    shown = person if row.person_id else ""
    return Deed(records.clock.now(), action, row.device_id, row.visit, shown, tuple(facts.items()))
