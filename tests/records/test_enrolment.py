"""How a machine becomes a device: one code, one key, one certificate; and how it stops being one."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from backend_client.contract.devices import DeviceKind, fingerprint
from backend_client.contract.papers import Reserve
from forms.paper import PaperKind
from records.context import Records
from records.errors import RefusedError, UnknownNameError
from records.keys import pem
from records.services import device_alerts, enrolment, issuing
from records.services import devices as trust
from records.store import alerts, audit, devices, papers
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


def _told(stranger: Client, code: str, key: ec.EllipticCurvePrivateKey) -> str:
    """Ask for the first time: the fingerprint that the machine shows."""
    answer = stranger.post("/v1/enrolments", _body(code, csr(key)))
    assert answer.status_code == 202
    return str(answer.json()["fingerprint"])


def _audited(records: Records) -> list[str]:
    with records.database.reading() as transaction:
        return [str(row["action"]) for row in audit.latest(transaction, 9)]


def _open_alerts(records: Records) -> list[tuple[str, str, int]]:
    with records.database.reading() as transaction:
        return [(each.kind, each.device_id, each.count) for each in alerts.list_open(transaction)]


def test_a_machine_that_was_let_in_has_a_certificate_for_its_key(
    records: Records, stranger: Client, key: ec.EllipticCurvePrivateKey
) -> None:
    """Records choose the subject: the device's number and the community."""
    code = enrolment.new_code(records, DeviceKind.KIOSK, "gate 3")
    enrolment.approve(records, _told(stranger, code, key))
    answer = stranger.post("/v1/enrolments", _body(code, csr(key)))
    assert answer.status_code == 201
    certificate = x509.load_pem_x509_certificate(answer.json()["certificate_pem"].encode())
    names = {part.oid: part.value for part in certificate.subject}
    assert certificate.public_key() == key.public_key()
    assert (names[NameOID.COMMON_NAME], answer.json()["device_id"]) == ("kiosk-0001", "kiosk-0001")
    assert names[NameOID.ORGANIZATIONAL_UNIT_NAME] == answer.json()["community_id"] == "pingandeng"
    certificate.verify_directly_issued_by(records.keys.devices.certificate)
    assert answer.json()["root_pem"] == pem(records.keys.root.certificate)
    assert certificate.not_valid_after_utc - records.clock.now() == timedelta(days=90)


def test_until_somebody_has_compared_the_fingerprint_nothing_is_issued(
    records: Records, stranger: Client, key: ec.EllipticCurvePrivateKey
) -> None:
    """Both ends show the same, however often it asks; and nobody is let in by a beginning that is too short."""
    code = enrolment.new_code(records, DeviceKind.KIOSK, "gate 3")
    told = {_told(stranger, code, key) for _ in range(3)}
    assert [told] == [{each.fingerprint} for each in enrolment.waiting(records)]
    shown = told.pop()
    assert shown == fingerprint(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    for wrong in ("", shown[:6], "AAAA-AAAA", f"{shown}A"):
        with pytest.raises(UnknownNameError, match=r"give at least 8 characters|no machine waits"):
            enrolment.approve(records, wrong)
    assert enrolment.approve(records, shown[:9].lower().replace("-", " ")).device_id == "kiosk-0001"
    assert enrolment.waiting(records) == []
    assert _audited(records)[-3:] == ["enrolment-code", "enrolment-asked", "device-enrolled"]


def test_a_machine_that_was_sent_away_hears_what_a_wrong_code_hears(
    records: Records, stranger: Client, key: ec.EllipticCurvePrivateKey
) -> None:
    """And its code is used up."""
    code = enrolment.new_code(records, DeviceKind.KIOSK, "gate 3")
    shown = _told(stranger, code, key)
    enrolment.refuse(records, shown, "lin")
    for each in (key, ec.generate_private_key(ec.SECP256R1())):
        assert stranger.post("/v1/enrolments", _body(code, csr(each))).json()["code"] == "enrolment-code-invalid"
    with pytest.raises(UnknownNameError):
        enrolment.approve(records, shown)


def test_nobody_waits_for_longer_than_an_hour(
    records: Records, stranger: Client, clock: StillClock, key: ec.EllipticCurvePrivateKey
) -> None:
    """From its first question on, however old the code was."""
    code = enrolment.new_code(records, DeviceKind.KIOSK, "gate 3")
    clock.pass_by(TEN_MINUTES - 1)
    shown = _told(stranger, code, key)
    clock.pass_by(3599)
    assert _told(stranger, code, key) == shown
    clock.pass_by(1)
    assert enrolment.waiting(records) == []
    assert stranger.post("/v1/enrolments", _body(code, csr(key))).json()["code"] == "enrolment-code-invalid"


def test_a_code_may_be_typed_as_people_type(
    records: Records, stranger: Client, key: ec.EllipticCurvePrivateKey
) -> None:
    """Small letters, and without the dash."""
    code = enrolment.new_code(records, DeviceKind.KIOSK, "here").lower().replace("-", " ")
    assert stranger.post("/v1/enrolments", _body(code, csr(key))).status_code == 202


def test_an_answer_lost_on_the_way_is_given_again(
    records: Records, stranger: Client, key: ec.EllipticCurvePrivateKey
) -> None:
    """The same code with the same key is the same request."""
    code = enrolment.new_code(records, DeviceKind.KIOSK, "here")
    enrolment.approve(records, _told(stranger, code, key))
    first, again = (stranger.post("/v1/enrolments", _body(code, csr(key))) for _ in range(2))
    assert first.json() == again.json()


def test_another_key_with_the_same_code_is_refused_and_reported(
    records: Records, stranger: Client, key: ec.EllipticCurvePrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anybody has decided and after it: somebody else has read the code. Going on fills no audit."""
    monkeypatch.setattr(device_alerts, "IN_FULL", 1)
    code = enrolment.new_code(records, DeviceKind.KIOSK, "here")
    shown = _told(stranger, code, key)
    others = [csr(ec.generate_private_key(ec.SECP256R1())) for _ in range(2)]
    assert stranger.post("/v1/enrolments", _body(code, others[0])).json()["code"] == "enrolment-code-invalid"
    enrolment.approve(records, shown)
    assert stranger.post("/v1/enrolments", _body(code, others[1])).json()["code"] == "enrolment-code-invalid"
    assert _open_alerts(records) == [("enrolment-code-reused", "", 2)]
    assert _audited(records).count("enrolment-code-reused") == 1


def test_a_key_that_was_revoked_never_comes_back(records: Records, stranger: Client) -> None:
    """With whatever code: of an old key nobody knows who has it."""
    kiosk = KioskClient(records)
    trust.revoke(records, kiosk.device_id)
    code = enrolment.new_code(records, DeviceKind.KIOSK, "here")
    answer = stranger.post("/v1/enrolments", _body(code, csr(kiosk.key)))
    assert (answer.status_code, answer.json()["code"]) == (422, "validation")
    assert enrolment.waiting(records) == []


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
    trust.revoke(records, kiosk.device_id)
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
    trust.revoke(records, kiosk.device_id)
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
    trust.revoke(records, kiosk.device_id)
    with pytest.raises(RefusedError, match="device-revoked"):
        issuing.reserve(records, let_in, request, "a-key-of-its-own")


def test_a_certificate_ends(kiosk: KioskClient, clock: StillClock) -> None:
    """After ninety days, even on a connection that was made while it was good."""
    clock.pass_by(90 * 24 * 3600 - 1)
    assert kiosk.get("/v1/policy").status_code == 200
    clock.pass_by(1)
    assert kiosk.get("/v1/policy").json()["code"] == "certificate-unknown"


def test_a_device_is_revoked_by_its_name_if_only_one_has_it(records: Records) -> None:
    enrolled(records)
    assert trust.revoke(records, "here").device_id == "kiosk-0001"
    enrolled(records)
    with pytest.raises(UnknownNameError, match="2 devices"):
        trust.revoke(records, "here")


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
