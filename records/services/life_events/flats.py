"""Rights to flats when somebody dies: theirs end, the others' stay to the contract's day; taken back, as they were."""

from typing import Any

from backend_client.contract.tenancies import AskKind
from records.rules.tenancies import QueueKind
from records.services.gates import deriving
from records.services.life_events.happening import Earlier, Happening
from records.services.tenancies import answering, beginning, ending
from records.services.tenancies.work import Work, begun, to_officer
from records.store import asks, ownerships, rights, tenancies
from records.store.asks import Answer, AskRow
from records.store.rights import RightRow


def end(it: Happening) -> Earlier:
    """All that stand or wait, and what waits for an answer of theirs: others decide it, or an officer does."""
    work = begun(it.records, it.transaction)
    asked = asks.open_of_person(it.transaction, it.person_id)
    for each in asked:
        asks.answer(it.transaction, each.ask_id, Answer.MOOT, work.now)
    theirs = [each for each in rights.of_person(it.transaction, it.person_id) if each.ended_at is None]
    others = _brought(work, asked)
    for right in (*theirs, *others):
        why = ending.GONE if right.person_id == it.person_id else ending.REFUSED
        rights.update(it.transaction, right, ended_at=work.now, ended_why=why)
    deriving.renew(it.records, it.transaction, (it.person_id,))
    _go_on_without(work, it.person_id, asked)
    ended = [(each.right_id, each.revision) for each in (*theirs, *others)]
    return {"flats": {"rights": ended, "asks": [each.ask_id for each in asked]}}


def _brought(work: Work, asked: tuple[AskRow, ...]) -> list[RightRow]:
    """Those that wait for a tenant's yes which nobody can give any more."""
    ids = {each.right_id for each in asked if each.kind is AskKind.OCCUPANT}
    found = (rights.find(work.transaction, each) for each in sorted(ids))
    return [each for each in found if each is not None and each.ended_at is None]


def _go_on_without(work: Work, person_id: str, asked: tuple[AskRow, ...]) -> None:
    """What only they could have answered goes before an officer; an early end to which all others agreed comes."""
    for each in asked:
        if each.kind is AskKind.OCCUPANT:
            to_officer(work, each.intake_id, QueueKind.TENANT_GONE)
        elif each.kind is AskKind.EARLY_END:
            answering.end_if_agreed(work, each)
    for dwelling_id in ownerships.flats_of(work.transaction, person_id):
        if not ownerships.owners(work.transaction, dwelling_id):
            for contract in tenancies.pending_of(work.transaction, dwelling_id):
                beginning.before_officer(work, contract, QueueKind.NEW_WITHOUT_LANDLORD)


def put_back(it: Happening, before: dict[str, Any]) -> None:
    """What ended by the mistake alone."""
    for right_id, revision in before["rights"]:
        rights.begin_again(it.transaction, right_id, revision)
    for ask_id in before["asks"]:
        asks.open_again(it.transaction, ask_id)
    deriving.renew(it.records, it.transaction, (it.person_id,))
