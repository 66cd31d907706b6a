"""Gates as an administrator sees them: where each stands, how it is, how many rights it is to hold and says it holds.

Counts alone: whose rights they are stands on no page about machines.
"""

from dataclasses import dataclass

from backend_client.contract.devices import DeviceKind
from backend_client.contract.gates import DoorKind
from records.context import Records
from records.rules.periods import bureau_time
from records.rules.roles import Right
from records.services import device_views
from records.services.device_views import DeviceState, DeviceView
from records.services.gates import doors
from records.services.sessions import Session
from records.store import gate_doors, grants
from records.store.gate_doors import DoorRow


@dataclass(frozen=True, slots=True)
class GateView:
    """One gate. ``door``: None, nobody has said where it stands; ``due``: how many rights it is to hold now; ``held``:
    how many it said, None: it did not."""

    device: DeviceView
    door: DoorRow | None
    due: int
    held: int | None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a gate is to stand. ``face``: whether it may compare one, where its policy and its gallery allow it."""

    kind: DoorKind
    building: str
    unit: str
    face: bool


def every(records: Records, session: Session) -> list[GateView]:
    """All gates in use."""
    session.needs(Right.DEVICES)
    return [_view(records, each) for each in device_views.every(records) if _in_use(each)]


def find(records: Records, session: Session, device_id: str) -> GateView | None:
    """One of them."""
    session.needs(Right.DEVICES)
    found = device_views.find(records, device_id)
    return _view(records, found) if found is not None and _in_use(found) else None


def place(records: Records, session: Session, device_id: str, placed: Placed) -> None:
    """Say where it stands. UnknownNameError: no such gate, or no such unit here."""
    session.needs(Right.ADMISSION)
    where = (placed.building, placed.unit) if placed.kind is DoorKind.UNIT else ("", "")
    doors.assign(records, device_id, placed.kind, where, face=placed.face, by=session.officer.officer_id)


def _in_use(view: DeviceView) -> bool:
    return view.row.kind == DeviceKind.GATE and view.state is not DeviceState.REVOKED


def _view(records: Records, device: DeviceView) -> GateView:
    today = bureau_time(records.clock.now()).date()
    with records.database.reading() as transaction:
        door = gate_doors.of_device(transaction, device.row.device_id)
        due = len(grants.of_door(transaction, door, today)) if door is not None else 0
    return GateView(device, door, due, device.told.grants if device.told is not None else None)
