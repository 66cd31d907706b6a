"""Basic access control, the chip's end (ICAO 9303-11, 4.3): whoever has read the page may come in."""

import hashlib
import hmac
import secrets

from simulators.chip.ciphers import AUTHENTICATION, ENCRYPTION, TDES
from simulators.chip.command import StatusError
from simulators.chip.secure_messaging import SecureMessaging

_NONCE, _KEY, _MAC = 8, 16, 8
_CRYPTOGRAM = 2 * _NONCE + _KEY
_SEED = 16


class BasicAccessControl:
    """``information``: the MRZ information that the chip's keys are made of. ``chance`` gives random bytes."""

    def __init__(self, information: str) -> None:
        seed = hashlib.sha1(information.encode("ascii")).digest()[:_SEED]  # noqa: S324 - the standard's choice
        self._encryption, self._authentication = TDES.derive(seed, ENCRYPTION), TDES.derive(seed, AUTHENTICATION)
        self._nonce = b""

    def challenge(self) -> bytes:
        """GET CHALLENGE: RND.IC, good for one try."""
        self._nonce = secrets.token_bytes(_NONCE)
        return self._nonce

    def authenticate(self, data: bytes, chance: bytes | None = None) -> tuple[bytes, SecureMessaging]:
        """EXTERNAL AUTHENTICATE: the answer, and the session. Raises StatusError: 6985 (no challenge), 6700, 6300."""
        nonce, self._nonce = self._nonce, b""
        if not nonce:
            raise StatusError(0x6985)
        if len(data) != _CRYPTOGRAM + _MAC:
            raise StatusError(0x6700)
        if not hmac.compare_digest(TDES.mac(self._authentication, data[:_CRYPTOGRAM]), data[_CRYPTOGRAM:]):
            raise StatusError(0x6300)
        plain = TDES.decrypt(self._encryption, data[:_CRYPTOGRAM])
        theirs, echoed, their_key = plain[:_NONCE], plain[_NONCE : 2 * _NONCE], plain[2 * _NONCE :]
        if echoed != nonce:
            raise StatusError(0x6300)
        key = chance or secrets.token_bytes(_KEY)
        answer = TDES.encrypt(self._encryption, nonce + theirs + key)
        secret = bytes(a ^ b for a, b in zip(their_key, key, strict=True))
        counter = int.from_bytes(nonce[-4:] + theirs[-4:], "big")
        return answer + TDES.mac(self._authentication, answer), SecureMessaging.begin(TDES, secret, counter)
