"""How a machine becomes a device of this community: a one-time code by hand, then a certificate for its own key."""

import json
import secrets
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.base import ProblemCode
from backend_client.contract.changes import Topic
from backend_client.contract.devices import DeviceKind, Enrolled, EnrolmentRequest, Heartbeat, HeartbeatAnswer
from records import certificates
from records.context import Records
from records.errors import RefusedError, UnknownNameError
from records.keys import pem
from records.services import papers, policy
from records.services.duty import officer_on_duty
from records.store import audit, changes, counters, devices
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import CodeRow, DeviceRow
from records.tls import Peer, serial_text

CODE_LIFE = timedelta(minutes=10)
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, 1, I or O: it is read aloud and typed by hand
_CODE_LENGTH = 10


def new_code(records: Records, kind: DeviceKind, name: str) -> str:
    """A code that enrols one device within ten minutes, as ``ABCDE-FGHJK``."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    now = records.clock.now()
    with records.database.writing() as transaction:
        devices.add_code(transaction, CodeRow(_hash(records, code), kind, name, now + CODE_LIFE))
        audit.append(transaction, Deed(now, "enrolment-code", facts=(("kind", kind.value),)))
    return f"{code[:5]}-{code[5:]}"


def enrol(records: Records, request: EnrolmentRequest) -> Enrolled:
    """Trade a code for a certificate. The same code with the same key is the same request, and is answered again."""
    key = _requested_key(request.csr_pem)
    now = records.clock.now()
    hashed = _hash(records, request.code)
    with records.database.reading() as transaction:
        known = devices.find_code(transaction, hashed, now)
    if known is None:  # anyone may guess: that costs no writer its turn
        raise RefusedError(ProblemCode.ENROLMENT_CODE_INVALID)
    with records.database.writing() as transaction:
        code = devices.find_code(transaction, hashed, now)
        if code is None or code.kind != request.kind:
            raise RefusedError(ProblemCode.ENROLMENT_CODE_INVALID)
        device = _enrolled_before(transaction, code, key) if code.used_at else _admit(records, transaction, code, key)
    return Enrolled(
        device_id=device.device_id,
        community_id=records.settings.community,
        certificate_pem=device.certificate_pem,
        root_pem=records.root_pem,
    )


def authenticate(records: Records, peer: Peer | None) -> DeviceRow:
    """The device at the other end: its certificate must be the one issued to it last, and not revoked."""
    if peer is None:
        raise RefusedError(ProblemCode.CERTIFICATE_UNKNOWN)
    with records.database.reading() as transaction:
        device = devices.by_certificate(transaction, peer.serial)
    if device is None or device.device_id != peer.device_id or device.certificate_until <= records.clock.now():
        raise RefusedError(ProblemCode.CERTIFICATE_UNKNOWN)
    if device.revoked_at is not None:
        raise RefusedError(ProblemCode.DEVICE_REVOKED)
    return device


def heartbeat(records: Records, device: DeviceRow, state: Heartbeat) -> HeartbeatAnswer:
    """Remember how the device is."""
    now = records.clock.now()
    with records.database.writing() as transaction:
        devices.seen(transaction, device.device_id, now, json.dumps(state.model_dump(mode="json"), sort_keys=True))
    version = policy.current(records).version
    return HeartbeatAnswer(server_time=now, policy_version=version, officer_on_duty=officer_on_duty(records))


def revoke(records: Records, name: str) -> DeviceRow:
    """Refuse a device from now on, by its number or its name, and void the serials it left open."""
    now = records.clock.now()
    with records.database.writing() as transaction:
        found = [each for each in devices.every(transaction) if name in {each.device_id, each.name}]
        if len(found) != 1:
            raise UnknownNameError(f"{len(found)} devices are called {name}; use the number of one of them")
        devices.revoke(transaction, found[0].device_id, now)
        audit.append(transaction, Deed(now, "device-revoked", found[0].device_id))
        changes.append(transaction, Topic.DEVICE, found[0].device_id, at=now, only=found[0].device_id)
        papers.void_open_of(records, transaction, found[0].device_id)
    return found[0]


def _hash(records: Records, code: str) -> str:
    return records.keyed_hash("enrolment", code.upper().replace("-", "").replace(" ", ""))


def _requested_key(csr_pem: str) -> ec.EllipticCurvePublicKey:
    """The key of a PKCS#10 request whose sender holds it."""
    try:
        request = x509.load_pem_x509_csr(csr_pem.encode("utf-8"))
        key, valid = request.public_key(), request.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature):
        raise RefusedError(ProblemCode.VALIDATION, "csr_pem: not a PKCS#10 request") from None
    if not (valid and isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)):
        raise RefusedError(ProblemCode.VALIDATION, "csr_pem: not a proven P-256 key")
    return key


def _admit(records: Records, transaction: Transaction, code: CodeRow, key: ec.EllipticCurvePublicKey) -> DeviceRow:
    now = records.clock.now()
    number = counters.following(transaction, "device")
    device = _device(records, code, key, number, now)
    devices.enrol(transaction, device)
    devices.use_code(transaction, code.code_hash, now, device.device_id)
    audit.append(transaction, Deed(now, "device-enrolled", device.device_id, facts=(("kind", device.kind),)))
    return device


def _device(records: Records, code: CodeRow, key: ec.EllipticCurvePublicKey, number: int, now: datetime) -> DeviceRow:
    device_id = f"{code.kind}-{number:04}"
    subject = certificates.name(device_id, records.keys.bureau, records.settings.community)
    certificate = certificates.issue(records.keys.devices, key, subject, certificates.DEVICE, now)
    serial, until = serial_text(certificate.serial_number), certificate.not_valid_after_utc
    return DeviceRow(device_id, number, DeviceKind(code.kind), code.name, serial, until, pem(certificate), now)


def _enrolled_before(transaction: Transaction, code: CodeRow, key: ec.EllipticCurvePublicKey) -> DeviceRow:
    device = devices.by_id(transaction, code.device_id)
    if device is None or x509.load_pem_x509_certificate(device.certificate_pem.encode("ascii")).public_key() != key:
        raise RefusedError(ProblemCode.ENROLMENT_CODE_INVALID)
    return device
