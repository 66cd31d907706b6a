"""A state that issues travel documents, made up: its country authority, its document signers, its security objects
(ICAO 9303-10 4.6.2, 9303-12)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from simulators.chip.tlv import tlv

_HASH = "sha256"
_SALT = 32
_LDS_SECURITY_OBJECT = "2.23.136.1.1.1"  # icao-mrtd-security-ldsSecurityObject
_SIGNED_DATA = 0x77
_FOUNDED, _ENDS = datetime(2012, 1, 1, tzinfo=UTC), datetime(2041, 1, 1, tzinfo=UTC)


class SignatureKind(Enum):
    """How a document signer signs."""

    ECDSA = "ecdsa"
    RSA_PSS = "rsa-pss"


class _GroupHash(core.Sequence):  # type: ignore[misc]  # asn1crypto is untyped
    _fields = [("number", core.Integer), ("value", core.OctetString)]  # noqa: RUF012 - asn1crypto's way


class _GroupHashes(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _GroupHash


class _SecurityObject(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("algorithm", algos.DigestAlgorithm),
        ("hashes", _GroupHashes),
    ]


@dataclass(frozen=True, slots=True)
class Signer:
    """A document signer: key and certificate."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate

    def sign(self, data: bytes) -> bytes:
        """SHA-256 with ECDSA or RSASSA-PSS."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), _SALT), hashes.SHA256())
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))

    def algorithm(self) -> dict[str, object]:
        """As CMS names it."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            mask = {"algorithm": "mgf1", "parameters": {"algorithm": _HASH}}
            values = {"hash_algorithm": {"algorithm": _HASH}, "mask_gen_algorithm": mask, "salt_length": _SALT}
            return {"algorithm": "rsassa_pss", "parameters": algos.RSASSAPSSParams(values)}
        return {"algorithm": "sha256_ecdsa"}


class Issuer:
    """One country's authority (CSCA). ``country``: ISO 3166 alpha-2. Two of the same country have the same name, and
    other keys: only a signature tells them apart."""

    def __init__(self, country: str) -> None:
        self.country = country

    @cached_property
    def _key(self) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    @cached_property
    def certificate(self) -> x509.Certificate:
        """The authority's own, which an operator would put into the kiosk's store."""
        builder = self._builder(self._name("CSCA"), self._key.public_key(), _FOUNDED, _ENDS, authority=True)
        return builder.sign(self._key, hashes.SHA256())

    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    def signer(self, kind: SignatureKind, start: datetime, end: datetime) -> Signer:
        """A document signer (DSC), valid from ``start`` to ``end``."""
        key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = ec.generate_private_key(ec.SECP256R1())
        if kind is SignatureKind.RSA_PSS:
            key = rsa.generate_private_key(65537, 2048)
        builder = self._builder(self._name("Document signer"), key.public_key(), start, end, authority=False)
        return Signer(key, builder.sign(self._key, hashes.SHA256()))

    def _name(self, role: str) -> x509.Name:
        unit = x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{role} {self.country} SPECIMEN")
        return x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, self.country), unit])

    def _builder(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
        start: datetime,
        end: datetime,
        *,
        authority: bool,
    ) -> x509.CertificateBuilder:
        """By the profile of 9303-12, 7.1."""
        return (
            x509.CertificateBuilder()
            .issuer_name(self._name("CSCA"))
            .subject_name(subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(authority, 0 if authority else None), critical=True)
            .add_extension(_usage(authority=authority), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )


def security_object(groups: Mapping[int, bytes], named: Signer, signed_at: datetime, by: Signer | None = None) -> bytes:
    """EF.SOD over the data groups (number to content). ``named`` is the signer whose certificate it holds; ``by``: who
    really signs, where that is another."""
    hashed = [{"number": each, "value": hashlib.sha256(groups[each]).digest()} for each in sorted(groups)]
    values = {"version": 0, "algorithm": {"algorithm": _HASH}, "hashes": hashed}
    content = _SecurityObject(values).dump()
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": [_LDS_SECURITY_OBJECT]}),
            cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": signed_at})]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
        ]
    )
    certificate = asn1_x509.Certificate.load(named.certificate.public_bytes(Encoding.DER))
    signature = (by or named).sign(attributes.dump())
    return tlv(_SIGNED_DATA, _signed_data(content, certificate, attributes, named, signature))


def _signed_data(
    content: bytes, certificate: asn1_x509.Certificate, attributes: cms.CMSAttributes, named: Signer, signature: bytes
) -> bytes:
    identity = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(identity)),
        "digest_algorithm": {"algorithm": _HASH},
        "signed_attrs": attributes,
        "signature_algorithm": named.algorithm(),
        "signature": signature,
    }
    signed = {
        "version": "v3",
        "digest_algorithms": [{"algorithm": _HASH}],
        "encap_content_info": {"content_type": _LDS_SECURITY_OBJECT, "content": core.ParsableOctetString(content)},
        "certificates": [certificate],
        "signer_infos": [signer],
    }
    wrapped: bytes = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)}).dump()
    return wrapped


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
