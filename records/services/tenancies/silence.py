"""What nobody answered: a renewal goes on, everything else is an officer's; nobody's silence lets a stranger in, and
nobody's ends anything.
"""

from collections.abc import Callable
from typing import Final

from backend_client.contract.tenancies import AskKind
from records.context import Records
from records.rules.tenancies import TABLE, Deed, QueueKind, Silence
from records.services.tenancies import answering, asking, beginning, ending
from records.services.tenancies.work import Work, begun, note, to_officer
from records.store import asks, rights, tenancies
from records.store.asks import Answer, AskRow
from records.store.tenancies import TenancyRow

_AT_ONCE: Final = 50
_MOVERS: Final = frozenset({AskKind.JOINING, AskKind.OCCUPANT, AskKind.MINOR})


def note_over(records: Records, stop: Callable[[], bool] = lambda: False) -> int:
    """Take up all whose time is over; how many."""
    total, done = 0, -1
    while done and not stop():
        with records.database.writing() as transaction:
            done = _some(begun(records, transaction))
        total += max(done, 0)
    return total


def _some(work: Work) -> int:
    contracts = tenancies.silent(work.transaction, work.now, _AT_ONCE)
    for each in contracts:
        _of_contract(work, each)
    left = asks.silent(work.transaction, work.now, _AT_ONCE)
    for ask in left:
        _of_ask(work, ask)
    return len(contracts) + len(left)


def _of_contract(work: Work, row: TenancyRow) -> None:
    deed = Deed.RENEWAL if row.renews else Deed.NEW
    note(work, "landlord-silent", row.tenant_id, tenancy=row.tenancy_id, renewal=int(bool(row.renews)))
    if row.renews and asking.end_asked(work, row.renews):
        beginning.before_officer(work, row, QueueKind.OBJECTION)
    elif TABLE[deed].silence is Silence.GOES_ON:
        beginning.tenancy(work, row)
    else:
        beginning.before_officer(work, row, QueueKind.NEW_WITHOUT_LANDLORD)


def _of_ask(work: Work, row: AskRow) -> None:
    asking.close(work, (row,), Answer.SILENCE)
    if row.kind is AskKind.EARLY_END:
        if TABLE[Deed.EARLY_END].silence is Silence.OFFICER:
            to_officer(work, row.intake_id, QueueKind.EARLY_END)
    elif row.kind in _MOVERS:
        right = rights.find(work.transaction, row.right_id)
        if right is not None and right.began_at is None:
            ending.now(work, right, ending.REFUSED)
        answering.finish(work, row.intake_id)
