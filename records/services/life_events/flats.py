"""Rights to flats when somebody dies: theirs end, the others' stay to the contract's day; taken back, as they were."""

from typing import Any

from records.services.gates import deriving
from records.services.life_events.happening import Earlier, Happening
from records.services.tenancies import ending
from records.store import asks, rights
from records.store.asks import Answer


def end(it: Happening) -> Earlier:
    """All that stand or wait, and what waits for an answer of theirs."""
    now = it.records.clock.now()
    held = [each for each in rights.of_person(it.transaction, it.person_id) if each.ended_at is None]
    for each in held:
        rights.update(it.transaction, each, ended_at=now, ended_why=ending.GONE)
    asked = [each.ask_id for each in asks.open_of_person(it.transaction, it.person_id)]
    for ask_id in asked:
        asks.answer(it.transaction, ask_id, Answer.MOOT, now)
    deriving.renew(it.records, it.transaction, (it.person_id,))
    return {"flats": {"rights": [(each.right_id, each.revision) for each in held], "asks": asked}}


def put_back(it: Happening, before: dict[str, Any]) -> None:
    """What ended by the mistake alone."""
    for right_id, revision in before["rights"]:
        rights.begin_again(it.transaction, right_id, revision)
    for ask_id in before["asks"]:
        asks.open_again(it.transaction, ask_id)
    deriving.renew(it.records, it.transaction, (it.person_id,))
