"""Where gates stand: said by whoever runs the site, and told to the gate and to those that share holders with it."""

from dataclasses import replace
from typing import Final

from backend_client.contract.devices import DeviceKind
from backend_client.contract.gates import Door, DoorKind
from backend_client.contract.policy import Words
from records.context import Records
from records.errors import UnknownNameError
from records.services import devices as trust
from records.services.gates import peers
from records.store import audit, gate_doors, houses
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.gate_doors import DoorRow

_LONGEST_PLACE: Final = 8
_LONGEST_NAME: Final = 64


def assign(
    records: Records, called: str, kind: DoorKind, place: tuple[str, str] = ("", ""), *, face: bool, by: str = ""
) -> DoorRow:
    """Say where a gate stands. ``called``: its number or name; ``place``: building and unit of a unit's door; ``by``:
    which account of the console says it. UnknownNameError: no such gate, or no such unit in this community."""
    _require_place(kind, place)
    now = records.clock.now()
    with records.database.writing() as transaction:
        device = trust.find(transaction, called)
        if device.kind != DeviceKind.GATE or device.revoked_at is not None:
            raise UnknownNameError(f"{device.device_id} is no gate that is in use")
        _require_unit(transaction, kind, place)
        before = gate_doors.of_device(transaction, device.device_id)
        name = _named(device, kind, place)
        fresh = before or DoorRow(device.device_id, kind, name.zh, name.en, face, now)
        row = replace(
            fresh,
            kind=kind,
            building=place[0],
            unit=place[1],
            name_zh=name.zh,
            name_en=name.en,
            face=face,
            assigned_at=now,
        )
        gate_doors.put(transaction, row)
        facts = (("kind", kind.value), ("building", place[0]), ("unit", place[1]), ("face", face))
        said = (("officer", by), *facts) if by else facts
        audit.append(transaction, Deed(now, "gate-door-assigned", device.device_id, facts=said))
        peers.tell(records, transaction, row, *([before] if before is not None else []))
    return row


def every(records: Records) -> list[DoorRow]:
    """All doors of gates in use."""
    with records.database.reading() as transaction:
        return gate_doors.in_use(transaction)


def door_of(row: DoorRow) -> Door:
    """The door as its gate is told it."""
    return Door(
        id=row.device_id,
        name=Words(zh=row.name_zh, en=row.name_en),
        kind=row.kind,
        building=row.building,
        unit=row.unit,
        face=row.face,
    )


def _require_place(kind: DoorKind, place: tuple[str, str]) -> None:
    if kind is DoorKind.UNIT and not all(0 < len(each) <= _LONGEST_PLACE for each in place):
        raise UnknownNameError("a unit's door needs its building and its unit")
    if kind is DoorKind.COMPOUND and any(place):
        raise UnknownNameError("the community's gate has no building")


def _require_unit(transaction: Transaction, kind: DoorKind, place: tuple[str, str]) -> None:
    """A slip of the finger would leave a gate that nobody's right opens."""
    building, unit = place
    if kind is DoorKind.UNIT and not any(each.unit == unit for each in houses.doors(transaction, building)):
        raise UnknownNameError(f"no flat here has building {building}, unit {unit}: see the addresses")


def _named(device: DeviceRow, kind: DoorKind, place: tuple[str, str]) -> Words:
    """A unit's door by its unit; a community's gate, of which there are several, in the words it was enrolled by."""
    if kind is DoorKind.COMPOUND:
        return Words(zh=device.name[:_LONGEST_NAME], en=device.name[:_LONGEST_NAME])
    building, unit = place
    return Words(zh=f"{building}幢{unit}单元门", en=f"Building {building}, unit {unit}")
