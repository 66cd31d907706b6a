"""Password Authenticated Connection Establishment: the newer way in (ICAO 9303-11, 4.4).

Generic mapping over elliptic curves, with the zone of the page as the password.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final

from civic.errors import CodedError
from civic.mrz import MrzKey
from devices.chip import tlv
from devices.chip.channel import Channel
from devices.travel_document import curves
from devices.travel_document.apdu import DONE, MOST_SHORT, Command, PlainSession, Response, refusal
from devices.travel_document.api import DocumentProblem
from devices.travel_document.ciphers import FOR_MAC, FOR_PASSWORD, CipherSuite
from devices.travel_document.curves import Curve, Point
from devices.travel_document.problems import DocumentError
from devices.travel_document.secure_messaging import SecureMessaging

_ECDH_GENERIC_MAPPING = bytes.fromhex("04007F000702020402")  # 0.4.0.127.0.7.2.2.4.2, and one arc for the cipher
_SUITES: Final = {
    1: CipherSuite.TRIPLE_DES,
    2: CipherSuite.AES_128,
    3: CipherSuite.AES_192,
    4: CipherSuite.AES_256,
}
_VERSION = 2
_MRZ = b"\x01"
_DYNAMIC = 0x7C
_PUBLIC_KEY = 0x7F49

_SET, _SEQUENCE, _INTEGER, _OBJECT_IDENTIFIER = 0x31, 0x30, 0x02, 0x06


class PaceUnusableError(CodedError):
    """PACE ended before the password was put to the proof: what was said of it is not yet known to be wrong, and the
    document may be asked for BAC. ``detail``: the step and the status word."""

    code = "pace-unusable"


@dataclass(frozen=True, slots=True)
class PaceOffer:
    """One way of PACE that a chip offers and this reader knows. ``ambiguous``: the chip must be told which curve."""

    protocol: bytes  # an object identifier's value
    parameters: int
    ambiguous: bool = False

    @property
    def suite(self) -> CipherSuite:
        """The cipher of the session."""
        return _SUITES[self.protocol[-1]]

    @property
    def curve(self) -> Curve:
        """The domain parameters."""
        return curves.STANDARDISED[self.parameters]


def offers(card_access: bytes) -> tuple[PaceOffer, ...]:
    """The ways that EF.CardAccess offers and this reader knows, the strongest cipher first. Raises TlvError."""
    found = [offer for info in tlv.objects(tlv.read(card_access, _SET)) if (offer := _offer(info)) is not None]
    ambiguous = len({offer.parameters for offer in found}) > 1
    ordered = sorted(found, key=lambda offer: (offer.protocol[-1], offer.curve.order), reverse=True)
    return tuple(PaceOffer(offer.protocol, offer.parameters, ambiguous) for offer in ordered)


def _offer(info: tlv.DataObject) -> PaceOffer | None:
    """``PACEInfo ::= SEQUENCE { protocol OID, version INTEGER, parameterId INTEGER OPTIONAL }`` (9.2.1)."""
    parts = tlv.objects(info.value) if info.tag == _SEQUENCE else ()
    if [part.tag for part in parts] != [_OBJECT_IDENTIFIER, _INTEGER, _INTEGER]:
        return None
    protocol, version, parameters = parts[0].value, _integer(parts[1]), _integer(parts[2])
    known = protocol[:-1] == _ECDH_GENERIC_MAPPING and protocol[-1] in _SUITES and parameters in curves.STANDARDISED
    return PaceOffer(protocol, parameters) if known and version == _VERSION else None


def _integer(item: tlv.DataObject) -> int:
    return int.from_bytes(item.value, "big")


def open_session(
    channel: Channel, key: MrzKey, offer: PaceOffer, below: Callable[[int], int] = secrets.randbelow
) -> SecureMessaging:
    """Agree on session keys that only who knows ``key`` can agree on. ``below``: a number from 0 to its argument.

    Raises PaceUnusableError before the password is put to the proof; from then on DocumentError: WRONG_KEY, or REFUSED
    where the chip's own proof is wrong; what the channel raises.
    """
    session = PlainSession(channel)
    try:
        nonce = _nonce(session, key, offer)
        generator = _mapped_generator(session, offer.curve, nonce, below)
        ours, theirs, secret = _agree(session, offer.curve, generator, below)
    except (tlv.TlvError, curves.PointError, DocumentError) as error:
        raise PaceUnusableError(error.detail or error.code) from None
    mac_key = offer.suite.derive(secret, FOR_MAC)
    answer = _authenticate(session, 0x85, _token(offer, mac_key, theirs), last=True)
    if answer.status != DONE:
        raise refusal("PACE", answer.status)
    _check_proof(answer, _token(offer, mac_key, ours))
    return SecureMessaging(channel, offer.suite, secret)


def _nonce(session: PlainSession, key: MrzKey, offer: PaceOffer) -> int:
    """The random number that the chip sends encrypted with the password."""
    reference = tlv.encode(0x80, offer.protocol) + tlv.encode(0x83, _MRZ)
    if offer.ambiguous:
        reference += tlv.encode(0x84, bytes([offer.parameters]))
    chosen = session.exchange(Command(0x22, 0xC1, 0xA4, reference))  # MSE: Set AT
    if chosen.status != DONE:
        raise PaceUnusableError(f"MSE {chosen.status:04X}")
    encrypted = _answer(_authenticate(session), 0x80)
    secret = hashlib.sha1(key.information().encode("ascii"), usedforsecurity=False).digest()
    suite = offer.suite
    if not encrypted or len(encrypted) % suite.block_size:
        raise PaceUnusableError("nonce")
    return int.from_bytes(suite.decrypt(suite.derive(secret, FOR_PASSWORD), encrypted), "big")


def _mapped_generator(session: PlainSession, curve: Curve, nonce: int, below: Callable[[int], int]) -> Point:
    private = _private(curve, below)
    answer = _authenticate(session, 0x81, curves.encode(curve.generator * private))
    return curve.mapped(nonce, curve.point(_answer(answer, 0x82)) * private)


def _agree(
    session: PlainSession, curve: Curve, generator: Point, below: Callable[[int], int]
) -> tuple[bytes, bytes, bytes]:
    """Our public key, the chip's, and the secret."""
    private = _private(curve, below)
    ours = curves.encode(generator * private)
    theirs = _answer(_authenticate(session, 0x83, ours), 0x84)
    if theirs == ours:  # 4.4.1: a chip that sends ours back has none of its own
        raise curves.PointError("mirrored")
    return ours, theirs, curves.x_coordinate(curve.point(theirs) * private)


def _authenticate(session: PlainSession, tag: int = 0, value: bytes = b"", *, last: bool = False) -> Response:
    """GENERAL AUTHENTICATE; all but the last are chained."""
    data = tlv.encode(_DYNAMIC, tlv.encode(tag, value) if value else b"")
    return session.exchange(Command(0x86, 0, 0, data, MOST_SHORT, cla=0x00 if last else 0x10))


def _answer(response: Response, tag: int) -> bytes:
    if response.status != DONE:
        raise PaceUnusableError(f"GENERAL AUTHENTICATE {response.status:04X}")
    return tlv.need(response.data, _DYNAMIC, tag)


def _token(offer: PaceOffer, mac_key: bytes, public_key: bytes) -> bytes:
    """What proves to the owner of ``public_key`` that its sender has the same keys (4.4.3.4)."""
    named = tlv.encode(_OBJECT_IDENTIFIER, offer.protocol) + tlv.encode(0x86, public_key)
    return offer.suite.token(mac_key, tlv.encode(_PUBLIC_KEY, named))


def _check_proof(answer: Response, token: bytes) -> None:
    try:
        proven = compare_digest(_answer(answer, 0x86), token)
    except (tlv.TlvError, PaceUnusableError):
        proven = False
    if not proven:
        raise DocumentError(DocumentProblem.REFUSED, "PACE: the chip's proof")


def _private(curve: Curve, below: Callable[[int], int]) -> int:
    return 1 + below(curve.order - 1)
