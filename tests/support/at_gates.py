"""Somebody with a right and ways, gates at doors, and what they hear: for tests of records' side of gates."""

import base64
import json
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any, Final
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend_client.contract.devices import DeviceKind
from backend_client.contract.gates import DoorKind, GateReport, GateSnapshot, Grant, ReportKind, report_statement
from backend_client.contract.intakes import Declarant, NewCard, WaysContent
from backend_client.contract.tenancies import RightKind, WayKind
from backend_client.outbox.items import uuid7
from records.context import Records
from records.rules.roles import Role
from records.services import sessions
from records.services.gates import deriving, doors, ways
from records.services.sessions import Attempt, Session
from records.store import dwellings, holders, messages, rights
from records.store import ways as stored_ways
from records.store.rights import RightRow
from records.store.ways import WayRow
from tests.support.clocks import StillClock
from tests.support.console import hire
from tests.support.hidden import registered
from tests.support.records_client import DENG, Card, KioskClient

HOME: Final = ("5", "1", "602")
TODAY: Final = date(2026, 11, 22)
LAST: Final = date(2026, 11, 30)
_RISING = count()  # reports of one moment are told apart by their numbers, as a gate makes them


def at_compound(records: Records, *, face: bool = False) -> KioskClient:
    """A gate at the community's edge."""
    gate = KioskClient(records, DeviceKind.GATE)
    doors.assign(records, gate.device_id, DoorKind.COMPOUND, face=face)
    return gate


def at_unit(records: Records, building: str = HOME[0], unit: str = HOME[1], *, face: bool = False) -> KioskClient:
    """A gate at a unit's door."""
    gate = KioskClient(records, DeviceKind.GATE)
    doors.assign(records, gate.device_id, DoorKind.UNIT, (building, unit), face=face)
    return gate


def give(records: Records, card: Card = DENG, **changes: Any) -> RightRow:
    """A right to the flat at HOME that began, to the end of the month."""
    with records.database.writing() as transaction:
        flat = dwellings.by_door(transaction, *HOME)
        assert flat is not None
        now, person = records.clock.now(), registered(records, card).person_id
        row = RightRow(
            right_id=uuid4().hex,
            dwelling_id=flat.dwelling_id,
            person_id=person,
            kind=RightKind.TENANT,
            tenancy_id="t" * 32,
            starts_on=TODAY,
            ends_on=LAST,
            ended_at=None,
            ended_why="",
            registered_at=now,
            hold_until=None,
            revision=1,
            began_at=now,
        )
        row = replace(row, **changes)
        rights.add(transaction, row)
    return row


def change(records: Records, right: RightRow, **values: Any) -> RightRow:
    """The right is another now, and gates hear of it."""
    with records.database.writing() as transaction:
        before = rights.find(transaction, right.right_id)
        assert before is not None
        assert rights.update(transaction, before, **values)
        deriving.renew(records, transaction, (right.person_id,))
    return replace(before, **values)


def new_card(label: str = "19AF") -> NewCard:
    """A card that has signed."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return NewCard(public_key=base64.b64encode(spki).decode("ascii"), label=label)


def content(right: RightRow, whose: Card = DENG, **changes: Any) -> WaysContent:
    """What somebody chose at a kiosk."""
    who = Declarant(name=whose.name, id_number=whose.id_number, proven=True)
    return WaysContent(who=who, right=right.right_id, **changes)


def take(records: Records, right: RightRow, **changes: Any) -> tuple[str, ...]:
    """Carry out a choice about one's own right."""
    with records.database.writing() as transaction:
        return ways.take(records, transaction, right.person_id, right.right_id, content(right, **changes))


def open_ways(records: Records, right: RightRow, *kinds: WayKind) -> list[WayRow]:
    """A right's open ways, of these kinds or all."""
    with records.database.reading() as transaction:
        found = stored_ways.open_of_right(transaction, right.right_id, records.clock.now())
    return [each for each in found if not kinds or each.kind in kinds]


def cursor(device: KioskClient) -> str:
    """From where on a device hears what comes now."""
    stated = json.loads(base64.b64decode(device.get("/v1/changes/snapshot").json()["payload"]))
    return str(stated["cursor"])


def heard(device: KioskClient, since: str) -> list[dict[str, Any]]:
    """What a device is told since then."""
    answer = device.get(f"/v1/changes?cursor={since}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def grants_heard(device: KioskClient, since: str) -> list[Grant | None]:
    """The grants among it; None: one is over."""
    bodies = [each["body"] for each in heard(device, since) if each["topic"] == "grant"]
    return [Grant.model_validate_json(each["grant"]) if each else None for each in bodies]


def snapshot(gate: KioskClient) -> GateSnapshot:
    """All that a gate is to know."""
    answer = gate.get("/v1/gates/self/snapshot")
    assert answer.status_code == 200, answer.text
    return GateSnapshot.model_validate_json(base64.b64decode(answer.json()["payload"]))


def report(records: Records, gate: KioskClient, kind: ReportKind, way: WayRow, **changes: Any) -> GateReport:
    """What a gate says of a way, signed by its device key."""
    with records.database.reading() as transaction:
        holder = way.way_id if way.kind is WayKind.GUEST else holders.known(transaction, way.person_id)
    told = {
        "id": uuid7(records.clock.now(), next(_RISING)),
        "kind": kind,
        "holder": holder,
        "credential": way.way_id,
        "at": records.clock.now(),
    }
    unsigned = GateReport(**{**told, **changes})
    if "signature" in changes:
        return unsigned
    signature = gate.key.sign(report_statement(unsigned), ec.ECDSA(hashes.SHA256()))
    return unsigned.model_copy(update={"signature": base64.b64encode(signature).decode("ascii")})


def tell(gate: KioskClient, *reports: GateReport, **more: str) -> None:
    """Send reports."""
    body = {"reports": [each.model_dump(mode="json") for each in reports], **more}
    answer = gate.post("/v1/gates/self/reports", body)
    assert answer.status_code == 200, answer.text


def session(records: Records, clock: StillClock, name: str = "chen", role: Role = Role.OFFICER) -> Session:
    """Somebody signed in at the console."""
    account = hire(records, name, role)
    attempt = Attempt(account.name, account.password, account.code(clock), "10.0.0.7")
    found = sessions.resume(records, sessions.sign_in(records, attempt))
    assert found is not None
    return found


def told_to(records: Records, person_id: str) -> list[tuple[str, str, str]]:
    """What there is to tell a person: kind, ref and state, the newest first."""
    with records.database.reading() as transaction:
        return [(each.kind.value, each.ref, each.state) for each in messages.newest(transaction, person_id, 50)]
