"""A right of one's own, asked for in a visit that is proven: one that is not, or not any more, is not found."""

from backend_client.contract.base import ProblemCode
from records.context import Records
from records.errors import RefusedError
from records.services import visit
from records.services.gates import deriving, in_force
from records.store import rights
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.rights import RightRow
from records.store.visits import VisitRow


def proven(records: Records, device: DeviceRow, subject: str) -> VisitRow:
    """The visit of whoever stands there. Refused: subject-expired, record-unclear, identity-not-proven."""
    return visit.proven(records, device, subject)


def right(records: Records, transaction: Transaction, person_id: str, right_id: str) -> RightRow:
    """Their right of that reference, which still opens something. Refused: not-found."""
    grace_days = in_force.rules(transaction).grace_days
    for each in rights.of_person(transaction, person_id):
        begun = each.right_id == right_id and each.began_at is not None
        if begun and not deriving.over(each, records.clock.now(), grace_days):
            return each
    raise RefusedError(ProblemCode.NOT_FOUND)
