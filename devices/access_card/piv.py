"""A card's proof that it holds its card authentication key: PIV's slot 9E, which needs no PIN and works contactless.

NIST SP 800-73-4, part 2: SELECT (3.1.1), GET DATA (3.1.2), GENERAL AUTHENTICATE (3.2.4); SP 800-78-4: algorithm 11, ECC
on P-256. The card signs 32 random bytes as if they were a digest. The certificate is where its public key stands, and
no more: a grant names the key itself, so whose certificate it is decides nothing (docs/decisions/access-card.md).
"""

import zlib

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from devices.access_card.api import CardReason
from devices.access_card.problems import CardError
from devices.access_card.talk import DONE, ask
from devices.chip import tlv
from devices.chip.channel import Channel

CHALLENGE_BYTES = 32
_SELECT = bytes.fromhex("00A4040009A0000003080000100000")
_GET_CERTIFICATE = bytes.fromhex("00CB3FFF055C035FC10100")
_GENERAL_AUTHENTICATE = bytes.fromhex("0087119E")  # ECC P-256, the card authentication key
_NOT_FOUND = 0x6A82
_OBJECT, _CERTIFICATE, _CERTIFICATE_INFO = 0x53, 0x70, 0x71
_TEMPLATE, _CHALLENGE, _RESPONSE = 0x7C, 0x81, 0x82
_GZIP = 31  # zlib's window bits for a gzip member
_LONGEST = 8192  # bytes of a certificate that was stored compressed


def select(channel: Channel) -> bool:
    """Whether the card has the application. It stays selected."""
    return ask(channel, _SELECT)[1] == DONE


def proven_key(channel: Channel, challenge: bytes) -> bytes:
    """The public key (SubjectPublicKeyInfo, DER) that the card has just proved by signing ``challenge``: 32 bytes,
    fresh each time. The application is selected. Raises CardError, and what the channel does."""
    key = _public_key(_certificate(channel))
    template = tlv.encode(_TEMPLATE, tlv.encode(_RESPONSE, b"") + tlv.encode(_CHALLENGE, challenge))
    answer, status = ask(channel, _GENERAL_AUTHENTICATE + bytes([len(template)]) + template + b"\0")
    if status != DONE:
        raise CardError(CardReason.REFUSED, f"GENERAL AUTHENTICATE {status:04X}")
    try:
        key.verify(_need(answer, _TEMPLATE, _RESPONSE), challenge, ec.ECDSA(Prehashed(SHA256())))
    except InvalidSignature:
        raise CardError(CardReason.NOT_PROVEN) from None
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _certificate(channel: Channel) -> bytes:
    """DER, as the card carries it."""
    answer, status = ask(channel, _GET_CERTIFICATE)
    if status == _NOT_FOUND:
        raise CardError(CardReason.NO_KEY)
    if status != DONE:
        raise CardError(CardReason.REFUSED, f"GET DATA {status:04X}")
    inside = _need(answer, _OBJECT)
    if not inside:  # as a card says that an object was never written
        raise CardError(CardReason.NO_KEY)
    certificate = _need(inside, _CERTIFICATE)
    is_compressed = any(item.tag == _CERTIFICATE_INFO and item.value[:1] == b"\1" for item in tlv.objects(inside))
    return _unpacked(certificate) if is_compressed else certificate


def _public_key(certificate: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
    except UnsupportedAlgorithm:
        raise CardError(CardReason.KEY_UNFIT) from None
    except (ValueError, TypeError, x509.InvalidVersion):
        raise CardError(CardReason.DAMAGED, "certificate") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise CardError(CardReason.KEY_UNFIT)
    return key


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj(_GZIP).decompress(packed, _LONGEST)
    except zlib.error:
        raise CardError(CardReason.DAMAGED, "compressed certificate") from None


def _need(data: bytes, *path: int) -> bytes:
    try:
        return tlv.need(data, *path)
    except tlv.TlvError as error:
        raise CardError(CardReason.DAMAGED, f"data object: {error.detail}") from None
