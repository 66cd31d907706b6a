"""A device's key as it comes in a request, and the certificates that are made for it."""

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from backend_client.contract.base import ProblemCode
from backend_client.contract.devices import Enrolled
from records import certificates
from records.context import Records
from records.errors import RefusedError
from records.store.devices import DeviceRow


def requested_key(csr_pem: str) -> ec.EllipticCurvePublicKey:
    """The key of a PKCS#10 request whose sender holds it."""
    try:
        request = x509.load_pem_x509_csr(csr_pem.encode("utf-8"))
        key, valid = request.public_key(), request.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature):
        raise RefusedError(ProblemCode.VALIDATION, "csr_pem: not a PKCS#10 request") from None
    if not (valid and isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)):
        raise RefusedError(ProblemCode.VALIDATION, "csr_pem: not a proven P-256 key")
    return key


def der(key: ec.EllipticCurvePublicKey) -> bytes:
    """SubjectPublicKeyInfo."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def text_of(key: ec.EllipticCurvePublicKey) -> str:
    """As it is kept until somebody has decided."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def key_of(text: str) -> ec.EllipticCurvePublicKey:
    """What ``text_of`` made."""
    key = load_pem_public_key(text.encode("ascii"))
    assert isinstance(key, ec.EllipticCurvePublicKey)  # noqa: S101 - as kept
    return key


def certified(certificate_pem: str, key: ec.EllipticCurvePublicKey) -> bool:
    """Whether the certificate is for this key."""
    return x509.load_pem_x509_certificate(certificate_pem.encode("ascii")).public_key() == key


def issue(records: Records, device_id: str, key: ec.EllipticCurvePublicKey, now: datetime) -> x509.Certificate:
    """A device's certificate. Records choose the subject: its number, and the community."""
    subject = certificates.name(device_id, records.keys.bureau, records.settings.community)
    return certificates.issue(records.keys.devices, key, subject, certificates.DEVICE, now)


def enrolled(records: Records, device: DeviceRow, certificate_pem: str) -> Enrolled:
    """What the device is told."""
    return Enrolled(
        device_id=device.device_id,
        community_id=records.settings.community,
        certificate_pem=certificate_pem,
        root_pem=records.root_pem,
    )
