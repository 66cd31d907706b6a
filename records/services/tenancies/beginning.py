"""A right begins by its yes, goes on by a renewal's, and takes those along who wait for nobody."""

from datetime import date, timedelta

from backend_client.contract.messages import MessageKind
from backend_client.contract.tenancies import RightKind
from records.rules.periods import bureau_time
from records.rules.tenancies import QueueKind, TenancyState, overlap
from records.services.tenancies import asking
from records.services.tenancies.receipts import RENEWED
from records.services.tenancies.work import Work, done, neighbours, new_id, note, renew, tell, to_officer
from records.store import asks, ownerships, rights, tenancies
from records.store.rights import RightRow
from records.store.tenancies import TenancyRow


def pending_right(work: Work, tenancy: TenancyRow, person_id: str, kind: RightKind, intake_id: str) -> RightRow:
    """A right that waits: it opens nothing."""
    row = RightRow(
        right_id=new_id(),
        dwelling_id=tenancy.dwelling_id,
        person_id=person_id,
        kind=kind,
        tenancy_id=tenancy.tenancy_id,
        starts_on=tenancy.starts_on,
        ends_on=tenancy.ends_on,
        ended_at=None,
        ended_why="",
        registered_at=work.now,
        hold_until=None,
        revision=1,
        intake_id=intake_id,
    )
    rights.add(work.transaction, row)
    return row


def overlapping(work: Work, tenancy: TenancyRow) -> bool:
    """Whether somebody else rents the flat in these days, by a tenancy that began."""
    others = [
        each
        for each in tenancies.live_of(work.transaction, tenancy.dwelling_id)
        if each.tenant_id != tenancy.tenant_id and each.tenancy_id != tenancy.tenancy_id
    ]
    return overlap((tenancy.starts_on, tenancy.ends_on), ((each.starts_on, each.ends_on) for each in others))


def tenancy(work: Work, row: TenancyRow) -> bool:
    """It is confirmed: its people's rights begin, but for those who wait for a yes of their own. False: somebody else
    rents it meanwhile, or who rented it is gone, and an officer decides."""
    if not work.officer and (queue := _stopped(work, row)):
        before_officer(work, row, queue)
        return False
    if row.renews:
        _go_on(work, row)
    else:
        values = {"state": TenancyState.ACTIVE.value, "officer_since": None}
        tenancies.update(work.transaction, row, **values)
    asking.close(work, (each for each in asks.of_tenancy(work.transaction, row.tenancy_id) if not each.right_id))
    began = [each for each in rights.of_tenancy(work.transaction, row.tenancy_id) if begin(work, each)]
    state = "goes-on" if row.renews else "began"
    note(work, "tenancy-began", row.tenant_id, tenancy=row.tenancy_id, rights=len(began), renewal=int(bool(row.renews)))
    tell(work, {row.tenant_id, *(each.person_id for each in began)}, MessageKind.TENANCY_CHANGED, state)
    done(work, row.intake_id, row.left_over)
    return True


def _stopped(work: Work, row: TenancyRow) -> QueueKind | None:
    """Why no yes and no silence can begin it: it is the tenant's contract, and nobody's who came along."""
    if overlapping(work, row):
        return QueueKind.OVERLAP
    held = rights.of_tenancy(work.transaction, row.renews or row.tenancy_id)
    return None if any(each.person_id == row.tenant_id for each in held) else QueueKind.TENANT_GONE


def begin(work: Work, right: RightRow) -> bool:
    """A right that waits for nobody any more begins, once its tenancy did. False: it waits, or had begun."""
    contract = tenancies.find(work.transaction, right.tenancy_id) if right.tenancy_id else None
    pending = contract is not None and contract.state is TenancyState.PENDING
    if right.began_at is not None or pending or asking.waits(work, right):
        return False
    rights.update(work.transaction, right, began_at=work.now)
    note(work, "right-began", right.person_id, right=right.right_id, kind=right.kind.value)
    renew(work, (right.person_id,))
    return True


def before_officer(work: Work, row: TenancyRow, queue: QueueKind) -> None:
    """No rule can confirm it. While a renewal is there, what there was goes on, unless the landlord said no."""
    tenancies.update(work.transaction, row, officer_since=work.now)
    to_officer(work, row.intake_id, queue, row.tenant_id)
    if row.renews:
        held = work.today + timedelta(days=work.records.settings.intakes.open_days + 1)
        hold(work, row.renews, None if queue is QueueKind.OBJECTION else held)


def waits_anew(work: Work, row: TenancyRow) -> TenancyRow:
    """Whoever is asked now has all the days that silence takes; a renewal's earlier right goes on as long."""
    days = {"goes_on_at": work.now + timedelta(days=work.rules.silence_days)}
    tenancies.update(work.transaction, row, **days)
    again = tenancies.find(work.transaction, row.tenancy_id) or row
    hold_for_answer(work, again)
    return again


def hold_for_answer(work: Work, row: TenancyRow) -> None:
    """While a renewal waits for its landlord: with the hour's work, and a day in which nobody is locked out."""
    if row.renews and row.goes_on_at is not None:
        hold(work, row.renews, bureau_time(row.goes_on_at).date() + timedelta(days=2))


def hold(work: Work, tenancy_id: str, until: date | None) -> None:
    """A renewal waits: what there was goes on to that day; None: to its own again. Whoever has set an earlier day for
    themselves goes on that day."""
    held = rights.of_tenancy(work.transaction, tenancy_id)
    contract = tenancies.find(work.transaction, tenancy_id)
    stay = (each for each in held if until is None or not _goes_before(each, contract))
    changed = [each for each in stay if each.hold_until != until]
    for each in changed:
        rights.update(work.transaction, each, hold_until=until)
    renew(work, (each.person_id for each in changed))


def told(work: Work, dwelling_id: str, by: str) -> None:
    """Who has a right there, and whose it is, hear that something was registered; not what, nor of whom."""
    owners = ownerships.owners(work.transaction, dwelling_id)
    tell(work, {*neighbours(work, dwelling_id), *owners} - {by}, MessageKind.FLAT_TOLD)


def _goes_before(right: RightRow, contract: TenancyRow | None) -> bool:
    """Whether somebody has set an earlier day for themselves than the contract's; but for its tenant, who has changed
    their mind by renewing it."""
    if contract is None or right.person_id == contract.tenant_id:
        return False
    return right.ends_on is not None and right.ends_on < contract.ends_on


def _go_on(work: Work, row: TenancyRow) -> None:
    """The rights of the earlier one go on to the new day; who has set an earlier day for themselves keeps it."""
    before = tenancies.find(work.transaction, row.renews)
    moved = rights.of_tenancy(work.transaction, row.renews)
    for each in moved:
        days = {} if _goes_before(each, before) else {"ends_on": row.ends_on}
        rights.update(work.transaction, each, tenancy_id=row.tenancy_id, hold_until=None, **days)
    if before is not None:
        ended = {"state": TenancyState.ENDED.value, "ended_at": work.now, "ended_why": RENEWED}
        tenancies.update(work.transaction, before, **ended)
    tenancies.update(work.transaction, row, state=TenancyState.ACTIVE.value, officer_since=None)
    renew(work, (each.person_id for each in moved))
