"""Somebody at a kiosk calls for help: kept once, shown at every console at once, seen by a named officer."""

from datetime import datetime

from backend_client.contract.alarms import Alarm, AlarmState
from backend_client.contract.base import ProblemCode
from records.context import Records
from records.errors import RefusedError
from records.rules.roles import Right
from records.services.duty import officer_on_duty
from records.services.officers import note
from records.services.sessions import Session
from records.store import alarms, audit
from records.store.alarms import AlarmRow
from records.store.audit import Deed
from records.store.devices import DeviceRow


def raise_alarm(records: Records, device: DeviceRow, alarm: Alarm) -> AlarmState:
    """Keep it. The same number again is the same alarm; another device's is refused (not-permitted)."""
    now, watched = records.clock.now(), officer_on_duty(records)
    stated = AlarmRow(str(alarm.id), device.device_id, alarm.at, now, alarm.test, watched)
    with records.database.writing(urgent=True) as transaction:
        kept = alarms.raised(transaction, stated)
        if kept.device_id != device.device_id:
            raise RefusedError(ProblemCode.NOT_PERMITTED)
        if kept is stated:
            facts = (("test", alarm.test), ("watched", watched))
            audit.append(transaction, Deed(now, "alarm-raised", device.device_id, facts=facts))
    return _state(kept, now, watched=watched)


def state(records: Records, device: DeviceRow, alarm_id: str) -> AlarmState:
    """How far it is; another device's alarm does not exist for this one (not-found)."""
    with records.database.reading() as transaction:
        row = alarms.find(transaction, alarm_id)
    if row is None or row.device_id != device.device_id:
        raise RefusedError(ProblemCode.NOT_FOUND)
    return _state(row, records.clock.now(), watched=officer_on_duty(records))


def see(records: Records, session: Session, alarm_id: str) -> None:
    """This officer has seen it and sees to it; of two, the first one's name stays."""
    session.needs(Right.DUTY)
    who = session.officer.officer_id
    with records.database.writing() as transaction:
        if alarms.see(transaction, alarm_id, who, records.clock.now()):
            note(records, transaction, "alarm-seen", who, alarm=alarm_id)


def _state(row: AlarmRow, now: datetime, *, watched: bool) -> AlarmState:
    return AlarmState.model_validate(
        {"server_time": now, "id": row.alarm_id, "watched": watched, "seen_at": row.seen_at}
    )
