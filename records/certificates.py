"""X.509 certificates as records issue them (RFC 5280): one root, and leaves that each do one thing.

The root signs the document, code and policy certificates, the authority of the devices and the service's own TLS
certificate. A device's certificate is signed by the device authority alone, so that TLS accepts nothing else.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

PublicKey: TypeAlias = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

_LIST_HOLDS = timedelta(days=1)
_CLOCK_SLACK = timedelta(minutes=10)  # a device whose clock is a little behind must not refuse a new certificate


@dataclass(frozen=True, slots=True)
class Authority:
    """A key that signs certificates, and its own certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Profile:
    """What a certificate is for. ``usages``: extended key usages, none for those that sign papers (see forms.trust)."""

    days: int
    authority: bool = False
    path_length: int | None = None
    non_repudiation: bool = False
    usages: tuple[ObjectIdentifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate taken back: what its key signed from ``at`` (aware) on does not count."""

    serial_number: int
    at: datetime
    reason: x509.ReasonFlags


ROOT = Profile(days=3653, authority=True, path_length=1)
DEVICE_AUTHORITY = Profile(days=1827, authority=True, path_length=0)
DEVICE = Profile(days=90, usages=(ExtendedKeyUsageOID.CLIENT_AUTH,))
SERVER = Profile(days=397, usages=(ExtendedKeyUsageOID.SERVER_AUTH,))
DOCUMENT = Profile(days=1096, non_repudiation=True)
TIME_STAMPS = Profile(days=3653, usages=(ExtendedKeyUsageOID.TIME_STAMPING,))  # outlives what it stamps
ISSUER = Profile(days=1096)  # of codes and of the policy; its organizational unit says which (forms.trust)


def name(common_name: str, organization: str, unit: str = "") -> x509.Name:
    """A distinguished name in China; ``unit`` is left out when empty."""
    parts = [(NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, organization)]
    parts += [(NameOID.ORGANIZATIONAL_UNIT_NAME, unit)] if unit else []
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in [*parts, (NameOID.COMMON_NAME, common_name)]])


def _key_usage(profile: Profile) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not profile.authority,
        content_commitment=profile.non_repudiation,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=profile.authority,
        crl_sign=profile.authority,
        encipher_only=False,
        decipher_only=False,
    )


def _draft(
    subject: x509.Name, key: PublicKey, issuer: x509.Name, profile: Profile, now: datetime
) -> x509.CertificateBuilder:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SLACK)
        .not_valid_after(now + timedelta(days=profile.days))
        .add_extension(x509.BasicConstraints(ca=profile.authority, path_length=profile.path_length), critical=True)
        .add_extension(_key_usage(profile), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )
    if not profile.usages:
        return builder
    critical = profile == TIME_STAMPS  # RFC 3161, 2.3
    return builder.add_extension(x509.ExtendedKeyUsage(profile.usages), critical=critical)


def began(certificate: x509.Certificate) -> datetime:
    """When its key was made: the certificate says a little earlier."""
    return certificate.not_valid_before_utc + _CLOCK_SLACK


def self_signed(key: ec.EllipticCurvePrivateKey, subject: x509.Name, now: datetime) -> x509.Certificate:
    """The root: it vouches for itself."""
    return _draft(subject, key.public_key(), subject, ROOT, now).sign(key, hashes.SHA256())


def issue(
    authority: Authority,
    key: PublicKey,
    subject: x509.Name,
    profile: Profile,
    now: datetime,
    names: tuple[str, ...] = (),
) -> x509.Certificate:
    """A certificate for ``key``, signed by ``authority``. ``names``: DNS names and addresses of a server."""
    issuer = authority.certificate
    builder = _draft(subject, key, issuer.subject, profile, now).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_general(each) for each in names]), critical=False)
    return builder.sign(authority.key, hashes.SHA256())


def revocation_list(authority: Authority, revoked: Iterable[Revoked], now: datetime) -> x509.CertificateRevocationList:
    """The authority's list of what it takes back (RFC 5280, 5), good for a day."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now - _CLOCK_SLACK)
        .next_update(now + _LIST_HOLDS)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
    )
    for each in revoked:
        builder = builder.add_revoked_certificate(_entry(each))
    return builder.sign(authority.key, hashes.SHA256(), ecdsa_deterministic=True)  # asked again, the same list


def _entry(revoked: Revoked) -> x509.RevokedCertificate:
    entry = x509.RevokedCertificateBuilder().serial_number(revoked.serial_number).revocation_date(revoked.at)
    return entry.add_extension(x509.CRLReason(revoked.reason), critical=False).build()


def _general(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
