"""Becoming a device that records know: a key made here, which never leaves, and a certificate for it.

The key is ECDSA P-256, in a file only its owner reads. The root is pinned beforehand (a technician brings it with the
one-time code): a service under another root is never asked. Somebody at records lets the machine in once the
fingerprint that both ends show is the same; until then it asks again.
"""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from pydantic import ValidationError

from backend_client.contract.devices import DeviceKind, Enrolled, EnrolmentPending, EnrolmentRequest, fingerprint
from backend_client.device_files import (
    CERTIFICATE_FILE,
    KEY_FILE,
    NEXT_CERTIFICATE_FILE,
    NEXT_KEY_FILE,
    DeviceIdentity,
    fits,
    is_revoked,
    keep_certificate,
    own_key,
    settle,
)
from backend_client.errors import EnrolmentCodeError, RecordsProtocolError
from backend_client.transport import Timeouts, Transport

Pending = Callable[[EnrolmentPending], None]

_CODE = re.compile(r"[0-9A-Za-z -]{6,64}")  # as long as the contract takes; records give ABCDE-FGHJK
_ACCEPTED = 202


def enrol(url: str, root: Path, code: str, kind: DeviceKind, folder: Path, pending: Pending) -> DeviceIdentity:
    """Ask with the one-time code until somebody has decided; the certificate is stored in ``folder``.

    ``pending`` is called before each time that is not the first: it shows the fingerprint, and waits as long as it is
    told; whatever it raises ends the asking. Safe to repeat after that, a lost answer or a power cut: the key is kept,
    and the same code with the same key is the same request. A device that was revoked comes with a new key.

    Raises EnrolmentCodeError before a key is made; then EnrolmentError, RecordsUnreachableError and RecordsRefusedError
    (records-enrolment-code-invalid).
    """
    if not _CODE.fullmatch(code):
        raise EnrolmentCodeError("a code looks like ABCDE-FGHJK: letters, digits and a hyphen")
    settle(folder)
    anew = is_revoked(folder)
    key = own_key(folder / (NEXT_KEY_FILE if anew else KEY_FILE))
    transport = Transport(url, root, None, Timeouts())
    try:
        answer = _asked_until_decided(
            transport, EnrolmentRequest(code=code, kind=kind, csr_pem=csr(key, kind)), pending
        )
    finally:
        transport.close()
    require_ours(answer, key)
    keep_certificate(folder / (NEXT_CERTIFICATE_FILE if anew else CERTIFICATE_FILE), answer.certificate_pem)
    settle(folder)
    return DeviceIdentity(answer.device_id, folder / CERTIFICATE_FILE, folder / KEY_FILE)


def csr(key: ec.EllipticCurvePrivateKey, name: str) -> str:
    """PKCS#10; records choose the subject, so ours only says what asks."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return request.public_bytes(Encoding.PEM).decode()


def require_ours(answer: Enrolled, key: ec.EllipticCurvePrivateKey) -> None:
    """Raises RecordsProtocolError for what is no certificate, or is one for another key."""
    try:
        certificate = x509.load_pem_x509_certificate(answer.certificate_pem.encode())
    except ValueError:
        raise RecordsProtocolError("enrolment: no certificate") from None
    if not fits(certificate, key.public_key()):
        raise RecordsProtocolError("enrolment: a certificate for another key")


def _asked_until_decided(transport: Transport, request: EnrolmentRequest, pending: Pending) -> Enrolled:
    key = x509.load_pem_x509_csr(request.csr_pem.encode()).public_key()
    public = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    once = str(uuid5(NAMESPACE_URL, f"{request.code}:{public.hex()}"))
    while True:
        answer = _asked(transport, request, once)
        if isinstance(answer, Enrolled):
            return answer
        if answer.fingerprint != fingerprint(public):  # shown here, it must be that of the key that is here
            raise RecordsProtocolError("enrolment: the fingerprint of another key")
        pending(answer)


def _asked(transport: Transport, request: EnrolmentRequest, once: str) -> Enrolled | EnrolmentPending:
    response = transport.request("POST", "/v1/enrolments", request, once)
    kind = EnrolmentPending if response.status_code == _ACCEPTED else Enrolled
    try:
        return kind.model_validate_json(response.content)
    except ValidationError:  # its text quotes the values
        raise RecordsProtocolError(f"enrolment: not a {kind.__name__}, status {response.status_code}") from None
