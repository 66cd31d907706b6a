"""Devices, and the one-time codes that enrol them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend_client.contract.devices import DeviceKind
from records.store.database import Transaction
from records.store.rows import add, as_record, columns, of_community
from records.store.tables.keeping import devices, enrolment_codes


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """An enrolled device. ``number`` stands in the serials of its papers."""

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


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A one-time code, by its hash."""

    code_hash: str
    kind: DeviceKind
    name: str
    expires_at: datetime
    used_at: datetime | None = None
    device_id: str = ""


def enrol(transaction: Transaction, device: DeviceRow) -> None:
    """Remember a new device."""
    add(transaction, devices, device)


def by_certificate(transaction: Transaction, serial: str) -> DeviceRow | None:
    """The device whose present certificate has this serial number."""
    return _one(transaction, devices.c.certificate_serial == serial)


def by_id(transaction: Transaction, device_id: str) -> DeviceRow | None:
    """The device of that number."""
    return _one(transaction, devices.c.device_id == device_id)


def every(transaction: Transaction) -> list[DeviceRow]:
    """All devices, in the order of their enrolment."""
    query = columns(devices, DeviceRow).where(of_community(devices, transaction)).order_by(devices.c.number)
    return [DeviceRow(*row) for row in transaction.connection.execute(query)]


def revoke(transaction: Transaction, device_id: str, now: datetime) -> None:
    """From now on the device is refused."""
    mine = (of_community(devices, transaction), devices.c.device_id == device_id)
    transaction.connection.execute(sa.update(devices).where(*mine).values(revoked_at=now))


def seen(transaction: Transaction, device_id: str, now: datetime, state: str) -> None:
    """Keep the last heartbeat."""
    mine = (of_community(devices, transaction), devices.c.device_id == device_id)
    transaction.connection.execute(sa.update(devices).where(*mine).values(last_seen_at=now, last_state=state))


def add_code(transaction: Transaction, code: CodeRow) -> None:
    """Remember a one-time code."""
    add(transaction, enrolment_codes, code)


def find_code(transaction: Transaction, code_hash: str, now: datetime) -> CodeRow | None:
    """A code that is still in time, used or not."""
    mine = (*_code(transaction, code_hash), enrolment_codes.c.expires_at > now)
    return as_record(CodeRow, transaction.connection.execute(columns(enrolment_codes, CodeRow).where(*mine)).first())


def use_code(transaction: Transaction, code_hash: str, now: datetime, device_id: str) -> None:
    """Remember which device a code enrolled."""
    used = sa.update(enrolment_codes).where(*_code(transaction, code_hash))
    transaction.connection.execute(used.values(used_at=now, device_id=device_id))


def _code(transaction: Transaction, code_hash: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (of_community(enrolment_codes, transaction), enrolment_codes.c.code_hash == code_hash)


def _one(transaction: Transaction, condition: sa.ColumnElement[bool]) -> DeviceRow | None:
    query = columns(devices, DeviceRow).where(of_community(devices, transaction), condition)
    return as_record(DeviceRow, transaction.connection.execute(query).first())
