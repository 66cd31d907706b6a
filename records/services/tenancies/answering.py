"""Somebody answers what was asked of them: what their yes does, and what their no."""

from datetime import date

from backend_client.contract.messages import MessageKind
from backend_client.contract.tenancies import AskKind, RightKind
from records.rules.tenancies import QueueKind, TenancyState
from records.services.tenancies import asking, beginning, ending, leaving
from records.services.tenancies.work import Work, done, note, tell, to_officer
from records.store import asks, ownerships, rights, tenancies
from records.store.asks import Answer, AskRow
from records.store.rights import RightRow
from records.store.tenancies import TenancyRow


def given(work: Work, row: AskRow, said: Answer) -> bool:
    """Do what an answer does. False: it was answered before, its matter is over, or it is theirs no more."""
    contract = tenancies.find(work.transaction, row.tenancy_id) if row.tenancy_id else None
    if not _theirs(work, row, contract, said):
        return False
    if not asks.answer(work.transaction, row.ask_id, said, work.now):
        return False
    note(work, "tenancy-answered", row.asked_of, ask=row.ask_id, kind=row.kind.value, answer=said.value)
    if row.kind in (AskKind.TENANCY, AskKind.RENEWAL) and contract is not None:
        _of_landlord(work, contract, row, said)
    elif row.kind is AskKind.EARLY_END and contract is not None:
        _of_early_end(work, contract, row, said)
    else:
        _of_mover(work, row, said)
    return True


def _theirs(work: Work, row: AskRow, contract: TenancyRow | None, said: Answer) -> bool:
    """Whether it is still for them to answer: a landlord who has sold says nothing any more, nor does a tenant who has
    left, or somebody for those who live where they lived. A no of one's own is always taken."""
    match row.kind:
        case AskKind.TENANCY | AskKind.RENEWAL:
            owners = ownerships.owners(work.transaction, contract.dwelling_id) if contract else ()
            return contract is not None and _pending(contract) and row.asked_of in owners
        case AskKind.OCCUPANT:
            return any(each.kind is RightKind.TENANT for each in _standing(work, row))
        case AskKind.EARLY_END:
            return bool(_standing(work, row))
        case _:
            return said is Answer.NO or _still_comes(work, row)


def _still_comes(work: Work, row: AskRow) -> bool:
    """Whether whoever has somebody come still lives there: nobody comes by the word of a tenant, or of an owner, who is
    gone. What a contract is to give that waits itself is looked at when it begins."""
    right = rights.find(work.transaction, row.right_id)
    if right is None:
        return False
    contract = tenancies.find(work.transaction, right.tenancy_id) if right.tenancy_id else None
    if contract is not None and _pending(contract):
        return True
    by = RightKind.TENANT if right.tenancy_id else RightKind.OWNER
    there = rights.of_dwelling(work.transaction, right.dwelling_id)
    return any(each.kind is by and each.tenancy_id == right.tenancy_id and work.stands(each) for each in there)


def _standing(work: Work, row: AskRow) -> list[RightRow]:
    """The rights of whoever was asked, by the tenancy that it is about; of somebody who is to come, by the one that
    they would come by now."""
    right = rights.find(work.transaction, row.right_id) if row.right_id else None
    about = right.tenancy_id if right is not None else row.tenancy_id
    theirs = rights.of_tenancy(work.transaction, about) if about else ()
    return [each for each in theirs if each.person_id == row.asked_of and work.stands(each)]


def _pending(contract: TenancyRow) -> bool:
    return contract.state is TenancyState.PENDING


def _of_landlord(work: Work, contract: TenancyRow, row: AskRow, said: Answer) -> None:
    """Any one owner's yes. A no to a renewal goes before an officer, and the old right stays to its day; a new one
    does once every owner has said no."""
    if said is Answer.YES:
        beginning.tenancy(work, contract)
    elif row.kind is AskKind.RENEWAL:
        beginning.before_officer(work, contract, QueueKind.OBJECTION)
        tell(work, (contract.tenant_id,), MessageKind.TENANCY_CHANGED)
    elif not _waiting(asks.of_tenancy(work.transaction, contract.tenancy_id)):
        beginning.before_officer(work, contract, QueueKind.NEW_WITHOUT_LANDLORD)


def _of_early_end(work: Work, contract: TenancyRow, row: AskRow, said: Answer) -> None:
    """Everybody for themselves: a yes ends one's own right, a no leaves all others as they were."""
    day = row.day or contract.ends_on
    mine = [each for each in rights.of_tenancy(work.transaction, row.tenancy_id) if each.person_id == row.asked_of]
    if said is Answer.NO:
        leaving.dispute(work, contract, disputed=True)
        to_officer(work, row.intake_id, QueueKind.OBJECTION)
        return
    for each in mine:
        ending.at(work, each, day, ending.LEFT)
    end_if_agreed(work, row)


def end_if_agreed(work: Work, row: AskRow) -> None:
    """An early end comes once everybody who is still there has said yes; where nobody ever did, an officer decides."""
    same = [each for each in asks.of_intake(work.transaction, row.intake_id) if each.kind is AskKind.EARLY_END]
    agreed = [each for each in same if each.answer is Answer.YES]
    if any(each not in agreed and _standing(work, each) for each in same):
        return
    if agreed:
        _all_agreed(work, row, row.day or work.today)
    else:
        to_officer(work, row.intake_id, QueueKind.EARLY_END)


def _all_agreed(work: Work, row: AskRow, day: date) -> None:
    """Who came after the others were asked has given nothing up: then an officer decides."""
    there = rights.of_tenancy(work.transaction, row.tenancy_id)
    contract = tenancies.find(work.transaction, row.tenancy_id)
    if contract is None or any(each.began_at is not None and each.began_at > row.at for each in there):
        to_officer(work, row.intake_id, QueueKind.EARLY_END)
    else:
        leaving.agreed(work, contract, row.intake_id, day)


def _of_mover(work: Work, row: AskRow, said: Answer) -> None:
    """Of a right that waits for its holder, or for the tenant there."""
    right = rights.find(work.transaction, row.right_id)
    if right is None or right.ended_at is not None:
        return
    if said is Answer.YES:
        if beginning.begin(work, right):
            tell(work, (right.person_id,), MessageKind.TENANCY_CHANGED, "began")
    else:
        ending.now(work, right, ending.REFUSED)
        same = (each for each in asks.of_intake(work.transaction, row.intake_id) if each.right_id == row.right_id)
        asking.close(work, same)
    finish(work, row.intake_id)


def finish(work: Work, intake_id: str) -> None:
    """What brought somebody along is done once nobody has to answer any more."""
    if _waiting(asks.of_intake(work.transaction, intake_id)):
        return
    contract = tenancies.of_intake(work.transaction, intake_id)
    if contract is None or not _pending(contract):
        done(work, intake_id)


def withdraw(work: Work, contract: TenancyRow, why: str) -> None:
    """A contract comes to nothing, and its tenant is told."""
    undo(work, contract, why)
    tell(work, (contract.tenant_id,), MessageKind.TENANCY_CHANGED, "refused")


def undo(work: Work, contract: TenancyRow, why: str) -> None:
    """What a contract was to give never begins, and what there was before stays to its day."""
    asking.close(work, asks.of_tenancy(work.transaction, contract.tenancy_id))
    for each in rights.of_tenancy(work.transaction, contract.tenancy_id):
        if each.began_at is None:
            ending.now(work, each, why)
    if contract.renews:
        beginning.hold(work, contract.renews, None)
    values = {"state": TenancyState.ENDED.value, "ended_at": work.now, "ended_why": why}
    tenancies.update(work.transaction, contract, **values)


def _waiting(rows: tuple[AskRow, ...]) -> bool:
    return any(not each.answer for each in rows)
