"""The chip's end of secure messaging (ICAO 9303-11, 9.8): commands come in sealed, answers go out sealed."""

import hmac
from dataclasses import dataclass, replace

from simulators.chip.ciphers import AUTHENTICATION, ENCRYPTION, TDES, Suite, pad, unpad
from simulators.chip.command import Command, StatusError
from simulators.chip.tlv import parse, tlv

_PADDED, _PLAIN_ODD, _LE, _STATUS, _MAC = 0x87, 0x85, 0x97, 0x99, 0x8E
_MISSING, _WRONG = 0x6987, 0x6988
_SHORT_MOST, _EXTENDED_MOST = 256, 65536


@dataclass(slots=True)
class SecureMessaging:
    """One session. ``counter``: the send sequence counter, which no two messages share."""

    suite: Suite
    encryption: bytes
    authentication: bytes
    counter: int = 0

    @classmethod
    def begin(cls, suite: Suite, secret: bytes, counter: int = 0) -> "SecureMessaging":
        """A session whose keys come from a shared secret."""
        return cls(suite, suite.derive(secret, ENCRYPTION), suite.derive(secret, AUTHENTICATION), counter)

    def unwrap(self, command: Command) -> Command:
        """What the reader meant. Raises StatusError (6987, 6988), after which the session is over."""
        self.counter += 1
        try:
            objects = dict(parse(command.data))
        except ValueError:
            raise StatusError(_WRONG) from None
        if _MAC not in objects:
            raise StatusError(_MISSING)
        sealed = b"".join(tlv(tag, value) for tag, value in objects.items() if tag != _MAC)
        said = self._mac(pad(command.header, self.suite.block) + (pad(sealed, self.suite.block) if sealed else b""))
        if not hmac.compare_digest(said, objects[_MAC]):
            raise StatusError(_WRONG)
        le = _expected(objects[_LE]) if _LE in objects else None
        return replace(command, cla=command.cla & ~0x0C, data=self._opened(objects), le=le)

    def wrap(self, data: bytes, status: int, *, odd: bool = False) -> bytes:
        """The answer as it goes over the air, its outer status included."""
        self.counter += 1
        sealed = tlv(_STATUS, status.to_bytes(2, "big"))
        if data:
            hidden = self.suite.encrypt(self.encryption, pad(data, self.suite.block), self._iv())
            sealed = (tlv(_PLAIN_ODD, hidden) if odd else tlv(_PADDED, b"\x01", hidden)) + sealed
        mac = self._mac(pad(sealed, self.suite.block))
        return sealed + tlv(_MAC, mac) + status.to_bytes(2, "big")

    def _opened(self, objects: dict[int, bytes]) -> bytes:
        hidden = objects.get(_PLAIN_ODD, b"")
        if _PADDED in objects:
            if objects[_PADDED][:1] != b"\x01":
                raise StatusError(_WRONG)
            hidden = objects[_PADDED][1:]
        if len(hidden) % self.suite.block:
            raise StatusError(_WRONG)
        try:
            return unpad(self.suite.decrypt(self.encryption, hidden, self._iv())) if hidden else b""
        except ValueError:
            raise StatusError(_WRONG) from None

    def _mac(self, padded: bytes) -> bytes:
        message = self._sequence() + padded
        # the retail MAC pads once more by itself: a padded message is given to it as it was before
        return self.suite.mac(self.authentication, unpad(message) if self.suite is TDES else message)

    def _iv(self) -> bytes | None:
        return None if self.suite is TDES else self.suite.encrypt(self.encryption, self._sequence())

    def _sequence(self) -> bytes:
        return (self.counter % (1 << 8 * self.suite.block)).to_bytes(self.suite.block, "big")


def _expected(value: bytes) -> int:
    return int.from_bytes(value, "big") or (_SHORT_MOST if len(value) == 1 else _EXTENDED_MOST)
