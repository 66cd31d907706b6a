"""Whether an event can be, as the register stands when it is agreed to."""

from records.context import Records
from records.rules.life_effects import EventKind
from records.services import approvals
from records.services.life_events import row
from records.services.life_events.happening import Happening
from records.services.refusals import EventUnfitError
from records.store import life_changes, residents
from records.store.approvals import ApprovalRow
from records.store.database import Transaction


def understood(records: Records, transaction: Transaction, asked: ApprovalRow, by: str, kind: EventKind) -> Happening:
    """What is to be performed. EventUnfitError: it can't be, as the register stands now; for whichever reason."""
    told = approvals.told(asked)
    person = residents.by_person(transaction, told["person"])
    if person is None or person.deceased:
        raise EventUnfitError
    it = Happening(records, transaction, kind, person, told, asked, by)
    if not _fits(it):
        raise EventUnfitError
    return it


def _fits(it: Happening) -> bool:
    """Nothing happens twice; a dispute alone may begin again, and each is taken back by itself."""
    match it.kind:
        case EventKind.NUMBER_CHANGE:
            return residents.by_number(it.transaction, it.told["new_number"]) is None
        case EventKind.NAME_CHANGE | EventKind.MOVE_OUT:
            return row.changes(it)
        case EventKind.MOVE_IN:
            return row.changes(it) and _has_room(it)
        case EventKind.GUARDIAN_GIVEN:
            return _lives(it, it.told["guardian"]) and it.told["guardian"] not in _guardians(it)
        case EventKind.GUARDIAN_ENDED:
            return it.told["guardian"] in _guardians(it)
        case EventKind.DEATH | EventKind.GUARDIAN_DISPUTED:
            return True


def _has_room(it: Happening) -> bool:
    """The household of a living other, who has one; or one of their own."""
    if not it.told["householder"]:
        return True
    joined = residents.by_person(it.transaction, it.told["householder"])
    return joined is not None and bool(joined.household) and _lives(it, joined.person_id)


def _lives(it: Happening, person_id: str) -> bool:
    """Another person, whom the register has and who is not dead."""
    other = residents.by_person(it.transaction, person_id)
    return other is not None and not other.deceased and other.person_id != it.person_id


def _guardians(it: Happening) -> list[str]:
    return life_changes.guardians_of(it.transaction, it.person_id)
