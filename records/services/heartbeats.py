"""How machines are: what their heartbeats tell, and what somebody should know of it.

A device's own audit is followed by its length and its newest hash. Records countersign nothing yet: they only notice
when what they heard does not fit together, and say so once; then they follow the chain that is there.
"""

import json
from datetime import datetime, timedelta
from typing import Final

from backend_client.contract.base import ProblemCode
from backend_client.contract.devices import HEARTBEAT_S, Heartbeat, HeartbeatAnswer
from records.context import Records
from records.errors import RefusedError
from records.services import device_alerts, policy
from records.services.duty import officer_on_duty
from records.store import audit, devices
from records.store.alerts import AlertKind
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow

SILENT_AFTER: Final = timedelta(seconds=3 * HEARTBEAT_S)
ENDING_WITHIN: Final = timedelta(days=7)
CLOSED_TOO_LONG: Final = timedelta(hours=72)
_LATE_WITHIN: Final = timedelta(minutes=1)  # a heartbeat that another one overtook


def heartbeat(records: Records, device: DeviceRow, state: Heartbeat) -> HeartbeatAnswer:
    """Remember how the device is. Refused, once: audit-fork."""
    now = records.clock.now()
    with records.database.writing() as transaction:
        before = devices.by_id(transaction, device.device_id) or device
        forked = False
        if not _overtaken(before, state):
            forked = _forked(before, state)
            _remember(transaction, before, state, now)
            _warn(records, transaction, before, closed=bool(state.out_of_service))
        if forked:
            _report_fork(records, transaction, before, state)
    if forked:
        raise RefusedError(ProblemCode.AUDIT_FORK)
    version = policy.current(records).version
    return HeartbeatAnswer(server_time=now, policy_version=version, officer_on_duty=officer_on_duty(records))


def last_state(device: DeviceRow) -> Heartbeat | None:
    """What its last heartbeat said; None: it was never heard, or an earlier release wrote it otherwise."""
    try:
        return Heartbeat.model_validate_json(device.last_state)
    except ValueError:
        return None


def look_at_all(records: Records) -> None:
    """Raise what only time brings: certificates that end, machines that stay out of service. Now and then."""
    with records.database.writing() as transaction:
        for device in devices.every(transaction):
            if device.revoked_at is None:
                _warn(records, transaction, device, closed=device.closed_since is not None)


def _overtaken(before: DeviceRow, state: Heartbeat) -> bool:
    """Whether it was sent just before the one that came last: its network kept it waiting."""
    last = last_state(before)
    return last is not None and timedelta(0) < last.at - state.at < _LATE_WITHIN


def _forked(before: DeviceRow, state: Heartbeat) -> bool:
    """Whether this can't be the chain that was heard of: it became shorter, or the same row is another one."""
    if not state.audit_head or not before.audit_head:
        return False
    shorter = state.audit_rows < before.audit_rows
    return shorter or (state.audit_rows == before.audit_rows and state.audit_head != before.audit_head)


def _remember(transaction: Transaction, before: DeviceRow, state: Heartbeat, now: datetime) -> None:
    values = {"last_seen_at": now, "last_state": json.dumps(state.model_dump(mode="json"), sort_keys=True)}
    chain = {"audit_rows": state.audit_rows, "audit_head": state.audit_head} if state.audit_head else {}
    closed_since = (before.closed_since or now) if state.out_of_service else None
    devices.update(transaction, before.device_id, **values, **chain, closed_since=closed_since)


def _warn(records: Records, transaction: Transaction, device: DeviceRow, *, closed: bool) -> None:
    now = records.clock.now()
    if device.certificate_until - now < ENDING_WITHIN:
        _say(records, transaction, AlertKind.CERTIFICATE_ENDING, device)
    if closed and device.closed_since is not None and now - device.closed_since > CLOSED_TOO_LONG:
        _say(records, transaction, AlertKind.OUT_OF_SERVICE, device)


def _say(records: Records, transaction: Transaction, kind: AlertKind, device: DeviceRow) -> None:
    if device_alerts.once(records, transaction, kind, device.device_id):
        deed = Deed(records.clock.now(), "alert-raised", device.device_id, facts=(("about", kind.value),))
        audit.append(transaction, deed)


def _report_fork(records: Records, transaction: Transaction, before: DeviceRow, state: Heartbeat) -> None:
    now = records.clock.now()
    devices.update(transaction, before.device_id, forked_at=now)
    if not device_alerts.again(records, transaction, AlertKind.AUDIT_FORK, before.device_id):
        return
    facts = (
        ("had", before.audit_rows),
        ("head", before.audit_head),
        ("has", state.audit_rows),
        ("now", state.audit_head),
    )
    audit.append(transaction, Deed(now, "audit-fork", before.device_id, facts=facts))
