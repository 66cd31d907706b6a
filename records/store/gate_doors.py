"""Where gates stand, which doors are a person's, and what gates hear of each other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend_client.contract.gates import DoorKind
from records.store.database import Transaction
from records.store.rows import add, columns, of_community
from records.store.tables.devices import devices
from records.store.tables.gates import gate_doors


@dataclass(frozen=True, slots=True)
class DoorRow:
    """The door of a gate. ``building``, ``unit``: of a unit's door. ``key``, ``key_signature``, ``key_certificate``,
    ``address``: the gate's part of a Peer, empty until it has told them."""

    device_id: str
    kind: DoorKind
    name_zh: str
    name_en: str
    face: bool
    assigned_at: datetime
    building: str = ""
    unit: str = ""
    key: str = ""
    key_signature: str = ""
    key_certificate: str = ""
    address: str = ""

    def opens_to(self, building: str, unit: str) -> bool:
        """Whether a right to a flat there opens it."""
        return self.kind is DoorKind.COMPOUND or (self.building, self.unit) == (building, unit)

    def shares_with(self, other: "DoorRow") -> bool:
        """Whether somebody may have a right to both."""
        return other.kind is DoorKind.COMPOUND or self.opens_to(other.building, other.unit)


def of_device(transaction: Transaction, device_id: str) -> DoorRow | None:
    """The door of a gate; None: nobody said where it stands."""
    found = _some(transaction, gate_doors.c.device_id == device_id)
    return found[0] if found else None


def in_use(transaction: Transaction) -> list[DoorRow]:
    """The doors of all gates that are not revoked, by their device's number."""
    theirs = (devices.c.community_id == gate_doors.c.community_id, devices.c.device_id == gate_doors.c.device_id)
    return _some(transaction, sa.exists().where(*theirs, devices.c.revoked_at.is_(None)))


def put(transaction: Transaction, row: DoorRow) -> None:
    """Say where a gate stands, in place of what was said before."""
    mine = (of_community(gate_doors, transaction), gate_doors.c.device_id == row.device_id)
    transaction.connection.execute(sa.delete(gate_doors).where(*mine))
    add(transaction, gate_doors, row)


def _some(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> list[DoorRow]:
    query = columns(gate_doors, DoorRow).where(of_community(gate_doors, transaction), *conditions)
    return [_door(row) for row in transaction.connection.execute(query.order_by(gate_doors.c.device_id))]


def _door(row: sa.Row[Any]) -> DoorRow:
    values = row._asdict()
    return DoorRow(**{**values, "kind": DoorKind(values["kind"])})
