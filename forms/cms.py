"""Signed data (RFC 5652) by one ECDSA P-256 key, as CAdES wants them (ETSI EN 319 122-1): with ESSCertIDv2 (RFC 5035),
which ties the signature to its certificate, and the algorithms named inside what is signed (RFC 6211).

There is no signing-time attribute: PAdES forbids it, and a time stamp has its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from forms import der

DATA = "1.2.840.113549.1.7.1"
SHA256 = der.sequence(der.identifier("2.16.840.1.101.3.4.2.1"))  # no parameters (RFC 5754, 2)
_SIGNED_DATA = der.identifier("1.2.840.113549.1.7.2")
_ECDSA_SHA256 = der.sequence(der.identifier("1.2.840.10045.4.3.2"))
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52"
_TIME_STAMP = "1.2.840.113549.1.9.16.2.14"


class SigningKey(Protocol):
    """A P-256 key that signs and is never seen: ``cryptography``'s own in a file, or one in a token."""

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """What its signatures are checked with."""

    def sign(self, data: bytes, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """The ECDSA signature of ``data`` in DER (RFC 3279, 2.2.3)."""


@dataclass(frozen=True, slots=True, repr=False)
class Signature:
    """A signature not yet wrapped up, so that a time stamp over ``value`` can join it (RFC 3161, appendix A)."""

    value: bytes
    _content_type: bytes
    _content: bytes | None
    _attributes: bytes
    _signer: x509.Certificate
    _certificates: tuple[bytes, ...]

    def wrapped(self, time_stamp: bytes = b"", *, with_certificates: bool = True) -> bytes:
        """The ContentInfo in DER; ``time_stamp``: a token (DER) over ``value``, or nothing."""
        certificates = (der.tagged(0, b"".join(self._certificates)),) if with_certificates else ()
        content = () if self._content is None else (der.tagged(0, der.octets(self._content)),)
        version = 1 if self._content_type == der.identifier(DATA) else 3  # RFC 5652, 5.1
        signed_data = der.sequence(
            der.integer(version),
            der.set_of([SHA256]),
            der.sequence(self._content_type, *content),
            *certificates,
            der.set_of([self._signer_info(time_stamp)]),
        )
        return der.sequence(_SIGNED_DATA, der.tagged(0, signed_data))

    def _signer_info(self, time_stamp: bytes) -> bytes:
        unsigned = (der.tagged(1, attribute(_TIME_STAMP, time_stamp)),) if time_stamp else ()
        return der.sequence(
            der.integer(1),
            der.sequence(self._signer.issuer.public_bytes(), der.integer(self._signer.serial_number)),
            SHA256,
            der.tagged(0, der.body(self._attributes)),
            _ECDSA_SHA256,
            der.octets(self.value),
            *unsigned,
        )


def sign(
    digest: bytes,
    key: SigningKey,
    certificate: x509.Certificate,
    chain: Iterable[x509.Certificate] = (),
    content: tuple[str, bytes] | None = None,
) -> Signature:
    """Sign a SHA-256 ``digest`` of detached data, or of ``content`` (its type's identifier and its bytes) inside.

    ``chain``: certificates that travel along, besides the signer's own.
    """
    content_type = der.identifier(content[0] if content else DATA)
    own = certificate.public_bytes(Encoding.DER)
    certificate_id = der.sequence(der.octets(sha256(own).digest()))  # SHA-256 is the default (RFC 5035, 4)
    attributes = der.set_of(
        (
            attribute(_CONTENT_TYPE, content_type),
            attribute(_MESSAGE_DIGEST, der.octets(digest)),
            attribute(_SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(certificate_id))),
            attribute(_ALGORITHM_PROTECTION, der.sequence(SHA256, der.tagged(1, der.body(_ECDSA_SHA256)))),
        )
    )
    value = key.sign(attributes, ec.ECDSA(hashes.SHA256()))
    certificates = sorted({own, *(each.public_bytes(Encoding.DER) for each in chain)})
    return Signature(value, content_type, content[1] if content else None, attributes, certificate, tuple(certificates))


def attribute(kind: str, value: bytes) -> bytes:
    """An attribute of one value."""
    return der.sequence(der.identifier(kind), der.set_of([value]))
