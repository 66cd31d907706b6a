"""A resident's own row, or a child's, for their own eyes: and what follows from it."""

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import HouseholdRecord
from records.context import Records
from records.errors import RefusedError
from records.population.source import Resident
from records.services import entitlement, family, policy, reissue, visit
from records.services.identification import own_row
from records.services.making import temporary
from records.store import audit
from records.store.devices import DeviceRow
from records.store.visits import VisitRow


def record(records: Records, device: DeviceRow, subject: str, person: str = "") -> HouseholdRecord:
    """The row of the visit's person, or of the child whose handle ``person`` is. Refused: not-permitted (no such
    child), record-unclear."""
    row = visit.proven(records, device, subject)
    about = family.child(records, row, person, _oldest_child(records)) if person else _own(records, row)
    if about.unclear or about.deceased:
        raise RefusedError(ProblemCode.RECORD_UNCLEAR)
    children = () if person else family.children(records, row, _oldest_child(records))
    members = family.members(records, row, about)
    photographed = temporary.has_photograph(records, about.person_id)
    whose = records.keyed_hash("person", about.person_id) if person else ""
    facts: dict[str, str | float | bool] = {"about": whose, "children": len(children), "members": len(members)}
    with records.database.writing() as transaction:
        audit.append(transaction, visit.deed(records, row, "record-read", **facts))
        child = about.person_id if person else ""
        reissues = reissue.open_of(transaction, row.person_id, child, records.clock.now())
        closed = entitlement.closed(records, transaction, about, by_guardian=bool(person), portrait=photographed)
    return HouseholdRecord.model_validate(
        {
            **own_row(about),
            "reissues": reissues,
            "children": [family.dependant(records, row, each) for each in children],
            "members": [family.member(records, row, each) for each in members],
            "closed": closed,
        }
    )


def _own(records: Records, row: VisitRow) -> Resident:
    resident = records.register.resident(row.person_id)
    if resident is None:
        raise RefusedError(ProblemCode.RECORD_UNCLEAR)
    return resident


def _oldest_child(records: Records) -> int:
    """The age below which a guardian may ask for some paper."""
    return max((rules.guardian_below for rules in policy.opened(policy.current(records)).papers), default=0)
