"""A throw-away public-key infrastructure: one root, and a key with its certificate for each purpose."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from forms.trust import Purpose, TrustStore

NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
LIFETIME = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Identity:
    """A key and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """The certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM).decode()


@dataclass(frozen=True, slots=True)
class Pki:
    """A root and its issuers."""

    root: Identity
    document: Identity
    code: Identity
    policy: Identity

    @property
    def issuers_pem(self) -> str:
        """All issuers' certificates, one after another."""
        return self.document.pem + self.code.pem + self.policy.pem

    def trust(self) -> TrustStore:
        """What a verifier who believes this root holds."""
        return TrustStore.from_pem(self.root.pem, self.issuers_pem)


def make_pki(name: str = "Test") -> Pki:
    """Fresh keys; nothing is written to disk."""
    root = make_root(f"{name} root")
    document, code, policy = (make_issuer(root, purpose, f"{name} {purpose.name.lower()}") for purpose in Purpose)
    return Pki(root, document, code, policy)


def make_root(name: str) -> Identity:
    """A self-signed authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_named(name), _named(name), key).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    usage = _usage(sign=False)
    return Identity(key, builder.add_extension(usage, critical=True).sign(key, hashes.SHA256()))


def make_issuer(root: Identity, purpose: str, name: str) -> Identity:
    """A certificate by the profile of forms.trust; ``purpose`` is its organizational unit."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _builder(root.certificate.subject, _named(name, purpose), key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()), critical=False)
    )
    return Identity(key, builder.sign(root.key, hashes.SHA256()))


def make_time_stamper(root: Identity) -> Identity:
    """A certificate for time stamps alone (RFC 3161, 2.3)."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _builder(root.certificate.subject, _named("Test time stamps"), key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()), critical=False)
    )
    return Identity(key, builder.sign(root.key, hashes.SHA256()))


def _named(name: str, unit: str = "") -> x509.Name:
    attributes = [x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]
    if unit:
        attributes.append(x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    return x509.Name(attributes)


def _builder(issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOT_BEFORE)
        .not_valid_after(NOT_BEFORE + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign,
        crl_sign=not sign,
        encipher_only=False,
        decipher_only=False,
    )
