"""An event while it is performed, and whether it can be."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from records.context import Records
from records.rules.life_effects import EventKind
from records.rules.periods import bureau_time
from records.services import approvals
from records.services.approvals import Body
from records.services.refusals import EventUnfitError
from records.store import life_changes, residents
from records.store.approvals import ApprovalRow
from records.store.database import Transaction
from records.store.residents import ResidentRow

HOUSEHOLDER = "户主"
Earlier = dict[str, Any]
"""What was changed, as it was before: JSON."""


@dataclass(frozen=True, slots=True, repr=False)
class Happening:
    """One event in its transaction. ``told``: what the first account wrote; ``by``: the second one."""

    records: Records
    transaction: Transaction
    kind: EventKind
    person: ResidentRow
    told: Body
    asked: ApprovalRow
    by: str

    @property
    def person_id(self) -> str:
        """Of whom it happened."""
        return self.person.person_id

    @property
    def today(self) -> date:
        """On the bureau's calendar."""
        return bureau_time(self.records.clock.now()).date()

    @property
    def others(self) -> list[ResidentRow]:
        """The living others of the household."""
        rows = residents.household(self.transaction, self.person.household)
        return [each for each in rows if each.person_id != self.person_id and not each.deceased]


def understood(records: Records, transaction: Transaction, asked: ApprovalRow, by: str, kind: EventKind) -> Happening:
    """What is to be performed. EventUnfitError: it can't be, as the register stands now; for whichever reason."""
    told = approvals.told(asked)
    person = residents.by_person(transaction, told["person"])
    if person is None:
        raise EventUnfitError
    it = Happening(records, transaction, kind, person, told, asked, by)
    if not _fits(it):
        raise EventUnfitError
    return it


def _fits(it: Happening) -> bool:
    """Nothing happens to the dead any more, and nothing twice."""
    if it.person.deceased:
        return False
    match it.kind:
        case EventKind.NUMBER_CHANGE:
            return residents.by_number(it.transaction, it.told["new_number"]) is None
        case EventKind.MOVE_IN:
            return not it.told["householder"] or _lives(it, it.told["householder"])
        case EventKind.GUARDIAN_GIVEN:
            return _lives(it, it.told["guardian"]) and it.told["guardian"] not in _guardians(it)
        case EventKind.GUARDIAN_ENDED:
            return it.told["guardian"] in _guardians(it)
        case EventKind.DEATH | EventKind.NAME_CHANGE | EventKind.MOVE_OUT | EventKind.GUARDIAN_DISPUTED:
            return True


def _lives(it: Happening, person_id: str) -> bool:
    """Another person, whom the register has and who is not dead."""
    row = residents.by_person(it.transaction, person_id)
    return row is not None and not row.deceased and row.person_id != it.person_id


def _guardians(it: Happening) -> list[str]:
    return life_changes.guardians_of(it.transaction, it.person_id)
