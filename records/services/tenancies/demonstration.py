"""The demonstration's flats get their owners and tenants, as if residents had handed it in long ago.

Safe to repeat: where the register of owners says anything already, nothing is added.
"""

from datetime import timedelta

from backend_client.contract.tenancies import RightKind
from records import contact_key
from records.context import Records
from records.population import letting, synthetic
from records.population.letting import Lease
from records.rules.tenancies import TenancyState
from records.services import messages
from records.services.tenancies import owning
from records.services.tenancies.work import Work, begun, new_id, note, renew
from records.store import contacts, dwellings, ownerships, residents, rights, tenancies
from records.store.contacts import ContactRow
from records.store.rights import RightRow
from records.store.tenancies import TenancyRow

_OWNED_BEFORE = timedelta(days=3000)  # the lease began


def let_flats(records: Records) -> int:
    """How many are let now that were not. Beside a register elsewhere: none, it has its own people."""
    wanted = records.settings.population
    if wanted.url or not wanted.let_flats:
        return 0
    people = synthetic.residents(wanted.seed, wanted.synthetic_residents)
    with records.database.writing() as transaction:
        if ownerships.any_there(transaction):
            return 0
        work, known = begun(records, transaction), residents.numbers(transaction)
        chosen = letting.leases(wanted.seed, people, wanted.let_flats)
        there = [each for each in chosen if {each.landlord, *each.people} <= known.keys()]
        return sum(_let(work, each, known) for each in there)


def _let(work: Work, lease: Lease, known: dict[str, str]) -> bool:
    flat = dwellings.by_door(work.transaction, *lease.door)
    if flat is None:
        return False
    landlord, (tenant, *others) = known[lease.landlord], (known[each] for each in lease.people)
    contract = _contract(work, lease, flat.dwelling_id, tenant)
    owning.give(work, flat.dwelling_id, landlord, contract.starts_on - _OWNED_BEFORE)
    if lease.phone:
        _has_phone(work, landlord, lease.phone)
    tenancies.add(work.transaction, contract)
    kinds = [(tenant, RightKind.TENANT), *((each, RightKind.OCCUPANT) for each in others)]
    for person, kind in kinds:
        rights.add(work.transaction, _right(contract, person, kind))
    note(work, "tenancy-began", tenant, tenancy=contract.tenancy_id, rights=len(kinds), renewal=0)
    renew(work, (person for person, _ in kinds))
    return True


def _contract(work: Work, lease: Lease, dwelling_id: str, tenant: str) -> TenancyRow:
    since, left = lease.days
    return TenancyRow(
        tenancy_id=new_id(),
        dwelling_id=dwelling_id,
        tenant_id=tenant,
        state=TenancyState.ACTIVE,
        starts_on=work.today - timedelta(days=since),
        ends_on=work.today + timedelta(days=left),
        filing_number=lease.filing_number,
        intake_id="",
        renews="",
        registered_at=work.now - timedelta(days=since),
        goes_on_at=None,
    )


def _right(contract: TenancyRow, person_id: str, kind: RightKind) -> RightRow:
    return RightRow(
        right_id=new_id(),
        dwelling_id=contract.dwelling_id,
        person_id=person_id,
        kind=kind,
        tenancy_id=contract.tenancy_id,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        ended_at=None,
        ended_why="",
        registered_at=contract.registered_at,
        hold_until=None,
        revision=1,
        began_at=contract.registered_at,
    )


def _has_phone(work: Work, person_id: str, number: str) -> None:
    """A number that nobody has, sealed as every other is."""
    sealed = contact_key.seal(work.records.folder / "keys", number, *messages.bound(work.records, person_id))
    contacts.put(work.transaction, ContactRow(person_id, sealed, "zh", work.now, 1))
