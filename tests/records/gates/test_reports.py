"""What gates report: once, of their own ways alone; and the signed word that a face is gone."""

import base64
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backend_client.contract.gates import MOST_REPORTS, DoorKind, ReportKind, peer_statement
from backend_client.contract.tenancies import WayKind
from records.context import Records
from records.services import devices as trust
from records.services import retention
from records.services.gates import doors, reports
from records.services.gates import ways as gate_ways
from records.store import alerts, slips, ways
from records.store.rights import RightRow
from records.store.ways import WayRow
from tests.support import at_gates
from tests.support.at_gates import cursor, give, grants_heard, heard, new_card, open_ways, report, take, tell, told_to
from tests.support.clocks import StillClock
from tests.support.records_client import KioskClient

FACE = {"face": True, "notice": "2026-11"}
DOOR = f"{at_gates.HOME[0]}幢{at_gates.HOME[1]}单元门 / Building {at_gates.HOME[0]}, unit {at_gates.HOME[1]}"


@pytest.fixture
def gate(records: Records) -> KioskClient:
    return at_gates.at_unit(records, face=True)


@pytest.fixture
def right(records: Records, gate: KioskClient) -> RightRow:
    """Return the right of somebody with a slip and a card."""
    assert gate.device_id
    right = give(records)
    kiosk = KioskClient(records)
    assert kiosk.post(f"/v1/identifications/{kiosk.prove()}/slip", {"right": right.right_id}).status_code == 201
    take(records, right, card=new_card())
    return right


def _way(records: Records, right: RightRow, kind: WayKind) -> WayRow:
    (found,) = open_ways(records, right, kind)
    return found


def _face(records: Records, right: RightRow) -> WayRow:
    take(records, right, **FACE)
    return _way(records, right, WayKind.FACE)


def _key_of(gate: KioskClient, address: str = "192.0.2.7:8443") -> dict[str, str]:
    key = base64.b64encode(X25519PrivateKey.generate().public_key().public_bytes_raw()).decode("ascii")
    signature = gate.key.sign(peer_statement(gate.device_id, key), ec.ECDSA(hashes.SHA256()))
    return {"key": key, "key_signature": base64.b64encode(signature).decode("ascii"), "address": address}


def test_a_slip_goes_on_when_another_way_was_used(records: Records, gate: KioskClient, right: RightRow) -> None:
    """It says on it until when; who came in by card may yet set up a face by it. That the card works is known."""
    since, slip = cursor(gate), _way(records, right, WayKind.SLIP)
    for each in (WayKind.SLIP, WayKind.CARD):
        tell(gate, report(records, gate, ReportKind.WAY_PROVED, _way(records, right, each)))
    assert grants_heard(gate, since) == []
    assert _way(records, right, WayKind.SLIP).until == slip.until
    assert _way(records, right, WayKind.CARD).proved_at == records.clock.now()


def test_a_slip_shown_twice_is_cancelled_and_its_holder_told_once(
    records: Records, gate: KioskClient, right: RightRow
) -> None:
    """The same report again is known by its id."""
    slip = _way(records, right, WayKind.SLIP)
    twice = report(records, gate, ReportKind.SLIP_TWICE, slip)
    tell(gate, twice)
    tell(gate, twice, report(records, gate, ReportKind.SLIP_TWICE, slip))
    assert open_ways(records, right, WayKind.SLIP) == []
    assert told_to(records, right.person_id) == [("code-twice", "", "slip")]


def test_a_card_is_not_cancelled_by_any_report(records: Records, gate: KioskClient, right: RightRow) -> None:
    tell(gate, report(records, gate, ReportKind.SLIP_TWICE, _way(records, right, WayKind.CARD)))
    assert len(open_ways(records, right)) == 2


def test_a_gate_is_believed_about_its_own_ways_alone(records: Records, right: RightRow) -> None:
    """Another unit's gate, one that stands nowhere, and one that knows another holder change nothing."""
    slip, elsewhere = _way(records, right, WayKind.SLIP), at_gates.at_unit(records, "6")
    tell(elsewhere, report(records, elsewhere, ReportKind.SLIP_TWICE, slip))
    own = at_gates.at_unit(records)
    tell(own, report(records, own, ReportKind.SLIP_TWICE, slip, holder="0" * 32))
    tell(own, report(records, own, ReportKind.SLIP_TWICE, slip, credential="0" * 32))
    assert _way(records, right, WayKind.SLIP) == slip
    with records.database.reading() as transaction:
        assert slips.reports_of_way(transaction, slip.way_id) == []


def test_a_deleted_face_leaves_a_receipt_that_its_owner_reads(
    records: Records, gate: KioskClient, right: RightRow
) -> None:
    """It holds for whoever has the gate's certificate."""
    face = _face(records, right)
    tell(gate, report(records, gate, ReportKind.TEMPLATE_MADE, face))
    take(records, right, face=False)
    deleted = report(records, gate, ReportKind.TEMPLATE_DELETED, face)
    tell(gate, deleted)
    gone = [("face-deleted-at", str(deleted.id), DOOR), ("face-deleted", str(deleted.id), "")]
    heard = [("face-made", "", DOOR), *gone]
    assert sorted(told_to(records, right.person_id), reverse=True) == sorted(heard, reverse=True)
    with records.database.reading() as transaction:
        (receipt,) = reports.receipts(transaction, face.way_id)
        assert reports.still_there(transaction, face.way_id) == set()
    assert (UUID(receipt.report_id), receipt.signature) == (deleted.id, deleted.signature)


def test_a_word_that_the_gate_has_not_signed_is_no_receipt(
    records: Records, gate: KioskClient, right: RightRow, clock: StillClock
) -> None:
    """Nor is one by another key: a day later officers have an alert that names the gate, once."""
    face, thief = _face(records, right), at_gates.at_unit(records)
    tell(gate, report(records, gate, ReportKind.TEMPLATE_MADE, face))
    take(records, right, face=False)
    by_another = report(records, thief, ReportKind.TEMPLATE_DELETED, face)
    tell(gate, by_another, report(records, gate, ReportKind.TEMPLATE_DELETED, face, signature=""))
    assert told_to(records, right.person_id) == [("face-made", "", DOOR)]
    assert reports.look(records) == 0
    clock.pass_by(timedelta(hours=24).total_seconds())
    assert (reports.look(records), reports.look(records)) == (1, 0)
    with records.database.reading() as transaction:
        (alert,) = alerts.list_open(transaction)
    assert (alert.kind, alert.device_id) == ("template-left", gate.device_id)


def test_a_right_that_ends_ends_the_consent_with_it(records: Records, gate: KioskClient, right: RightRow) -> None:
    face = _face(records, right)
    tell(gate, report(records, gate, ReportKind.TEMPLATE_MADE, face))
    at_gates.change(records, right, ended_at=records.clock.now(), ended_why="departure")
    with records.database.reading() as transaction:
        ended = ways.by_id(transaction, face.way_id)
    assert ended is not None
    assert (ended.cancelled_at, ended.cancelled_why) == (records.clock.now(), "right-over")


def test_which_gates_have_a_face_is_known_while_its_consent_stands(
    records: Records, gate: KioskClient, right: RightRow, clock: StillClock
) -> None:
    """However long ago it was made: nobody reads that it is gone everywhere before the last gate has said so."""
    face, other = _face(records, right), at_gates.at_compound(records)
    for each in (gate, other):
        tell(each, report(records, each, ReportKind.TEMPLATE_MADE, face))
    tell(gate, report(records, gate, ReportKind.WAY_PROVED, face))
    a_season_later = clock.now() + timedelta(seconds=1)
    assert _forgotten(records, a_season_later) == 1  # that it opened once
    take(records, right, face=False)
    tell(gate, report(records, gate, ReportKind.TEMPLATE_DELETED, face))
    assert {kind for kind, _, _ in told_to(records, right.person_id)} == {"face-deleted-at", "face-made"}
    clock.pass_by(timedelta(hours=24).total_seconds())
    assert reports.look(records) == 1
    tell(other, report(records, other, ReportKind.TEMPLATE_DELETED, face))
    assert "face-deleted" in {kind for kind, _, _ in told_to(records, right.person_id)}
    assert _forgotten(records, clock.now() + timedelta(days=1)) == 2  # the receipts stay


def _forgotten(records: Records, before: datetime) -> int:
    """How many reports go that came before then, by the rule of their table."""
    (rule,) = (each for each in retention.RULES if each.table == "gate_reports")
    return rule.delete(records.database, before, 100)


def test_a_gate_is_heard_about_what_it_has_made_wherever_it_stands(
    records: Records, gate: KioskClient, right: RightRow
) -> None:
    """And when nobody has the holder's number any more, since they died."""
    face = _face(records, right)
    made, deleted = (
        report(records, gate, kind, face) for kind in (ReportKind.TEMPLATE_MADE, ReportKind.TEMPLATE_DELETED)
    )
    tell(gate, made)
    doors.assign(records, gate.device_id, DoorKind.UNIT, ("6", "1"), face=True)
    with records.database.writing() as transaction:
        gate_ways.end_all(records, transaction, right.person_id)
    tell(gate, deleted)
    with records.database.reading() as transaction:
        assert reports.still_there(transaction, face.way_id) == set()
        assert len(reports.receipts(transaction, face.way_id)) == 1


def test_as_many_reports_as_the_contract_allows_fit(records: Records, gate: KioskClient, right: RightRow) -> None:
    """More than an ordinary body holds."""
    card = _way(records, right, WayKind.CARD)
    one = report(records, gate, ReportKind.WAY_PROVED, card)
    padded = one.model_copy(update={"signature": "A" * 200})
    tell(gate, *[padded] * MOST_REPORTS)
    body = {"reports": [padded.model_dump(mode="json")] * (MOST_REPORTS + 1)}
    assert gate.post("/v1/gates/self/reports", body).json()["code"] == "validation"


# --- what gates hear of each other -----------------------------------------------------------------------------------


def test_gates_that_share_holders_hear_of_each_others_keys(records: Records, gate: KioskClient) -> None:
    """A compound gate and a unit's; two units' gates do not."""
    outside, other = at_gates.at_compound(records), at_gates.at_unit(records, "6")
    since, told = cursor(outside), _key_of(gate)
    tell(gate, **told)
    assert [each["topic"] for each in heard(outside, since)] == ["gates"]
    (peer,) = at_gates.snapshot(outside).peers
    assert (peer.device_id, peer.key, peer.address) == (gate.device_id, told["key"], "192.0.2.7:8443")
    assert at_gates.snapshot(other).peers == ()
    assert at_gates.snapshot(gate).peers == ()
    tell(gate, **told)
    assert len(heard(outside, since)) == 1


def test_a_key_that_the_gate_has_not_signed_is_told_nobody(records: Records, gate: KioskClient) -> None:
    outside = at_gates.at_compound(records)
    tell(gate, **{**_key_of(gate), "key_signature": _key_of(outside)["key_signature"]})
    assert at_gates.snapshot(outside).peers == ()


def test_a_revoked_gate_is_nobodys_peer(records: Records, gate: KioskClient) -> None:
    outside = at_gates.at_compound(records)
    tell(gate, **_key_of(gate))
    since = cursor(outside)
    trust.revoke(records, gate.device_id)
    assert [each["topic"] for each in heard(outside, since)] == ["gates"]
    assert at_gates.snapshot(outside).peers == ()
    assert gate.device_id not in {each.device_id for each in doors.every(records)}
