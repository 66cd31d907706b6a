"""Basic Access Control: the older way in, by challenge and response with triple DES (ICAO 9303-11, 4.3)."""

import hashlib
import secrets
from collections.abc import Callable
from hmac import compare_digest

from civic.mrz import MrzKey
from devices.chip.channel import Channel
from devices.travel_document.apdu import DONE, Command, PlainSession, refusal
from devices.travel_document.api import DocumentProblem
from devices.travel_document.ciphers import FOR_ENCRYPTION, FOR_MAC, CipherSuite
from devices.travel_document.problems import DocumentError
from devices.travel_document.secure_messaging import SecureMessaging

_SUITE = CipherSuite.TRIPLE_DES
_CHALLENGE = 8
_KEY_PART = 16
_MAC = 8
_ANSWER = 2 * _CHALLENGE + _KEY_PART + _MAC


def open_session(
    channel: Channel, key: MrzKey, random: Callable[[int], bytes] = secrets.token_bytes
) -> SecureMessaging:
    """Prove knowledge of ``key`` to the selected application, and have it proven. ``random``: that many bytes.

    Raises DocumentError: WRONG_KEY, or REFUSED where the chip knows no BAC; what the channel raises.
    """
    session = PlainSession(channel)
    challenge = session.exchange(Command(0x84, 0, 0, le=_CHALLENGE))  # GET CHALLENGE
    if challenge.status != DONE or len(challenge.data) != _CHALLENGE:
        raise DocumentError(DocumentProblem.REFUSED, f"GET CHALLENGE {challenge.status:04X}")
    ours, part = random(_CHALLENGE), random(_KEY_PART)
    seed = hashlib.sha1(key.information().encode("ascii"), usedforsecurity=False).digest()[:_KEY_PART]
    keys = _SUITE.derive(seed, FOR_ENCRYPTION), _SUITE.derive(seed, FOR_MAC)
    proof = _sealed(keys, ours + challenge.data + part)
    answer = session.exchange(Command(0x82, 0, 0, proof, le=_ANSWER))  # EXTERNAL (MUTUAL) AUTHENTICATE
    if answer.status != DONE:
        raise refusal("BAC", answer.status)
    theirs = _unsealed(keys, answer.data)
    if theirs[: 2 * _CHALLENGE] != challenge.data + ours:
        raise DocumentError(DocumentProblem.REFUSED, "BAC: the chip's proof")
    secret = bytes(a ^ b for a, b in zip(part, theirs[2 * _CHALLENGE :], strict=True))
    counter = int.from_bytes(challenge.data[-4:] + ours[-4:], "big")
    return SecureMessaging(channel, _SUITE, secret, counter)


def _sealed(keys: tuple[bytes, bytes], text: bytes) -> bytes:
    """E || M."""
    sealed = _SUITE.encrypt(keys[0], text)
    return sealed + _SUITE.mac(keys[1], sealed)


def _unsealed(keys: tuple[bytes, bytes], data: bytes) -> bytes:
    sealed, mac = data[:-_MAC], data[-_MAC:]
    if len(data) != _ANSWER or not compare_digest(mac, _SUITE.mac(keys[1], sealed)):
        raise DocumentError(DocumentProblem.REFUSED, "BAC: the chip's proof")
    return _SUITE.decrypt(keys[0], sealed)
