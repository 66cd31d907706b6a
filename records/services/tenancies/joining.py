"""Somebody comes to live there: by the tenant's hand, and by their own document, or a guardian's word for a child.

Nobody adds themselves: who has no right there can hand in nothing about it, and an occupant's wish asks the tenant.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from backend_client.contract.intakes import OccupantContent
from backend_client.contract.messages import MessageKind
from backend_client.contract.tenancies import AskKind, RightKind
from records.rules.intakes import IntakeState
from records.rules.tenancies import TABLE, TOLD_ONLY, Deed, Need, QueueKind
from records.services.tenancies import asking, beginning
from records.services.tenancies.understanding import Known, Understood
from records.services.tenancies.work import (
    Work,
    done,
    hidden,
    neighbours,
    new_id,
    note,
    settle,
    tell,
    to_officer,
    under_way,
)
from records.store import ownerships, rights, tenancies
from records.store.intakes import IntakeRow
from records.store.rights import RightRow
from records.store.tenancies import TenancyRow

_OF: dict[RightKind, RightKind] = {
    RightKind.TENANT: RightKind.OCCUPANT,
    RightKind.OCCUPANT: RightKind.OCCUPANT,
    RightKind.OWNER: RightKind.FAMILY,
}
"""By which kind of right somebody comes with whom."""


def join(work: Work, row: IntakeRow, content: OccupantContent, who: Understood) -> None:
    """By a right of one's own that stands, and by nothing else."""
    own = own_right(work, content.right, who.person_id)
    if own is None or own.kind not in _OF:
        return settle(work, row.intake_id, IntakeState.REFUSED, "not-theirs", who.person_id)
    if hidden(work, (who.person_id, *(each.person_id for each in who.comers))):
        return to_officer(work, row.intake_id, QueueKind.UNKNOWN_PERSON, who.person_id)
    if own.kind is RightKind.OCCUPANT and not _tenants(work, own):
        return to_officer(work, row.intake_id, QueueKind.TENANT_GONE, who.person_id)
    under_way(work, row, who.person_id, queue_of(who.comers))
    contract = tenancies.find(work.transaction, own.tenancy_id) if own.tenancy_id else None
    came = coming(work, contract, own, who, row.intake_id)
    if came and TABLE[Deed.COMES].landlord is Need.TOLD:
        beginning.told(work, own.dwelling_id, who.person_id)
    if not any(asking.waits(work, each) for each in came):
        done(work, row.intake_id)
    return None


def coming(
    work: Work, contract: TenancyRow | None, own: RightRow | TenancyRow, who: Understood, intake_id: str
) -> list[RightRow]:
    """The rights of those who come, each once; they begin at once, unless they wait for a yes."""
    by = {contract.tenancy_id, contract.renews or contract.tenancy_id} if contract else {""}
    held = rights.of_dwelling(work.transaction, own.dwelling_id)
    there = {each.person_id for each in held if each.tenancy_id in by}  # who lives there by another's comes by this too
    new = [each for each in who.comers if each.person_id and each.queue is None and each.person_id not in there]
    made = [_one(work, contract, own, each, who.person_id, intake_id) for each in new]
    for each in made:
        beginning.begin(work, each)
    _too_many(work, own.dwelling_id, contract)
    return made


def own_right(work: Work, right_id: str, person_id: str) -> RightRow | None:
    """A right of theirs that stands."""
    own = rights.find(work.transaction, right_id)
    return own if own is not None and person_id and own.person_id == person_id and work.stands(own) else None


def queue_of(comers: Iterable[Known]) -> QueueKind | None:
    """What is left for an officer: whom the register does not know, and children of others."""
    return next((each.queue for each in comers if each.queue is not None), None)


def _one(
    work: Work, contract: TenancyRow | None, own: RightRow | TenancyRow, each: Known, by: str, intake_id: str
) -> RightRow:
    kind = _OF[own.kind] if isinstance(own, RightRow) else RightKind.OCCUPANT
    row = RightRow(
        right_id=new_id(),
        dwelling_id=own.dwelling_id,
        person_id=each.person_id,
        kind=kind,
        tenancy_id=contract.tenancy_id if contract else "",
        starts_on=contract.starts_on if contract else work.today,
        ends_on=contract.ends_on if contract else own.ends_on,
        ended_at=None,
        ended_why="",
        registered_at=work.now,
        hold_until=None,
        revision=1,
        intake_id=intake_id,
    )
    rights.add(work.transaction, row)
    note(work, "right-registered", each.person_id, right=row.right_id, kind=kind.value)
    _need(work, row, own, each, by)
    return row


def _need(work: Work, row: RightRow, own: RightRow | TenancyRow, each: Known, by: str) -> None:
    """Whose yes it waits for: their own, where their document was not read; the tenant's, where an occupant asks."""
    if each.asks:
        asking.mover(work, row, by, AskKind.JOINING, each.person_id)
    if isinstance(own, RightRow) and own.kind is RightKind.OCCUPANT:
        for tenant in _tenants(work, own):
            asking.mover(work, row, by, AskKind.OCCUPANT, tenant)


def _tenants(work: Work, own: RightRow) -> Sequence[str]:
    """Who rents it; nobody, when the tenant has left: then an officer decides."""
    theirs = rights.of_tenancy(work.transaction, own.tenancy_id)
    return [each.person_id for each in theirs if each.kind is RightKind.TENANT and work.stands(each)]


def _too_many(work: Work, dwelling_id: str, contract: TenancyRow | None) -> None:
    """Told, and listed; it holds nothing up."""
    if QueueKind.TOO_MANY in TOLD_ONLY and len(neighbours(work, dwelling_id)) > work.rules.most_people:
        about = contract.tenancy_id if contract else ""
        note(work, "flat-too-many", "", dwelling=dwelling_id, tenancy=about)
        tell(work, ownerships.owners(work.transaction, dwelling_id), MessageKind.FLAT_TOLD)


def by_officer(who: Understood) -> Understood:
    """As the officer has it who has the papers before them: a child of somebody else's may come too."""
    fit = {None, QueueKind.MINOR}
    return replace(who, comers=tuple(replace(each, queue=None) for each in who.comers if each.queue in fit))
