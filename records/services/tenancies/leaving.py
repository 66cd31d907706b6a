"""Somebody leaves: by their own hand alone. A landlord who wants an early end may ask; nobody's silence answers."""

from datetime import date

from backend_client.contract.intakes import DepartureContent
from backend_client.contract.messages import MessageKind
from backend_client.contract.tenancies import RightKind
from records.rules.intakes import IntakeState
from records.rules.tenancies import TABLE, Deed, Need, QueueKind, TenancyState
from records.services.tenancies import asking, beginning, ending
from records.services.tenancies.understanding import Understood
from records.services.tenancies.work import Work, done, hidden, settle, tell, to_officer, under_way
from records.store import asks, ownerships, rights, tenancies
from records.store.intakes import IntakeRow
from records.store.rights import RightRow
from records.store.tenancies import TenancyRow


def leave(work: Work, row: IntakeRow, content: DepartureContent, who: Understood) -> None:
    """One's own right, or that of a child in one's care; or a landlord's question. After the last day it is given up at
    once: the gate still opens by it."""
    if content.tenancy is not None:
        return _ask_everybody(work, row, content, who)
    right = rights.find(work.transaction, content.right or "")
    if right is None or not _theirs(work, right, who) or not (work.stands(right) or right.began_at is None):
        return settle(work, row.intake_id, IntakeState.REFUSED, "not-theirs", who.person_id)
    day = date.fromisoformat(content.day)
    if right.ended_at is not None or (right.ends_on is not None and day > max(right.ends_on, work.today)):
        return settle(work, row.intake_id, IntakeState.REFUSED, "over", who.person_id)
    _end_own(work, right, day)
    return settle(work, row.intake_id, IntakeState.ACCEPTED, "by-rule", who.person_id)


def _end_own(work: Work, right: RightRow, day: date) -> None:
    if right.began_at is None:
        _withdraw(work, right)
    else:
        ending.at(work, right, day, ending.LEFT)
    if TABLE[Deed.GOES].landlord is Need.TOLD and not hidden(work, (right.person_id,)):
        beginning.told(work, right.dwelling_id, right.person_id)


def _withdraw(work: Work, right: RightRow) -> None:
    """What never began; with the tenant's goes all that the contract was to give."""
    whole = right.kind is RightKind.TENANT and right.tenancy_id
    gone = rights.of_tenancy(work.transaction, right.tenancy_id) if whole else (right,)
    for each in gone:
        ending.now(work, each, ending.LEFT)
    if whole and (contract := tenancies.find(work.transaction, right.tenancy_id)) is not None:
        asking.close(work, asks.of_tenancy(work.transaction, contract.tenancy_id))
        values = {"state": TenancyState.ENDED.value, "ended_at": work.now, "ended_why": ending.LEFT}
        tenancies.update(work.transaction, contract, **values)
        settle(work, contract.intake_id, IntakeState.REFUSED, "over")


def _theirs(work: Work, right: RightRow, who: Understood) -> bool:
    """An owner's is not given up here: the register of owners says when it is over. Of a child who is hidden, nobody
    decides here whose it is."""
    ward = right.person_id in who.wards and not hidden(work, (right.person_id,))
    return bool(who.person_id) and (right.person_id == who.person_id or ward) and right.kind is not RightKind.OWNER


def _ask_everybody(work: Work, row: IntakeRow, content: DepartureContent, who: Understood) -> None:
    """Each adult there is asked; the children go with them."""
    contract = tenancies.find(work.transaction, content.tenancy or "")
    if contract is None or who.person_id not in ownerships.owners(work.transaction, contract.dwelling_id):
        return settle(work, row.intake_id, IntakeState.REFUSED, "not-theirs", who.person_id)
    if contract.state is not TenancyState.ACTIVE or _asked_already(work, contract):
        return settle(work, row.intake_id, IntakeState.REFUSED, "handed-in-twice", who.person_id)
    day = date.fromisoformat(content.day)
    if day >= contract.ends_on:
        return settle(work, row.intake_id, IntakeState.REFUSED, "over", who.person_id)
    standing = {
        each.person_id for each in rights.of_tenancy(work.transaction, contract.tenancy_id) if work.stands(each)
    }
    if not (adults := sorted(standing - who.minors)):
        return to_officer(work, row.intake_id, QueueKind.EARLY_END, who.person_id)
    under_way(work, row, who.person_id, None)
    return asking.everybody(work, contract, adults, (row.intake_id, who.person_id), day)


def _asked_already(work: Work, contract: TenancyRow) -> bool:
    about = asks.of_tenancy(work.transaction, contract.tenancy_id)
    return any(each.day is not None and not each.answer for each in about)


def agreed(work: Work, contract: TenancyRow, intake_id: str, day: date) -> None:
    """Everybody has said yes for themselves: it ends on that day."""
    ending.whole(work, contract.tenancy_id, day, ending.LEFT)
    tell(work, ownerships.owners(work.transaction, contract.dwelling_id), MessageKind.FLAT_TOLD)
    done(work, intake_id)


def dispute(work: Work, contract: TenancyRow, *, disputed: bool) -> None:
    """Somebody objects: the rights stay as they were until an officer has decided; or it is decided."""
    theirs = rights.of_tenancy(work.transaction, contract.tenancy_id)
    for each in theirs:
        if each.began_at is not None:
            rights.update(work.transaction, each, disputed=disputed)
    state = TenancyState.DISPUTED if disputed else TenancyState.ACTIVE
    tenancies.update(work.transaction, contract, state=state.value)
    if disputed:
        tell(work, (each.person_id for each in theirs), MessageKind.TENANCY_CHANGED, "disputed")
        tell(work, ownerships.owners(work.transaction, contract.dwelling_id), MessageKind.FLAT_TOLD)
