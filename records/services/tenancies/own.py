"""What is one's own: rights, what waits for one's answer, what one has let. Of everybody else counts, and masked names.

What waits shows the same whether the flat is let, whose it is or whether records know: only one's own part of it.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from backend_client.contract.tenancies import (
    Ask,
    AskKind,
    LetFlat,
    Missing,
    OwnRight,
    OwnTenancies,
    OwnWay,
    RightKind,
    RightState,
)
from records.context import Records
from records.rules.periods import bureau_time
from records.rules.right_states import STANDING, grace_until
from records.rules.tenancies import TenancyState
from records.services import visit
from records.services.gates import ways
from records.services.tenancies import consenting, receipts
from records.services.tenancies.work import Work, begun
from records.store import asks, audit, dwellings, ownerships, rights, tenancies
from records.store.asks import AskRow
from records.store.devices import DeviceRow
from records.store.dwellings import DwellingRow
from records.store.rights import RightRow
from records.store.tenancies import TenancyRow

_MONTHS: Final = 12
_SHOWN_AFTER: Final = timedelta(days=90)  # what is over


def own(records: Records, device: DeviceRow, subject: str) -> OwnTenancies:
    """All of it. Refused: subject-expired, record-unclear, identity-not-proven."""
    row = visit.proven(records, device, subject)
    with records.database.reading() as transaction:
        people = _named(begun(records, transaction), row.person_id)
    names = {each: _masked(records, each) for each in sorted(people)}  # the register may be elsewhere
    with records.database.writing() as transaction:
        work = begun(records, transaction)
        audit.append(transaction, visit.deed(records, row, "tenancies-read"))
        return OwnTenancies(
            server_time=work.now,
            rights=tuple(_rights(work, row.person_id)),
            asks=tuple(_asks(work, row.person_id, names)),
            let=tuple(_let(work, row.person_id, names)),
        )


def _named(work: Work, person_id: str) -> set[str]:
    """Whose names stand in it, masked."""
    asking = {each.asked_by for each in asks.open_of_person(work.transaction, person_id)}
    return asking | {each.tenant_id for each in _let_rows(work, person_id)}


def _masked(records: Records, person_id: str) -> str:
    """Empty: of whom nobody may be told."""
    person = records.population.resident(person_id)
    return person.name.masked() if person else ""


# --- rights ----------------------------------------------------------------------------------------------------------


def _rights(work: Work, person_id: str) -> Iterable[OwnRight]:
    for right in rights.of_person(work.transaction, person_id):
        flat = dwellings.by_id(work.transaction, right.dwelling_id)
        if flat is not None and (right.ended_at is None or right.ended_at > work.now - _SHOWN_AFTER):
            yield _right(work, right, flat)


def _right(work: Work, right: RightRow, flat: DwellingRow) -> OwnRight:
    state = work.state_of(right)
    standing = state in STANDING
    contract = tenancies.find(work.transaction, right.tenancy_id) if right.tenancy_id else None
    renewal = _renewal(work, right) if standing else None
    return OwnRight(
        ref=right.right_id,
        kind=right.kind,
        state=state,
        dwelling=flat.dwelling_id if standing else "",
        address=flat.address,
        starts_on=right.starts_on,
        ends_on=right.ends_on,
        grace_until=grace_until(right, work.grace_days) if standing else None,
        others=_others(work, right) if standing else 0,
        filing_number=contract.filing_number if contract else "",
        missing=_missing(work, right, state, contract, renewal),
        renewal_until=renewal.ends_on if renewal else None,
        goes_on_at=renewal.goes_on_at if renewal and renewal.officer_since is None else None,
        permit_from=_permit_from(work, right) if standing else None,
        ways=_ways(work, right, state),
        choosing=state is not RightState.ENDED,
        registered=receipts.of_tenant(work, right, contract),
    )


def _ways(work: Work, right: RightRow, state: RightState) -> tuple[OwnWay, ...]:
    """Of a right that is over, the consents that still stand."""
    if state is RightState.ENDED:
        return consenting.standing(work, right)
    return ways.of_right(work.records, work.transaction, right.right_id)


def _renewal(work: Work, right: RightRow) -> TenancyRow | None:
    found = tenancies.renewals(work.transaction, right.tenancy_id)
    return next((each for each in found if each.state is TenancyState.PENDING), None)


def _others(work: Work, right: RightRow) -> int:
    """How many more hold a right by the same: a pending one learns nothing of the flat."""
    same = rights.of_dwelling(work.transaction, right.dwelling_id)
    return len({each.person_id for each in same if work.stands(each)} - {right.person_id})


def _missing(
    work: Work, right: RightRow, state: RightState, contract: TenancyRow | None, renewal: TenancyRow | None
) -> tuple[Missing, ...]:
    """Of a new tenancy by its age alone: first its landlord's yes, after the days of silence an officer's."""
    found: list[Missing] = []
    if state is RightState.PENDING:
        found += _own_part(work, right)
        if contract is None or contract.state is TenancyState.PENDING:
            found.append(_landlord_or_officer(work, right.registered_at))
    elif renewal is not None:
        found.append(
            _landlord_or_officer(work, renewal.registered_at) if renewal.officer_since is None else Missing.OFFICER
        )
    if contract is not None and not contract.filing_number and state is not RightState.ENDED:
        found.append(Missing.FILING_NUMBER)
    return tuple(found)


def _landlord_or_officer(work: Work, since: datetime) -> Missing:
    over = since + timedelta(days=work.rules.silence_days) <= work.now
    return Missing.OFFICER if over else Missing.LANDLORD


def _own_part(work: Work, right: RightRow) -> list[Missing]:
    waiting = [each for each in asks.of_intake(work.transaction, right.intake_id) if not each.answer]
    kinds = {each.kind for each in waiting if each.right_id == right.right_id}
    found = {AskKind.JOINING: Missing.OCCUPANT, AskKind.OCCUPANT: Missing.OCCUPANT, AskKind.MINOR: Missing.GUARDIAN}
    return sorted({found[each] for each in kinds if each in found})


def _permit_from(work: Work, right: RightRow) -> date | None:
    """A residence permit can be applied for so many months after somebody lives there and is registered
    (居住证暂行条例, art. 2)."""
    if right.kind is RightKind.OWNER or right.began_at is None:
        return None
    since = max(right.starts_on, bureau_time(right.registered_at).date())
    year, month = divmod(since.year * _MONTHS + since.month - 1 + work.rules.permit_months, _MONTHS)
    return _last_of(year, month + 1, since.day)


def _last_of(year: int, month: int, day: int) -> date:
    """That day, or the month's last where it has none such."""
    following = date(year + month // _MONTHS, month % _MONTHS + 1, 1)
    return min(following - timedelta(days=1), date(year, month, 1) + timedelta(days=day - 1))


# --- what waits, and what is let -------------------------------------------------------------------------------------


def _asks(work: Work, person_id: str, names: dict[str, str]) -> Iterable[Ask]:
    for row in asks.open_of_person(work.transaction, person_id):
        flat, days = _about(work, row)
        if flat is not None:
            yield Ask(
                ref=row.ask_id,
                kind=row.kind,
                address=flat.address,
                name=names.get(row.asked_by, ""),
                starts_on=days[0],
                ends_on=row.day or days[1],
                until=row.until,
                goes_on=row.goes_on,
            )


def _about(work: Work, row: AskRow) -> tuple[DwellingRow | None, tuple[date, date | None]]:
    right = rights.find(work.transaction, row.right_id) if row.right_id else None
    it = right or tenancies.find(work.transaction, row.tenancy_id)
    if it is None:
        return None, (work.today, None)
    return dwellings.by_id(work.transaction, it.dwelling_id), (it.starts_on, it.ends_on)


def _let_rows(work: Work, person_id: str) -> list[TenancyRow]:
    """Those that are let, and those that were until lately, by whoever owned the flat then."""
    found: list[TenancyRow] = []
    for flat in ownerships.flats_of(work.transaction, person_id):
        since = ownerships.since(work.transaction, flat, person_id) or work.today
        over = tenancies.ended_of(work.transaction, flat, work.now - _SHOWN_AFTER)
        found += tenancies.live_of(work.transaction, flat)
        found += (each for each in over if _ended_on(each) >= since and receipts.lived_by(work, each))
    return found


def _ended_on(row: TenancyRow) -> date:
    return bureau_time(row.ended_at or row.registered_at).date()


def _let(work: Work, person_id: str, names: dict[str, str]) -> Iterable[LetFlat]:
    """What its landlord is a party to. Who is hidden is counted, and not named."""
    for row in _let_rows(work, person_id):
        flat = dwellings.by_id(work.transaction, row.dwelling_id)
        theirs = [each for each in rights.of_tenancy(work.transaction, row.tenancy_id) if work.stands(each)]
        if flat is not None and (theirs or row.state is TenancyState.ENDED):
            yield _let_flat(work, row, theirs, flat.address, names.get(row.tenant_id, ""))


def _let_flat(work: Work, row: TenancyRow, theirs: list[RightRow], address: str, tenant: str) -> LetFlat:
    renewal = _renewal(work, theirs[0]) if theirs else None
    registered = receipts.of_landlord(work, row)
    return LetFlat(
        tenancy=row.tenancy_id,
        address=address,
        tenant=tenant,
        state=_let_state(work, row, theirs),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        people=registered.people if registered else max(1, len(theirs)),
        filing_number=row.filing_number,
        missing=() if row.filing_number or not theirs else (Missing.FILING_NUMBER,),
        goes_on_at=renewal.goes_on_at if renewal and renewal.officer_since is None else None,
        registered=registered,
    )


def _let_state(work: Work, row: TenancyRow, theirs: Iterable[RightRow]) -> RightState:
    if row.state is TenancyState.ENDED:
        return RightState.ENDED
    if row.state is TenancyState.DISPUTED:
        return RightState.DISPUTED
    states = {work.state_of(each) for each in theirs}
    return RightState.ACTIVE if RightState.ACTIVE in states else RightState.GRACE
