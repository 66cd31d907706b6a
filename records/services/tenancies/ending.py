"""A right ends by its holder's yes, by its last day, or by an officer's decision; by nothing else."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from backend_client.contract.messages import MessageKind
from records.context import Records
from records.rules.tenancies import TenancyState
from records.services.tenancies.work import Work, begun, note, renew, tell
from records.store import rights, tenancies
from records.store.rights import RightRow

LEFT: Final = "left"  # by their own yes
DAY: Final = "day"
OFFICER: Final = "officer"
REFUSED: Final = "refused"  # it never began
SOLD: Final = "sold"  # the flat is somebody else's: by the register of owners
GONE: Final = rights.HOLDER_DEAD  # the register has their death
_AT_ONCE: Final = 50


def at(work: Work, right: RightRow, day: date, why: str) -> None:
    """It ends on ``day``: today's or an earlier one at once, a later one by itself. Never later than it did."""
    if day <= work.today:
        return now(work, right, why)
    if right.ends_on is None or day < right.ends_on:
        rights.update(work.transaction, right, ends_on=day, hold_until=None, disputed=False)
        note(work, "right-shortened", right.person_id, right=right.right_id, why=why)
        renew(work, (right.person_id,))
    return None


def now(work: Work, right: RightRow, why: str) -> None:
    """It is over."""
    values = {"ended_at": work.now, "ended_why": why, "hold_until": None, "disputed": False}
    if rights.update(work.transaction, right, **values):
        note(work, "right-ended", right.person_id, right=right.right_id, why=why)
        renew(work, (right.person_id,))


def whole(work: Work, tenancy_id: str, day: date, why: str) -> None:
    """All rights by a tenancy end on ``day``, and it with them."""
    for each in rights.of_tenancy(work.transaction, tenancy_id):
        at(work, each, day, why)
    row = tenancies.find(work.transaction, tenancy_id)
    if row is not None and row.state is not TenancyState.ENDED:
        ended = {"state": TenancyState.ENDED.value, "ended_at": work.now, "ended_why": why}
        later = {"ends_on": min(day, row.ends_on), "state": TenancyState.ACTIVE.value}
        tenancies.update(work.transaction, row, **(ended if day <= work.today else later))


def note_lapsed(records: Records, stop: Callable[[], bool] = lambda: False) -> int:
    """Note as over what its last day and the grace have ended: gates knew it by themselves; how many."""
    total, done = 0, -1
    while done and not stop():
        with records.database.writing() as transaction:
            work = begun(records, transaction)
            done = _lapse_some(work)
            _end_empty(work)
        total += max(done, 0)
    return total


def _lapse_some(work: Work) -> int:
    before = work.today - timedelta(days=work.grace_days)
    over = rights.over(work.transaction, before, work.today, _AT_ONCE)
    for each in over:
        now(work, each, DAY)
        if each.began_at is not None:
            tell(work, (each.person_id,), MessageKind.TENANCY_CHANGED, "ended")
    return len(over)


def _end_empty(work: Work) -> None:
    """A contract by which nobody has a right any more."""
    for each in tenancies.empty(work.transaction, _AT_ONCE):
        values = {"state": TenancyState.ENDED.value, "ended_at": work.now, "ended_why": DAY}
        tenancies.update(work.transaction, each, **values)
