"""The last day is told thirty, seven and one days before, to both sides: it must surprise nobody at the gate."""

from collections.abc import Callable
from typing import Final

from backend_client.contract.messages import MessageKind
from records.context import Records
from records.rules.tenancies import due_reminder
from records.services.tenancies.work import Work, begun, note, tell
from records.store import ownerships, rights, tenancies
from records.store.tenancies import TenancyRow

_AT_ONCE: Final = 50


def remind(records: Records, stop: Callable[[], bool] = lambda: False) -> int:
    """Tell whoever is to be told now; how many tenancies."""
    total, done = 0, -1
    while done and not stop():
        done = _some(records)
        total += max(done, 0)
    return total


def _some(records: Records) -> int:
    """Nobody else waits to write while nobody is to be told."""
    with records.database.reading() as transaction:
        due = _due(begun(records, transaction))
    if not due:
        return 0
    with records.database.writing() as transaction:
        work = begun(records, transaction)
        found = _due(work)
        for row, days in found:
            _tell(work, row, days)
    return len(found)


def _due(work: Work) -> list[tuple[TenancyRow, int]]:
    rows = tenancies.ending(work.transaction, work.today, work.rules.remind_days, _AT_ONCE)
    told = ((row, due_reminder((row.ends_on - work.today).days, work.rules.remind_days, row.reminded)) for row in rows)
    return [(row, days) for row, days in told if days]


def _tell(work: Work, row: TenancyRow, days: int) -> None:
    tenancies.update(work.transaction, row, reminded=days)
    people = {each.person_id for each in rights.of_tenancy(work.transaction, row.tenancy_id)}
    owners = ownerships.owners(work.transaction, row.dwelling_id)
    left = (row.ends_on - work.today).days
    note(work, "tenancy-reminded", row.tenant_id, tenancy=row.tenancy_id, days=days)
    tell(work, {*people, *owners}, MessageKind.TENANCY_ENDS, str(left))
