"""What a second account agrees to, performed in the transaction in which it agrees."""

from datetime import date
from typing import Final

from records.context import Records
from records.rules.life_effects import EventKind
from records.services.approvals import Do
from records.services.life_events import effects, fitting, taking_back
from records.services.life_events.happening import Happening
from records.store import audit, life_events
from records.store.approvals import ApprovalRow, Matter
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.life_events import EventRow


def _performed(kind: EventKind) -> Do:
    def do(records: Records, transaction: Transaction, row: ApprovalRow, by: str) -> None:
        it = fitting.understood(records, transaction, row, by, kind)
        _note(it, "life-event")
        points = effects.open_points(it)
        life_events.add(transaction, _event(it), effects.perform(it), points)

    return do


def _take_back(records: Records, transaction: Transaction, row: ApprovalRow, by: str) -> None:
    it, event = taking_back.understood(records, transaction, row, by)
    _note(it, "life-event-taken-back")
    taking_back.take_back(it, event)


def _event(it: Happening) -> EventRow:
    return EventRow(
        event_id=life_events.next_id(it.transaction),
        person_id=it.person_id,
        kind=it.kind,
        since=date.fromisoformat(it.told["since"]),
        basis=it.told["basis"],
        document=it.told["document"],
        ticket=it.asked.ticket,
        at=it.records.clock.now(),
        asked_by=it.asked.asked_by,
        approved_by=it.by,
    )


def _note(it: Happening, action: str) -> None:
    facts = (
        ("officer", it.by),
        ("asked_by", it.asked.asked_by),
        ("ticket", it.asked.ticket),
        ("matter", it.kind.value),
    )
    about = it.records.keyed_hash("person", it.person_id)
    audit.append(it.transaction, Deed(it.records.clock.now(), action, subject=about, facts=facts))


DO: Final[dict[Matter, Do]] = {Matter(kind.value): _performed(kind) for kind in EventKind} | {
    Matter.LIFE_TAKEN_BACK: _take_back
}
