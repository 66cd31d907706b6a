"""A face goes from gate to gate past records: they tell the gates of each other, and can read nothing of it."""

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backend_client.contract.gates import Peer, ReportKind, peer_statement
from backend_client.contract.templates import OFFERS_PATH, TEMPLATES_PATH, TemplateContent
from backend_client.contract.tenancies import WayKind
from backend_client.errors import SealUnreadableError
from backend_client.template_seals import open_template, seal_key_text, seal_template
from gate.services.peers import PeerRefusedError, known_peer
from records import intake_keys
from records.context import Records
from records.keys import pem
from records.services import devices as trust
from tests.gate.made_up import number
from tests.records.device_table import routes
from tests.support import at_gates
from tests.support.at_gates import give, open_ways, report, take, tell, told_to
from tests.support.clocks import NOW, StillClock
from tests.support.records_client import KioskClient
from tests.support.records_server import SQLITE

CONTENT = TemplateContent(holder=number(1), credential=number(2), made_at=NOW, vector="QUJD")


@pytest.fixture
def key() -> X25519PrivateKey:
    return X25519PrivateKey.generate()


@pytest.fixture
def gates(records: Records, key: X25519PrivateKey) -> tuple[KioskClient, KioskClient]:
    """A compound's gate, and a unit's that has told its key."""
    outside, unit = at_gates.at_compound(records, face=True), at_gates.at_unit(records, face=True)
    signature = unit.key.sign(peer_statement(unit.device_id, seal_key_text(key)), ec.ECDSA(hashes.SHA256()))
    signed = base64.b64encode(signature).decode("ascii")
    tell(unit, key=seal_key_text(key), key_signature=signed, address="192.0.2.7:7443")
    return outside, unit


def _peer(gate: KioskClient) -> Peer:
    (peer,) = at_gates.snapshot(gate).peers
    return peer


def test_a_gate_can_follow_what_it_is_told_of_another_to_the_root(
    records: Records, gates: tuple[KioskClient, KioskClient], clock: StillClock
) -> None:
    outside, unit = gates
    told, root = _peer(outside), records.keys.root.certificate
    known = known_peer(told, root, clock.now())
    assert (known.device_id, known.address) == (unit.device_id, "192.0.2.7:7443")
    assert known.signer == unit.key.public_key()
    with pytest.raises(PeerRefusedError, match="chain"):
        known_peer(told, records.keys.document.certificate, clock.now())
    clock.pass_by(timedelta(days=91).total_seconds())
    with pytest.raises(PeerRefusedError, match="ended"):
        known_peer(told, root, clock.now())


@pytest.mark.parametrize("kind", [SQLITE])  # what is looked through are files
def test_no_key_of_records_opens_a_face_on_its_way(
    records: Records, gates: tuple[KioskClient, KioskClient], key: X25519PrivateKey
) -> None:
    """Every private key of that kind that they have; and the private half is at the gate alone."""
    outside, unit = gates
    sealed = seal_template(CONTENT, outside.device_id, unit.device_id, _peer(outside).key)
    folder = records.key_store.folder
    theirs = [intake_keys.private(folder, each.key_id) for each in intake_keys.every(folder)]
    assert theirs
    for each in theirs:
        with pytest.raises(SealUnreadableError):
            open_template(sealed, outside.device_id, unit.device_id, each)
    assert open_template(sealed, outside.device_id, unit.device_id, key) == CONTENT
    private = key.private_bytes_raw()
    kept = [path.read_bytes() for path in folder.parent.rglob("*") if path.is_file()]
    assert not [each for each in kept if private in each or base64.b64encode(private) in each]
    assert [each for each in kept if seal_key_text(key).encode() in each], "the public half is what they keep"


def test_records_pass_no_face_on(records: Records, gates: tuple[KioskClient, KioskClient]) -> None:
    """There is no such route, for whoever asks."""
    paths = {route.partition(" ")[2] for route in routes(records)}
    assert not {path for path in paths if "template" in path or "face" in path or "relay" in path}
    for path in (OFFERS_PATH, TEMPLATES_PATH):
        assert gates[0].post(path, {"offers": []}).status_code == 404


def test_the_owner_hears_that_a_face_was_made_and_that_it_is_gone_when_each_gate_that_had_it_has_said_so(
    records: Records, gates: tuple[KioskClient, KioskClient]
) -> None:
    right = give(records)
    take(records, right, face=True, notice="2026-11")
    (face,) = open_ways(records, right, WayKind.FACE)
    for gate in gates:
        tell(gate, report(records, gate, ReportKind.TEMPLATE_MADE, face))
    made = [kind for kind, _, _ in told_to(records, right.person_id)].count("face-made")
    assert made == 1, "once: whoever stood there in the owner's place does not go unseen"
    take(records, right, face=False)
    for gate, heard in zip(gates, (0, 1), strict=True):
        tell(gate, report(records, gate, ReportKind.TEMPLATE_DELETED, face))
        kinds = [kind for kind, _, _ in told_to(records, right.person_id)]
        assert kinds.count("face-deleted") == heard
        assert kinds.count("face-deleted-at") == heard + 1


def test_a_gate_that_was_put_out_is_named_to_no_gate(
    records: Records, gates: tuple[KioskClient, KioskClient], clock: StillClock
) -> None:
    """Its certificate would still reach the root: being named is what counts."""
    outside, unit = gates
    before = _peer(outside)
    trust.revoke(records, unit.device_id)
    assert at_gates.snapshot(outside).peers == ()
    assert known_peer(before, records.keys.root.certificate, clock.now()).device_id == unit.device_id
    assert pem(records.keys.devices.certificate) in before.certificate_pem
