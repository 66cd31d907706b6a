"""The key that numbers of phones are encrypted with: ``keys/contacts.key``, 32 bytes, for nothing else.

AES-256-GCM with a new nonce each time, bound to whom and what it is for: a value moved to another row does not open.
"""

import base64
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from records.errors import DataFolderError
from records.keys import sync, write_private

_FILE = "contacts.key"
_KEY_BYTES = 32
_NONCE_BYTES = 12


def create_missing(keys: Path) -> None:
    """Make the key unless it is there."""
    if not (keys / _FILE).exists():
        write_private(keys / _FILE, secrets.token_bytes(_KEY_BYTES))
        sync(keys)


def seal(keys: Path, text: str, *bound_to: str) -> str:
    """``text``, unreadable: base64 of nonce and ciphertext."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = _cipher(keys).encrypt(nonce, text.encode("utf-8"), _bound(bound_to))
    return base64.b64encode(nonce + sealed).decode("ascii")


def opened(keys: Path, sealed: str, *bound_to: str) -> str:
    """What was sealed. DataFolderError: with another key, or for another row."""
    content = base64.b64decode(sealed)
    nonce, ciphertext = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
    try:
        return _cipher(keys).decrypt(nonce, ciphertext, _bound(bound_to)).decode("utf-8")
    except InvalidTag:
        raise DataFolderError(f"{_FILE} does not open what is stored; restore it from the backup") from None


def _bound(parts: tuple[str, ...]) -> bytes:
    return "\x1f".join(("lamplight-contact-1", *parts)).encode("utf-8")


def _cipher(keys: Path) -> AESGCM:
    try:
        key = (keys / _FILE).read_bytes()
    except OSError as error:
        raise DataFolderError(f"{_FILE} can't be read: {error.strerror}") from None
    if len(key) != _KEY_BYTES:
        raise DataFolderError(f"{_FILE} is damaged")
    return AESGCM(key)
