"""The seal of an intake: made by the kiosk for records alone, which can't read again what it has sealed.

HPKE (RFC 9180), base mode, X25519, HKDF-SHA256, AES-256-GCM, one message to a key: enc and ciphertext together, in
base64. What it was sealed for is bound to it as HPKE's ``info`` (``contract.intakes.seal_info``).

A file is too large for that: AES-256-GCM (NIST SP 800-38D) under a key of its own, nonce (12 bytes) and ciphertext
together. Its key is sealed with the content, and its hash is bound to the header.
"""

import base64
import binascii
import hashlib
import secrets
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from backend_client.contract.base import PersonalWire
from backend_client.contract.intakes import CONTENTS, IntakeItem, IntakeKind, SealedFile, info_of, seal_info
from backend_client.contract.policy import IntakeRules
from backend_client.errors import SealUnreadableError

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_NONCE: Final = 12
_FILE: Final = b"lamplight-file-1"


def seal_intake(
    content: PersonalWire, intake_id: UUID, kind: IntakeKind, rules: IntakeRules, blobs: tuple[str, ...] = ()
) -> str:
    """Seal ``content`` to the key of ``rules``, for the item of this header: what goes into ``IntakeItem.sealed``,
    beside ``rules.key_id``. ValueError: no content of that kind, or the key of the rules is none."""
    if not isinstance(content, CONTENTS[kind]):
        raise ValueError(f"{type(content).__name__} is no content of {kind}")  # noqa: TRY004 - of a kind, not a type
    info = info_of(intake_id, kind, rules.key_id, blobs)
    sealed = _SUITE.encrypt(content.model_dump_json().encode("utf-8"), public_key(rules), info)
    return base64.b64encode(sealed).decode("ascii")


def open_seal(item: IntakeItem, key: X25519PrivateKey) -> bytes:
    """What was sealed, as JSON. SealUnreadableError: not to this key, not for this header, or no seal at all."""
    try:
        return bytes(_SUITE.decrypt(base64.b64decode(item.sealed, validate=True), key, seal_info(item)))
    except (InvalidTag, ValueError, binascii.Error):
        raise SealUnreadableError from None


def seal_file(content: bytes) -> tuple[bytes, SealedFile]:
    """What is sent of a file, 28 bytes longer than it, and what stands of it in the content."""
    key, nonce = AESGCM.generate_key(256), secrets.token_bytes(_NONCE)
    sent = nonce + AESGCM(key).encrypt(nonce, content, _FILE)
    return sent, SealedFile(sha256=hashlib.sha256(sent).hexdigest(), key=base64.b64encode(key).decode("ascii"))


def open_file(sent: bytes, file: SealedFile) -> bytes:
    """The file. SealUnreadableError: it is not what that key sealed."""
    try:
        return AESGCM(base64.b64decode(file.key, validate=True)).decrypt(sent[:_NONCE], sent[_NONCE:], _FILE)
    except (InvalidTag, ValueError, binascii.Error):
        raise SealUnreadableError from None


def public_key(rules: IntakeRules) -> X25519PublicKey:
    """The key that contents are sealed to. ValueError: it is none, or not the one of ``key_id``."""
    raw = base64.b64decode(rules.key, validate=True)
    if key_id_of(raw) != rules.key_id:
        raise ValueError("the intake key is not the one that its id names")
    return X25519PublicKey.from_public_bytes(raw)


def key_id_of(raw: bytes) -> str:
    """A key's id, from its 32 public bytes."""
    return hashlib.sha256(raw).hexdigest()[:16]
