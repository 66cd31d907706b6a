"""Whether a device is welcome: asked at each request, from the database. A new certificate, and the end of all of them.

A device may hold two certificates: the present one, and the next from when it is issued until it is used. Its first use
makes it the present one, and the other is refused from then on. Who comes with that one afterwards holds a copy.
"""

from datetime import datetime, timedelta
from typing import Final

from backend_client.contract.base import ProblemCode
from backend_client.contract.changes import Topic
from backend_client.contract.devices import Enrolled, Renewal
from records.context import Records
from records.errors import RefusedError, UnknownNameError
from records.keys import pem
from records.services import device_alerts, device_keys, papers
from records.services.gates import peers
from records.store import audit, changes, devices
from records.store.alerts import AlertKind
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.tls import Peer, serial_text

_ON_ITS_WAY: Final = timedelta(minutes=1)


def authenticate(records: Records, peer: Peer | None) -> DeviceRow:
    """The device at the other end: its certificate must be the one issued to it last, and not revoked."""
    if peer is None:
        raise RefusedError(ProblemCode.CERTIFICATE_UNKNOWN)
    with records.database.reading(once=True) as transaction:
        device = devices.by_certificate(transaction, peer.serial)
    if device is None or device.device_id != peer.device_id:
        raise RefusedError(ProblemCode.CERTIFICATE_UNKNOWN)
    if device.revoked_at is not None:  # whichever of its certificates: it is to know, and to forget
        raise RefusedError(ProblemCode.DEVICE_REVOKED)
    if peer.serial == device.former_serial:
        _report_former(records, device)
        raise RefusedError(ProblemCode.CERTIFICATE_UNKNOWN)
    _require_lasting(_end_of(device, peer.serial), records.clock.now())
    return device if peer.serial == device.certificate_serial else _adopted(records, device, peer.serial)


def renew(records: Records, device: DeviceRow, request: Renewal) -> Enrolled:
    """The next certificate, for a new key; asked for again with the same key, the same. Refused: validation."""
    key = device_keys.requested_key(request.csr_pem)
    now = records.clock.now()
    with records.database.writing() as transaction:
        held = _still_welcome(transaction, device)
        if device_keys.certified(held.certificate_pem, key):
            raise RefusedError(ProblemCode.VALIDATION, "csr_pem: a new key is needed")
        if held.next_pem and device_keys.certified(held.next_pem, key):
            return device_keys.enrolled(records, held, held.next_pem)
        made = device_keys.issue(records, held.device_id, key, now)
        following = {"next_serial": serial_text(made.serial_number), "next_until": made.not_valid_after_utc}
        devices.update(transaction, held.device_id, **following, next_pem=pem(made))
        audit.append(transaction, Deed(now, "certificate-issued", held.device_id))
    return device_keys.enrolled(records, held, pem(made))


def find(transaction: Transaction, name: str) -> DeviceRow:
    """The one device of that number or name. UnknownNameError: there is none, or several."""
    found = [each for each in devices.every(transaction) if name in {each.device_id, each.name}]
    if not found:
        raise UnknownNameError(f"no device is called {name}; see: records devices")
    if len(found) > 1:
        raise UnknownNameError(f"{len(found)} devices are called {name}; use the number of one of them")
    return found[0]


def revoke(records: Records, name: str, reason: str = "", by: str = "") -> DeviceRow:
    """Refuse a device from now on, by its number or its name, and void the serials it left open. Once is enough."""
    now = records.clock.now()
    with records.database.writing() as transaction:
        device = find(transaction, name)
        if device.revoked_at is not None:
            return device
        devices.update(transaction, device.device_id, revoked_at=now, revoked_reason=reason)
        facts = tuple((each, said) for each, said in (("reason", reason), ("by", by)) if said)
        audit.append(transaction, Deed(now, "device-revoked", device.device_id, facts=facts))
        changes.append(transaction, Topic.DEVICE, device.device_id, at=now, only=device.device_id)
        peers.put_out(records, transaction, device.device_id)
        papers.void_open_of(records, transaction, device.device_id)
    return device


def _end_of(device: DeviceRow, serial: str) -> datetime | None:
    return device.next_until if serial == device.next_serial else device.certificate_until


def _require_lasting(until: datetime | None, now: datetime) -> None:
    if until is None or until <= now:
        raise RefusedError(ProblemCode.CERTIFICATE_UNKNOWN)


def _still_welcome(transaction: Transaction, device: DeviceRow) -> DeviceRow:
    """The device as it is in this transaction: what it was let in by may have ended meanwhile."""
    held = devices.by_id(transaction, device.device_id)
    if held is None or held.certificate_serial != device.certificate_serial:
        raise RefusedError(ProblemCode.CERTIFICATE_UNKNOWN)
    if held.revoked_at is not None:
        raise RefusedError(ProblemCode.DEVICE_REVOKED)
    return held


def _adopted(records: Records, device: DeviceRow, serial: str) -> DeviceRow:
    """The first use of the next certificate."""
    with records.database.writing() as transaction:
        held = devices.by_id(transaction, device.device_id)
        if held is not None and held.next_serial == serial:
            devices.adopt_next(transaction, held, records.clock.now())
            audit.append(transaction, Deed(records.clock.now(), "certificate-renewed", held.device_id))
            held = devices.by_id(transaction, device.device_id)
    if held is None or held.certificate_serial != serial:
        raise RefusedError(ProblemCode.CERTIFICATE_UNKNOWN)
    return held


def _report_former(records: Records, device: DeviceRow) -> None:
    """But for what was on its way when the next one was used: that is the device itself."""
    now = records.clock.now()
    if device.renewed_at is not None and now - device.renewed_at < _ON_ITS_WAY:
        return
    with records.database.writing() as transaction:
        if device_alerts.again(records, transaction, AlertKind.FORMER_CERTIFICATE, device.device_id):
            audit.append(transaction, Deed(now, "former-certificate", device.device_id))
