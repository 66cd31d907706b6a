"""Intakes that nobody decides: officers are told of a kiosk whose residents wait long, and in the end each is closed,
and who handed it in is told to ask. So nothing that is handed in stays undecided for ever, whoever sent it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from backend_client.contract.changes import Topic
from backend_client.contract.messages import MessageKind
from civic.slip_number import slip_number
from records.context import Records
from records.errors import IntakeUnreadableError
from records.rules.intakes import IntakeState
from records.services import device_alerts, messages
from records.services.declarants import person_of
from records.services.intake_opening import content_of
from records.services.tenancies import by_officer
from records.services.tenancies.work import begun
from records.store import audit, changes, intakes
from records.store.alerts import AlertKind
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.intakes import IntakeRow

_AT_ONCE: Final = 20


def look(records: Records) -> None:
    """Raise an alert, once a day, for each device of whose intakes one waits for longer than officers should need."""
    now = records.clock.now()
    with records.database.reading() as transaction:
        waiting = intakes.late(transaction, now - timedelta(days=records.settings.intakes.late_days))
    for device_id in waiting:
        with records.database.writing() as transaction:
            if device_alerts.once(records, transaction, AlertKind.INTAKES_LATE, device_id):
                facts = (("about", AlertKind.INTAKES_LATE.value),)
                audit.append(transaction, Deed(now, "alert-raised", device_id, facts=facts))


def lapse(records: Records, stop: Callable[[], bool] = lambda: False) -> None:
    """Close those whose time is over. PopulationAwayError: whose they are can't be asked now."""
    before = records.clock.now() - timedelta(days=records.settings.intakes.open_days)
    while not stop():
        with records.database.reading() as transaction:
            rows = intakes.long_open(transaction, before, _AT_ONCE)
        if not rows:
            break
        people = {row.intake_id: _person(records, row) for row in rows}  # it may be elsewhere: not while others wait
        with records.database.writing() as transaction:
            for row in rows:
                _close(records, transaction, row, people[row.intake_id])


def _person(records: Records, row: IntakeRow) -> str:
    try:
        return person_of(records, content_of(row).who)
    except IntakeUnreadableError:
        return ""  # closed all the same: nobody is left who could be told


def _close(records: Records, transaction: Transaction, row: IntakeRow, person_id: str) -> None:
    """Unless an officer was quicker."""
    now, state = records.clock.now(), IntakeState.LAPSED.value
    if not intakes.update(transaction, row, state=state, reason="", decided_at=now, person_id=person_id):
        return
    by_officer.lapsed(begun(records, transaction), row)
    person = records.keyed_hash("person", person_id) if person_id else ""
    facts = (("intake", row.intake_id), ("kind", row.kind.value))
    audit.append(transaction, Deed(now, "intake-lapsed", row.device_id, subject=person, facts=facts))
    changes.append(transaction, Topic.INTAKE, row.intake_id, {"state": state, "reason": ""}, at=now, only=row.device_id)
    ref = slip_number(UUID(row.intake_id))
    messages.append(records, transaction, person_id, MessageKind.INTAKE_DECIDED, ref=ref, state=state)
