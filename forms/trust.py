"""Whom a verifier believes: one root, and the certificates it issued for documents, codes and policies.

Profile of an issuer certificate (X.509, RFC 5280), as records issues it and as this module demands it:

- key ECDSA P-256 (a policy key may be Ed25519); signed directly by the root; basicConstraints CA false; keyUsage
  digitalSignature;
- the subject holds exactly one organizational unit, and it is a ``Purpose``: a key made for one thing can't vouch for
  another. (Not an extended key usage: common verifiers refuse a document signature under a usage they don't know.)
- the key id is the first eight bytes of SHA-256 over the SubjectPublicKeyInfo.

A trust folder holds ``root.pem``, ``issuers.pem`` (certificates one after another), ``revoked.pem`` (the root's list of
what it takes back, RFC 5280; a folder without it knows of nothing), ``carried.cose`` (forms.carried) and, if there is a
service to ask, ``records-url`` (one line).
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from forms.errors import TrustError, UnknownIssuerError

ROOT_FILE, ISSUERS_FILE, REVOKED_FILE, URL_FILE = "root.pem", "issuers.pem", "revoked.pem", "records-url"
KEY_ID_BYTES = 8
_UNIT = x509.NameOID.ORGANIZATIONAL_UNIT_NAME

PublicKey: TypeAlias = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey


class Purpose(StrEnum):
    """What an issuer's key is for. The value is the certificate's organizational unit."""

    DOCUMENT = "document-signing"
    CODE = "code-signing"
    POLICY = "policy-signing"


def key_id(key: PublicKey) -> bytes:
    """Eight bytes that name a key."""
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True, slots=True)
class Issuer:
    """A certificate that the root issued for one purpose."""

    certificate: x509.Certificate
    purpose: Purpose

    @property
    def key(self) -> PublicKey:
        """The public key; of a document or code issuer always P-256."""
        return _key(self.certificate, self.purpose)

    def held_at(self, instant: datetime) -> bool:
        """Whether the certificate was valid at ``instant`` (aware)."""
        return self.certificate.not_valid_before_utc <= instant <= self.certificate.not_valid_after_utc


@dataclass(frozen=True, slots=True)
class TrustStore:
    """The root and its issuers, checked when made; ``records_url`` is empty when none is known."""

    root: x509.Certificate
    issuers: tuple[Issuer, ...]
    records_url: str = ""
    revoked: x509.CertificateRevocationList | None = None

    @classmethod
    def from_pem(cls, root_pem: str, issuers_pem: str, records_url: str = "", revoked_pem: str = "") -> "TrustStore":
        """From PEM text. Raises TrustError when a certificate is not as the profile demands."""
        try:
            root = x509.load_pem_x509_certificate(root_pem.encode())
            certificates = x509.load_pem_x509_certificates(issuers_pem.encode())
            revoked = x509.load_pem_x509_crl(revoked_pem.encode()) if revoked_pem else None
        except ValueError as error:
            raise TrustError("not PEM certificates") from error
        _check_root(root)
        _check_list(revoked, root)
        return cls(root, tuple(_issuer(certificate, root) for certificate in certificates), records_url, revoked)

    @classmethod
    def from_folder(cls, folder: Path) -> "TrustStore":
        """From a trust folder. Raises TrustError when a file is missing or not as the profile demands."""
        try:
            root_pem, issuers_pem = ((folder / name).read_text("ascii") for name in (ROOT_FILE, ISSUERS_FILE))
        except (OSError, UnicodeDecodeError) as error:
            raise TrustError(f"{ROOT_FILE} and {ISSUERS_FILE} are not both readable") from error
        url, revoked = (_text_of(folder / name) for name in (URL_FILE, REVOKED_FILE))
        return cls.from_pem(root_pem, issuers_pem, url.strip(), revoked)

    def vouched(self, certificate: x509.Certificate) -> Issuer:
        """A certificate met in a document, checked like those of the folder. Raises TrustError."""
        return _issuer(certificate, self.root)

    def updated(
        self, issuers: tuple[x509.Certificate, ...], revoked: x509.CertificateRevocationList | None
    ) -> "TrustStore":
        """The same root with more issuers, and the newer list of what it takes back. Raises TrustError."""
        _check_list(revoked, self.root)
        known = {each.certificate.fingerprint(SHA256()): each for each in self.issuers}
        for certificate in issuers:
            known.setdefault(certificate.fingerprint(SHA256()), self.vouched(certificate))
        return replace(self, issuers=tuple(known.values()), revoked=_newer(self.revoked, revoked))

    def revoked_at(self, certificate: x509.Certificate) -> datetime | None:
        """Since when the root takes a certificate back; None: it never did, as far as is known here."""
        number = certificate.serial_number
        entry = self.revoked.get_revoked_certificate_by_serial_number(number) if self.revoked else None
        return entry.revocation_date_utc if entry else None

    def issuer(self, identifier: bytes, purpose: Purpose, at: datetime) -> Issuer:
        """The issuer of that key id and purpose that was valid ``at``. Raises UnknownIssuerError."""
        for issuer in self.issuers:
            if issuer.purpose is purpose and key_id(issuer.key) == identifier:
                revoked = self.revoked_at(issuer.certificate)
                if issuer.held_at(at) and (revoked is None or at < revoked):
                    return issuer
                raise UnknownIssuerError("outside the key's validity")
        raise UnknownIssuerError("key")


def _check_root(root: x509.Certificate) -> None:
    try:
        root.verify_directly_issued_by(root)
        is_authority = root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound) as error:
        raise TrustError("the root does not sign itself as an authority") from error
    if not is_authority:
        raise TrustError("the root is no authority")


def _check_list(revoked: x509.CertificateRevocationList | None, root: x509.Certificate) -> None:
    key = root.public_key()
    if revoked is not None and not (isinstance(key, ec.EllipticCurvePublicKey) and revoked.is_signature_valid(key)):
        raise TrustError("the list of the revoked is not the root's")


def _newer(
    one: x509.CertificateRevocationList | None, other: x509.CertificateRevocationList | None
) -> x509.CertificateRevocationList | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda each: each.last_update_utc)


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8") if path.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise TrustError(f"{path.name} is not readable") from error


def _issuer(certificate: x509.Certificate, root: x509.Certificate) -> Issuer:
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise TrustError("a certificate was not issued by the root") from error
    issuer = Issuer(certificate, _purpose(certificate))
    _key(certificate, issuer.purpose)
    return issuer


def _purpose(certificate: x509.Certificate) -> Purpose:
    try:
        is_authority = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        signs = certificate.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    except (ValueError, x509.ExtensionNotFound) as error:
        raise TrustError("an issuer lacks an extension of the profile") from error
    units = [attribute.value for attribute in certificate.subject.get_attributes_for_oid(_UNIT)]
    if is_authority or not signs or len(units) != 1 or units[0] not in set(Purpose):
        raise TrustError("an issuer is not limited to one purpose")
    return Purpose(str(units[0]))


def _key(certificate: x509.Certificate, purpose: Purpose) -> PublicKey:
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    if purpose is Purpose.POLICY and isinstance(key, ed25519.Ed25519PublicKey):
        return key
    raise TrustError("a key is not of the profile's kind")
