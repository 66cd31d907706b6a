"""What the receipts of both sides say: of the tenant's right and of the flat that is let, once it was carried out."""

from datetime import datetime
from uuid import UUID

from backend_client.contract.tenancies import Registered, RightKind, RightState
from civic.slip_number import slip_number
from records.rules.tenancies import TenancyState
from records.services.tenancies.work import Work
from records.store import rights
from records.store.rights import RightRow
from records.store.tenancies import TenancyRow

RENEWED = "renewed"  # why a contract ended from which another goes on: no receipt is of it


def of_tenant(work: Work, right: RightRow, contract: TenancyRow | None) -> Registered | None:
    """Of the tenant's own right; None: it never began, it is somebody else's matter, or its end is not noted yet."""
    began = right.kind is RightKind.TENANT and right.began_at is not None
    if contract is None or not began or contract.state is TenancyState.PENDING:
        return None
    if work.state_of(right) is not RightState.ENDED:
        return _of(work, contract, None)
    return _of(work, contract, right.ended_at) if right.ended_at is not None else None


def of_landlord(work: Work, contract: TenancyRow) -> Registered | None:
    """Of a flat that is let, or was."""
    return _of(work, contract, contract.ended_at)


def lived_by(work: Work, contract: TenancyRow) -> bool:
    """Whether a contract that is over gave anybody a right, and nothing goes on from it."""
    return contract.ended_why != RENEWED and rights.began_by(work.transaction, contract.tenancy_id) > 0


def _of(work: Work, contract: TenancyRow, ended_at: datetime | None) -> Registered | None:
    """None: nobody has handed it in, so there is no number to ask by."""
    people = _people(work, contract, over=ended_at is not None)
    if not contract.intake_id or not people:
        return None
    return Registered(
        number=slip_number(UUID(contract.intake_id)),
        at=ended_at or contract.registered_at,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        people=people,
        renewed=bool(contract.renews),
        ended=ended_at is not None,
    )


def _people(work: Work, contract: TenancyRow, *, over: bool) -> int:
    if over:
        return rights.began_by(work.transaction, contract.tenancy_id)
    theirs = rights.of_tenancy(work.transaction, contract.tenancy_id)
    return len({each.person_id for each in theirs if work.stands(each)})
