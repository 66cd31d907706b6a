"""What gates report: that a way has opened for the first time, that a code was shown twice, that a face's template was
made, and that it is gone. Each is known again by its id.

A gate is believed only about ways that its own door opens to. That a template is gone counts only when the gate has
signed it: that is the receipt which the face's owner gets.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from backend_client.contract.base import ServerTime
from backend_client.contract.gates import GateReport, GateReports, ReportKind, report_statement
from backend_client.contract.messages import MessageKind
from backend_client.contract.tenancies import WayKind
from records.context import Records
from records.services import device_alerts, messages
from records.services.gates import deriving, in_force, peers
from records.store import audit, gate_doors, grants, holders
from records.store import slips as stored
from records.store import ways as stored_ways
from records.store.alerts import AlertKind
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.slips import ReportRow
from records.store.ways import Ended, WayRow

_AT_ONCE: Final = 50  # reports in one transaction
_LONGEST_DOOR: Final = 32  # characters of a message
_CODES: Final = frozenset({WayKind.SLIP, WayKind.GUEST})


@dataclass(frozen=True, slots=True)
class _Told:
    """One report, that is new, and the way that it is about."""

    records: Records
    transaction: Transaction
    device: DeviceRow
    report: GateReport
    way: WayRow


def take(records: Records, device: DeviceRow, told: GateReports) -> ServerTime:
    """Keep what is new of it, and what the gate tells others of itself."""
    for start in range(0, len(told.reports), _AT_ONCE):
        with records.database.writing() as transaction:
            for report in told.reports[start : start + _AT_ONCE]:
                _one(records, transaction, device, report)
    if told.key or told.address:
        with records.database.writing() as transaction:
            peers.take_part(records, transaction, device, told)
    return ServerTime(server_time=records.clock.now())


def receipts(transaction: Transaction, way_id: str) -> list[ReportRow]:
    """The gates' signed words that a face's template is gone."""
    found = stored.reports_of_way(transaction, way_id)
    return [each for each in found if each.kind is ReportKind.TEMPLATE_DELETED and each.genuine]


def still_there(transaction: Transaction, way_id: str) -> set[str]:
    """The gates that have made or got a template of this way and have not said that it is gone."""
    there: set[str] = set()
    for each in stored.reports_of_way(transaction, way_id):
        if each.kind is ReportKind.TEMPLATE_MADE:
            there.add(each.device_id)
        elif each.kind is ReportKind.TEMPLATE_DELETED and each.genuine:
            there.discard(each.device_id)
    return there


def look(records: Records) -> int:
    """Raise an alert for each gate that has not said in time that a template is gone; how many."""
    with records.database.writing() as transaction:
        hours = in_force.rules(transaction).template_hours
        late = stored_ways.cancelled_faces(transaction, records.clock.now() - timedelta(hours=hours))
        gates = sorted({gate for each in late for gate in still_there(transaction, each.way_id)})
        said = [gate for gate in gates if device_alerts.once(records, transaction, AlertKind.TEMPLATE_LEFT, gate)]
        for gate in said:
            facts = (("about", AlertKind.TEMPLATE_LEFT.value),)
            audit.append(transaction, Deed(records.clock.now(), "alert-raised", gate, facts=facts))
    return len(said)


def _one(records: Records, transaction: Transaction, device: DeviceRow, report: GateReport) -> None:
    way = stored_ways.by_id(transaction, report.credential)
    if way is None or stored.report(transaction, report.id) is not None:
        return
    if not _knows(transaction, device, way, report.holder):
        return
    told = _Told(records, transaction, device, report, way)
    genuine = _genuine(told)
    stored.add_report(transaction, _row(told, genuine=genuine))
    about = records.keyed_hash("person", way.person_id)
    facts = (("kind", report.kind.value), ("genuine", genuine))
    audit.append(transaction, Deed(records.clock.now(), "gate-reported", device.device_id, subject=about, facts=facts))
    _DO[report.kind](told)


def _knows(transaction: Transaction, device: DeviceRow, way: WayRow, holder: str) -> bool:
    """Whether the gate was told of this way by this holder, now or once: of a template that it has made it is heard
    when it stands elsewhere by then, and when the holder's number is gone with the holder."""
    before = stored.reports_of_way(transaction, way.way_id)
    if any((each.device_id, each.holder) == (device.device_id, holder) for each in before):
        return True
    door = gate_doors.of_device(transaction, device.device_id)
    known = way.way_id if way.kind is WayKind.GUEST else holders.known(transaction, way.person_id)
    theirs = (each for each in grants.of_person(transaction, way.person_id) if each.right_id == way.right_id)
    return door is not None and holder == known and any(door.opens_to(each.building, each.unit) for each in theirs)


def _genuine(told: _Told) -> bool:
    statement, signature = report_statement(told.report), told.report.signature
    return any(peers.is_signed(each, signature, statement) for each in peers.certificates_of(told.device))


def _row(told: _Told, *, genuine: bool) -> ReportRow:
    return ReportRow(
        report_id=str(told.report.id),
        device_id=told.device.device_id,
        kind=told.report.kind,
        way_id=told.way.way_id,
        holder=told.report.holder,
        at=told.report.at,
        received_at=told.records.clock.now(),
        signature=told.report.signature,
        genuine=genuine,
    )


def _proved(told: _Told) -> None:
    """Its holder reads that it works. Nothing else ends by it: a slip opens until the day that stands on it."""
    stored_ways.prove(told.transaction, told.way.way_id, told.records.clock.now())


def _twice(told: _Told) -> None:
    if told.way.kind not in _CODES:
        return
    if stored_ways.cancel(told.transaction, [told.way.way_id], Ended.TWICE, told.records.clock.now()):
        deriving.renew(told.records, told.transaction, (told.way.person_id,))
        state = told.way.kind.value
        messages.append(told.records, told.transaction, told.way.person_id, MessageKind.CODE_TWICE, state=state)
        device_alerts.again(told.records, told.transaction, AlertKind.CODE_TWICE, told.device.device_id)


def _made(told: _Told) -> None:
    """Its owner reads of it, and whether it was they who stood there only they know. Once, though it goes on to other
    gates."""
    way = told.way
    stored_ways.prove(told.transaction, way.way_id, told.records.clock.now())
    if still_there(told.transaction, way.way_id) == {told.device.device_id}:
        messages.append(told.records, told.transaction, way.person_id, MessageKind.FACE_MADE, state=_door(told))


def _deleted(told: _Told) -> None:
    """Its owner reads of each gate that it is gone there, when, and by which receipt; and, once the last has said so,
    that it is gone everywhere."""
    ref, told_by = str(told.report.id), receipts(told.transaction, told.way.way_id)
    if told.way.cancelled_at is None or ref not in {each.report_id for each in told_by}:
        return

    def tell(kind: MessageKind, state: str = "") -> None:
        messages.append(told.records, told.transaction, told.way.person_id, kind, ref=ref, state=state)

    tell(MessageKind.FACE_DELETED_AT, _door(told))
    if not still_there(told.transaction, told.way.way_id):
        tell(MessageKind.FACE_DELETED)


def _door(told: _Told) -> str:
    """In both languages, a stroke between them, where there is room for both."""
    row = gate_doors.of_device(told.transaction, told.device.device_id)
    if row is None:
        return told.device.device_id[:_LONGEST_DOOR]
    both = row.name_zh if row.name_en in row.name_zh else f"{row.name_zh} / {row.name_en}"
    return both if len(both) <= _LONGEST_DOOR else row.name_zh[:_LONGEST_DOOR]


_DO: Final[dict[ReportKind, Callable[[_Told], None]]] = {
    ReportKind.WAY_PROVED: _proved,
    ReportKind.SLIP_TWICE: _twice,
    ReportKind.TEMPLATE_MADE: _made,
    ReportKind.TEMPLATE_DELETED: _deleted,
}
