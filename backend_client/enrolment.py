"""Becoming a device that records know: a key made here, which never leaves, and a certificate for it.

The key is ECDSA P-256, in a file only its owner reads. The root is pinned beforehand (a technician brings it with the
one-time code): a service under another root is never asked.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from backend_client.contract.devices import DeviceKind, Enrolled, EnrolmentRequest
from backend_client.errors import EnrolmentCodeError, EnrolmentError, RecordsProtocolError
from backend_client.transport import Timeouts, Transport

KEY_FILE, CERTIFICATE_FILE = "device.key", "device.pem"
_CODE = re.compile(r"[0-9A-Za-z -]{6,64}")  # as long as the contract takes; records give ABCDE-FGHJK
_KEY_MODE = 0o600
_CERTIFICATE_MODE = 0o644


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """The files that RecordsSession is given, and the number records chose."""

    device_id: str
    certificate: Path
    key: Path


def enrol(url: str, root: Path, code: str, kind: DeviceKind, folder: Path) -> DeviceIdentity:
    """Trade the one-time code for a certificate, stored in ``folder``.

    Safe to repeat when the answer was lost: the key is kept, and the same code with the same key is the same request.
    Raises EnrolmentCodeError before a key is made; then EnrolmentError, RecordsUnreachableError and RecordsRefusedError
    (records-enrolment-code-invalid).
    """
    if not _CODE.fullmatch(code):
        raise EnrolmentCodeError("a code looks like ABCDE-FGHJK: letters, digits and a hyphen")
    key = _own_key(folder / KEY_FILE)
    transport = Transport(url, root, None, Timeouts())
    try:
        request = EnrolmentRequest(code=code, kind=kind, csr_pem=_csr(key, kind))
        once = str(uuid5(NAMESPACE_URL, f"{code}:{_public_pem(key.public_key())}"))
        answer = transport.post("/v1/enrolments", request, once, Enrolled)
    finally:
        transport.close()
    _require_ours(answer, key)
    write_durably(folder / CERTIFICATE_FILE, answer.certificate_pem.encode(), _CERTIFICATE_MODE)
    return DeviceIdentity(answer.device_id, folder / CERTIFICATE_FILE, folder / KEY_FILE)


def write_durably(path: Path, content: bytes, mode: int) -> None:
    """Replace ``path`` so that after a power cut it is whole: either what it was, or ``content``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _own_key(path: Path) -> ec.EllipticCurvePrivateKey:
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_durably(path, pem, _KEY_MODE)
        return key
    try:
        loaded = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError):
        raise EnrolmentError(f"{path.name} is no key: remove it to enrol anew") from None
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise EnrolmentError(f"{path.name} is of another kind: remove it to enrol anew")
    return loaded


def _csr(key: ec.EllipticCurvePrivateKey, kind: DeviceKind) -> str:
    """PKCS#10; records choose the subject, so ours only says what asks."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, kind.value)])
    csr = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return csr.public_bytes(Encoding.PEM).decode()


def _require_ours(answer: Enrolled, key: ec.EllipticCurvePrivateKey) -> None:
    try:
        certificate = x509.load_pem_x509_certificate(answer.certificate_pem.encode())
        theirs = certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    except ValueError:
        raise RecordsProtocolError("enrolment: no certificate") from None
    if theirs != _public_pem(key.public_key()):
        raise RecordsProtocolError("enrolment: a certificate for another key")


def _public_pem(key: ec.EllipticCurvePublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
