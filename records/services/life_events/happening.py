"""An event while it is performed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from records.context import Records
from records.rules.life_effects import EventKind
from records.rules.periods import bureau_time
from records.services.approvals import Body
from records.store import residents
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
