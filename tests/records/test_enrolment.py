"""How a machine becomes a device: one code, one key, one certificate; and how it stops being one."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from backend_client.contract.devices import DeviceKind
from backend_client.contract.papers import Reserve
from forms.paper import PaperKind
from records.context import Records
from records.errors import RefusedError, UnknownNameError
from records.keys import pem
from records.services import enrolment, issuing
from records.store import devices, papers
from records.tls import Peer, serial_text
from tests.support.clocks import StillClock
from tests.support.records_client import LAN, Client, KioskClient, csr, enrolled

TEN_MINUTES = 600


@pytest.fixture
def stranger(records: Records) -> Client:
    return Client(records, None)


@pytest.fixture
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _body(code: str, request: str, kind: str = "kiosk") -> dict[str, str]:
    return {"code": code, "kind": kind, "csr_pem": request}


def test_a_code_gives_a_certificate_for_the_key_asked_for(
    records: Records, stranger: Client, key: ec.EllipticCurvePrivateKey
) -> None:
    """Records choose the subject: the device's number and the community."""
    answer = stranger.post("/v1/enrolments", _body(enrolment.new_code(records, DeviceKind.KIOSK, "gate 3"), csr(key)))
    assert answer.status_code == 201
    certificate = x509.load_pem_x509_certificate(answer.json()["certificate_pem"].encode())
    names = {part.oid: part.value for part in certificate.subject}
    assert certificate.public_key() == key.public_key()
    assert (names[NameOID.COMMON_NAME], answer.json()["device_id"]) == ("kiosk-0001", "kiosk-0001")
    assert names[NameOID.ORGANIZATIONAL_UNIT_NAME] == answer.json()["community_id"] == "pingandeng"
    certificate.verify_directly_issued_by(records.keys.devices.certificate)
    assert answer.json()["root_pem"] == pem(records.keys.root.certificate)


def test_a_code_may_be_typed_as_people_type(
    records: Records, stranger: Client, key: ec.EllipticCurvePrivateKey
) -> None:
    """Small letters, and without the dash."""
    code = enrolment.new_code(records, DeviceKind.KIOSK, "here").lower().replace("-", " ")
    assert stranger.post("/v1/enrolments", _body(code, csr(key))).status_code == 201


def test_an_answer_lost_on_the_way_is_given_again(
    records: Records, stranger: Client, key: ec.EllipticCurvePrivateKey
) -> None:
    """The same code with the same key is the same request; with another key it is used up."""
    code = enrolment.new_code(records, DeviceKind.KIOSK, "here")
    first, again = (stranger.post("/v1/enrolments", _body(code, csr(key))) for _ in range(2))
    assert first.json() == again.json()
    other = csr(ec.generate_private_key(ec.SECP256R1()))
    assert stranger.post("/v1/enrolments", _body(code, other)).json()["code"] == "enrolment-code-invalid"


def test_a_code_ends_after_ten_minutes(
    records: Records, stranger: Client, clock: StillClock, key: ec.EllipticCurvePrivateKey
) -> None:
    code = enrolment.new_code(records, DeviceKind.KIOSK, "here")
    clock.pass_by(TEN_MINUTES)
    answer = stranger.post("/v1/enrolments", _body(code, csr(key)))
    assert (answer.status_code, answer.json()["code"]) == (403, "enrolment-code-invalid")


def test_a_code_is_for_one_kind(records: Records, stranger: Client, key: ec.EllipticCurvePrivateKey) -> None:
    code = enrolment.new_code(records, DeviceKind.GATE, "here")
    assert stranger.post("/v1/enrolments", _body(code, csr(key))).json()["code"] == "enrolment-code-invalid"


def test_only_a_proven_p256_key_is_certified(records: Records, stranger: Client) -> None:
    """An RSA key, another curve, or no request at all."""
    code = enrolment.new_code(records, DeviceKind.KIOSK, "here")
    other_curve = ec.generate_private_key(ec.SECP384R1())
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    rsa_request = builder.sign(rsa.generate_private_key(65537, 2048), hashes.SHA256()).public_bytes(Encoding.PEM)
    for request in (csr(other_curve), rsa_request.decode(), "no request"):
        assert stranger.post("/v1/enrolments", _body(code, request)).json()["code"] == "validation"


@pytest.mark.parametrize("path", ["/v1/devices/self/heartbeat", "/v1/papers", "/v1/identifications"])
def test_without_a_certificate_nothing_is_told(stranger: Client, path: str) -> None:
    """Not even what a proper request would look like."""
    assert stranger.post(path, {}).json()["code"] == "certificate-unknown"
    assert stranger.get("/v1/policy").json()["code"] == "certificate-unknown"


def test_a_certificate_of_ours_under_another_number_is_unknown(records: Records) -> None:
    """Number and serial must belong together."""
    _, peer = enrolled(records)
    assert Client(records, Peer("kiosk-0009", peer.serial)).get("/v1/policy").status_code == 401
    assert Client(records, Peer(peer.device_id, serial_text(12345))).get("/v1/policy").status_code == 401


def test_a_revoked_device_is_refused_from_its_next_request_on(records: Records, kiosk: KioskClient) -> None:
    assert kiosk.get("/v1/policy").status_code == 200
    enrolment.revoke(records, kiosk.device_id)
    answer = kiosk.get("/v1/policy")
    assert (answer.status_code, answer.json()["code"]) == (403, "device-revoked")


def test_what_a_revoked_device_left_open_is_void(records: Records, kiosk: KioskClient) -> None:
    """Nobody else could ever decide it, and its page would be kept for ever; another kiosk's papers stay."""
    other = KioskClient(records)
    elsewhere = other.reserved(LAN)["serial"]
    reserved, sealed, done = (kiosk.reserved(visit=f"visit-000{number}")["serial"] for number in (1, 2, 3))
    kiosk.seal(sealed)
    kiosk.seal(done)
    kiosk.delivered(done)
    enrolment.revoke(records, kiosk.device_id)
    with records.database.reading() as transaction:
        rows = {each.serial: (each.state.value, each.void_reason) for each in papers.every(transaction)}
        assert papers.content(transaction, reserved) is None
    assert rows == {
        reserved: ("void", "abandoned"),
        sealed: ("void", "print-doubtful"),
        done: ("delivered", ""),
        elsewhere: ("reserved", ""),
    }


def test_a_device_revoked_while_it_asks_reserves_nothing(records: Records, kiosk: KioskClient) -> None:
    """Its request was let in just before; the serial would be open for ever."""
    request = Reserve(subject=kiosk.prove(), kind=PaperKind.HOUSEHOLD_CERTIFICATE, purpose="move_hukou")
    with records.database.reading() as transaction:
        let_in = devices.by_id(transaction, kiosk.device_id)
    assert let_in is not None
    enrolment.revoke(records, kiosk.device_id)
    with pytest.raises(RefusedError, match="device-revoked"):
        issuing.reserve(records, let_in, request, "a-key-of-its-own")


def test_a_certificate_ends(kiosk: KioskClient, clock: StillClock) -> None:
    """Even on a connection that was made while it was good."""
    clock.pass_by(366 * 24 * 3600)
    assert kiosk.get("/v1/policy").json()["code"] == "certificate-unknown"


def test_a_device_is_revoked_by_its_name_if_only_one_has_it(records: Records) -> None:
    enrolled(records)
    assert enrolment.revoke(records, "here").device_id == "kiosk-0001"
    enrolled(records)
    with pytest.raises(UnknownNameError, match="2 devices"):
        enrolment.revoke(records, "here")


def test_a_heartbeat_is_remembered_and_answered(kiosk: KioskClient) -> None:
    """With records' time, the policy's version, and whether an officer is on duty."""
    beat = {
        "at": "2026-11-22T15:05:00Z",
        "software": "0.1.0",
        "policy_version": 0,
        "open_papers": 2,
        "devices": {"page_printer": "paper-out"},
    }
    answer = kiosk.post("/v1/devices/self/heartbeat", beat)
    known = {"server_time": "2026-11-22T15:05:00Z", "policy_version": 1, "officer_on_duty": False}
    assert answer.json() == known
