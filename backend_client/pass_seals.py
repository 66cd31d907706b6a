"""A gate's answer to an officer's question, sealed to the key that was made for that question alone: HPKE as of an
intake (backend_client.seals), the question bound to it as ``info``.
"""

import base64
import binascii
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from pydantic import ValidationError

from backend_client.contract.gates import Passes, PassesAskedOf, PassesSealed
from backend_client.errors import SealUnreadableError

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def seal_passes(passes: Passes, asked: PassesAskedOf) -> PassesSealed:
    """For whoever holds the question's private key. ValueError: its key is none."""
    key = X25519PublicKey.from_public_bytes(base64.b64decode(asked.key, validate=True))
    sealed = _SUITE.encrypt(passes.model_dump_json().encode("utf-8"), key, _info(asked.ask))
    return PassesSealed(sealed=base64.b64encode(sealed).decode("ascii"))


def open_passes(sealed: PassesSealed, ask: str, key: X25519PrivateKey) -> Passes:
    """The answer. SealUnreadableError: not to this key, not to this question, or no seal at all."""
    try:
        opened = _SUITE.decrypt(base64.b64decode(sealed.sealed, validate=True), key, _info(ask))
        return Passes.model_validate_json(bytes(opened))
    except (InvalidTag, ValidationError, ValueError, binascii.Error):
        raise SealUnreadableError from None


def _info(ask: str) -> bytes:
    return f"lamplight-passes-1\x1f{ask}".encode("ascii")
