"""Devices: who they are, which certificates they hold, and how they were when they were last heard."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend_client.contract.devices import DeviceKind
from records.store.database import Transaction
from records.store.rows import add, as_record, columns, of_community
from records.store.tables.devices import devices


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """An enrolled device. ``number`` stands in the serials of its papers; ``next_*``: a certificate that was issued and
    is not used yet; ``former_serial``: of the one that the present certificate replaced."""

    device_id: str
    number: int
    kind: DeviceKind
    name: str
    certificate_serial: str
    certificate_until: datetime
    certificate_pem: str
    enrolled_at: datetime
    revoked_at: datetime | None = None
    last_seen_at: datetime | None = None
    last_state: str = ""
    next_serial: str = ""
    next_until: datetime | None = None
    next_pem: str = ""
    former_serial: str = ""
    renewed_at: datetime | None = None
    revoked_reason: str = ""
    closed_since: datetime | None = None
    audit_rows: int = 0
    audit_head: str = ""
    forked_at: datetime | None = None


def enrol(transaction: Transaction, device: DeviceRow) -> None:
    """Remember a new device."""
    add(transaction, devices, device)


def by_certificate(transaction: Transaction, serial: str) -> DeviceRow | None:
    """The device whose certificate has this serial number: the present one, the next one, or the one before."""
    return _found(transaction, _BY_CERTIFICATE, serial) if serial else None


def by_id(transaction: Transaction, device_id: str) -> DeviceRow | None:
    """The device of that number."""
    return _found(transaction, _BY_ID, device_id)


def every(transaction: Transaction) -> list[DeviceRow]:
    """All devices, in the order of their enrolment."""
    query = columns(devices, DeviceRow).where(of_community(devices, transaction)).order_by(devices.c.number)
    return [DeviceRow(*row) for row in transaction.connection.execute(query)]


def update(transaction: Transaction, device_id: str, **values: Any) -> None:  # noqa: ANN401 - columns
    """Change some columns."""
    mine = (of_community(devices, transaction), devices.c.device_id == device_id)
    transaction.connection.execute(sa.update(devices).where(*mine).values(**values))


def adopt_next(transaction: Transaction, device: DeviceRow, now: datetime) -> None:
    """From now on the next certificate is the present one, and the present one is no more."""
    update(
        transaction,
        device.device_id,
        certificate_serial=device.next_serial,
        certificate_until=device.next_until,
        certificate_pem=device.next_pem,
        former_serial=device.certificate_serial,
        renewed_at=now,
        next_serial="",
        next_until=None,
        next_pem="",
    )


def _found(transaction: Transaction, query: sa.Select[Any], sought: str) -> DeviceRow | None:
    values = {"community": transaction.community, "sought": sought}
    return as_record(DeviceRow, transaction.connection.execute(query, values).first())


# built once: every request asks for its device
_SOUGHT: sa.BindParameter[str] = sa.bindparam("sought")
_MINE = columns(devices, DeviceRow).where(devices.c.community_id == sa.bindparam("community"))
_CERTIFICATES = (devices.c.certificate_serial, devices.c.next_serial, devices.c.former_serial)
_BY_CERTIFICATE = _MINE.where(sa.or_(*(each == _SOUGHT for each in _CERTIFICATES)))
_BY_ID = _MINE.where(devices.c.device_id == _SOUGHT)
