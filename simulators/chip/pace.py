"""Password authenticated connection establishment, the chip's end: generic mapping on curves (ICAO 9303-11, 4.4)."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from simulators.chip.ciphers import AES128, AES192, AES256, PASSWORD, TDES, Suite
from simulators.chip.command import Command, StatusError
from simulators.chip.curves import Curve, Point
from simulators.chip.secure_messaging import SecureMessaging
from simulators.chip.tlv import parse, tlv

_PROTOCOL = bytes.fromhex("04007f000702020402")  # id-PACE-ECDH-GM
_LAST = {TDES: 1, AES128: 2, AES192: 3, AES256: 4}
_NONCE = 16
_MRZ = b"\x01"  # the password is made of the zone
_OID, _REFERENCE, _DYNAMIC = 0x80, 0x83, 0x7C
_CHAINED = 0x10


@dataclass(frozen=True, slots=True)
class PaceOffer:
    """What a chip offers: a cipher and a curve."""

    suite: Suite
    curve: Curve

    @property
    def protocol(self) -> bytes:
        """The protocol's object identifier, without tag and length."""
        return _PROTOCOL + bytes([_LAST[self.suite]])

    def card_access(self) -> bytes:
        """EF.CardAccess: SET OF one PACEInfo, version 2 (9.2)."""
        info = (tlv(0x06, self.protocol), tlv(0x02, b"\x02"), tlv(0x02, bytes([self.curve.parameter_id])))
        return tlv(0x31, tlv(0x30, *info))


@dataclass(frozen=True, slots=True)
class Chance:
    """The chip's random values: nonce, and the two private keys. Tests give those of the standard's worked example."""

    nonce: bytes
    mapping: int
    agreement: int


class Pace:
    """One run of the protocol; any mistake and it begins anew."""

    def __init__(self, offer: PaceOffer, information: str, chance: Chance | None = None) -> None:
        self._offer, self._curve, self._suite = offer, offer.curve, offer.suite
        password = hashlib.sha1(information.encode("ascii")).digest()  # noqa: S324 - the standard's choice
        self._key = offer.suite.derive(password, PASSWORD)
        self._given = chance
        self._chance: Chance | None = None
        self._base: Point | None = None
        self._own = self._theirs = b""
        self._session: SecureMessaging | None = None

    def choose(self, data: bytes) -> None:
        """MSE:Set AT. Raises StatusError: 6A80 for a protocol or password that the chip does not offer."""
        try:
            objects = dict(parse(data))
        except ValueError:
            raise StatusError(0x6A80) from None
        if objects.get(_OID) != self._offer.protocol or objects.get(_REFERENCE) != _MRZ:
            raise StatusError(0x6A80)
        self._chance = self._given or Chance(secrets.token_bytes(_NONCE), self._curve.secret(), self._curve.secret())
        self._base, self._own, self._session = None, b"", None

    def step(self, command: Command) -> tuple[bytes, SecureMessaging | None]:
        """GENERAL AUTHENTICATE, one of four: the answer, and after the last one the session. Raises StatusError."""
        try:
            ((tag, value),) = parse(command.data)
            asked = list(parse(value))
            answer = self._next(asked[0] if asked else None)
        except (ValueError, IndexError):
            raise StatusError(0x6A80) from None
        done = asked and asked[0][0] == 0x85  # noqa: PLR2004 - the reader's token: the last step
        if tag != _DYNAMIC or bool(command.cla & _CHAINED) == bool(done):
            raise StatusError(0x6A80)
        return tlv(_DYNAMIC, answer), self._session if done else None

    def _next(self, asked: tuple[int, bytes] | None) -> bytes:
        chance = self._chance
        if chance is None:
            raise StatusError(0x6985)
        match asked:
            case None:
                return tlv(0x80, self._suite.encrypt(self._key, chance.nonce))
            case (0x81, theirs):
                return tlv(0x82, self._map(chance, theirs))
            case (0x83, theirs) if self._base is not None:
                return tlv(0x84, self._agree(chance, self._base, theirs))
            case (0x85, token) if self._session is not None:
                return tlv(0x86, self._vouch(self._session, token))
            case _:
                raise StatusError(0x6985)

    def _map(self, chance: Chance, theirs: bytes) -> bytes:
        """A generator that only both know: sG + H."""
        shared = self._curve.times(chance.mapping, self._curve.decode(theirs))
        nonce = int.from_bytes(chance.nonce, "big")
        self._base = self._curve.add(self._curve.times_generator(nonce), shared)
        return self._curve.encode(self._curve.times_generator(chance.mapping))

    def _agree(self, chance: Chance, base: Point, theirs: bytes) -> bytes:
        """Key agreement over that generator."""
        self._own = self._curve.encode(self._curve.times(chance.agreement, base))
        self._theirs = theirs
        if theirs == self._own:
            raise StatusError(0x6300)
        secret = self._curve.octets(self._curve.x_of_product(chance.agreement, self._curve.decode(theirs)))
        self._session = SecureMessaging.begin(self._suite, secret)
        return self._own

    def _vouch(self, session: SecureMessaging, token: bytes) -> bytes:
        self._chance = None
        if not hmac.compare_digest(token, self._token(session, self._own)):
            raise StatusError(0x6300)
        return self._token(session, self._theirs)

    def _token(self, session: SecureMessaging, public: bytes) -> bytes:
        """A MAC over the other side's public key (4.4.3.4)."""
        message = tlv(0x7F49, tlv(0x06, self._offer.protocol), tlv(0x86, public))
        return self._suite.mac(session.authentication, message)
