"""A file that only the holder of an offline key can read, written and read in one pass.

``LAMPLIGHT-BACKUP 1``, a header in clear (JSON, nothing personal), a fresh key wrapped to the backup key (HPKE,
RFC 9180: X25519, HKDF-SHA256, AES-256-GCM; bound to the header), then the content in pieces of one mebibyte under
AES-256-GCM. A piece's nonce is its number and whether it is the last: none can be altered, left out, moved or cut off
unseen.
"""

import json
import os
import secrets
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from records.backup.folder import durable
from records.errors import BackupError

_MAGIC = b"LAMPLIGHT-BACKUP 1\n"
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_KEY_BYTES, _TAG_BYTES = 32, 16
_PIECE = 1 << 20
_LARGEST_HEAD = 64 * 1024
_LENGTH = struct.Struct(">I")
_MODE = 0o600


@contextmanager
def sealed(path: Path, header: dict[str, Any], key: X25519PublicKey) -> Iterator[BinaryIO]:
    """A stream to write the content to. The file appears under its name when all of it is on the disk, or never."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE), "wb") as file:
            writer = _Writer(file, header, key)
            yield writer  # type: ignore[misc] # all that tarfile's stream needs
            writer.finish()
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    durable(path.parent)


@contextmanager
def opened(path: Path, key: X25519PrivateKey) -> Iterator[tuple[dict[str, Any], BinaryIO]]:
    """The header and a stream of the content. BackupError: of another key, cut off or altered."""
    with path.open("rb") as file:
        head = _head(file, path.name)
        reader = _Reader(file, head, key, path.name)
        yield json.loads(head), reader  # type: ignore[misc] # all that tarfile's stream needs


def header(path: Path) -> dict[str, Any]:
    """The header as it stands in clear: believed only once the file was opened with the key. BackupError."""
    with path.open("rb") as file:
        read: dict[str, Any] = json.loads(_head(file, path.name))
        return read


class _Writer:
    def __init__(self, file: BinaryIO, header: dict[str, Any], key: X25519PublicKey) -> None:
        head = json.dumps(header, sort_keys=True).encode("utf-8")
        secret = secrets.token_bytes(_KEY_BYTES)
        wrapped = _SUITE.encrypt(secret, key, _info(head))
        file.write(_MAGIC + _LENGTH.pack(len(head)) + head + _LENGTH.pack(len(wrapped)) + wrapped)
        self._file, self._cipher = file, AESGCM(secret)
        self._number, self._pending = 0, bytearray()

    def write(self, content: bytes) -> int:
        """Take some of the content."""
        self._pending += content
        while len(self._pending) > _PIECE:  # the last piece is only known at the end
            self._put(bytes(self._pending[:_PIECE]), last=False)
            del self._pending[:_PIECE]
        return len(content)

    def flush(self) -> None:
        """Nothing leaves before a piece is full."""

    def finish(self) -> None:
        """The content is whole."""
        self._put(bytes(self._pending), last=True)

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, None))
        self._number += 1


class _Reader:
    def __init__(self, file: BinaryIO, head: bytes, key: X25519PrivateKey, name: str) -> None:
        self._file, self._name = file, name
        try:
            secret = _SUITE.decrypt(_measured(file, name), key, _info(head))
        except (InvalidTag, ValueError):
            raise BackupError(f"{name} is not sealed to this key, or was altered") from None
        self._cipher = AESGCM(secret)
        self._number, self._ready, self._ended = 0, bytearray(), False
        self._next = file.read(_PIECE + _TAG_BYTES)

    def read(self, size: int = -1) -> bytes:
        """The next bytes of the content, fewer only at its end."""
        while not self._ended and (size < 0 or len(self._ready) < size):
            self._ready += self._piece()
        taken = bytes(self._ready if size < 0 else self._ready[:size])
        del self._ready[: len(taken)]
        return taken

    def _piece(self) -> bytes:
        this, self._next = self._next, self._file.read(_PIECE + _TAG_BYTES)
        self._ended = not self._next
        try:
            piece = self._cipher.decrypt(_nonce(self._number, last=self._ended), this, None)
        except InvalidTag:
            raise BackupError(f"{self._name} is cut off or was altered") from None
        self._number += 1
        return piece


def _head(file: BinaryIO, name: str) -> bytes:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise BackupError(f"{name} is no backup of records")
    head = _measured(file, name)
    try:
        read = json.loads(head)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise BackupError(f"{name} is damaged")
    return head


def _measured(file: BinaryIO, name: str) -> bytes:
    length = file.read(_LENGTH.size)
    size = _LENGTH.unpack(length)[0] if len(length) == _LENGTH.size else _LARGEST_HEAD + 1
    content = file.read(size) if size <= _LARGEST_HEAD else b""
    if len(content) != size:
        raise BackupError(f"{name} is damaged")
    return content


def _info(head: bytes) -> bytes:
    return _MAGIC + sha256(head).digest()


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
