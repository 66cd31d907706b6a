"""A new key in the place of one that signs papers: because its time has come, or because it is trusted no more.

A running service has it in force at its next request (``key_store``). A power cut leaves either the old pair or, after
the next opening, the new one. Changes and openings take turns, in whatever process they are.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from cryptography import x509

from records import certificates, key_history, keys, token_keys
from records.certificates import Revoked
from records.errors import KeyUnusableError
from records.key_signers import SIGNERS, Signer
from records.keys import KeyRing
from records.tokens import Token

_PROFILES = {
    "document": certificates.DOCUMENT,
    "code": certificates.ISSUER,
    "timestamp": certificates.TIME_STAMPS,
}


def opened(folder: Path, now: datetime, token: Token | None = None) -> KeyRing:
    """The keys in use, after whatever power cut. A revoked one that can't be replaced now signs nothing."""
    with alone(folder):
        with suppress(KeyUnusableError):
            return _mend(folder, now, token)
        return keys.load(folder, token)


def rotate(folder: Path, name: str, now: datetime, token: Token | None = None) -> x509.Certificate:
    """Make the next key ``name`` (of SIGNERS), certified for the same subject. Earlier papers stay genuine.

    ``token``: where it is made; None: in a file.
    """
    with alone(folder):
        return _rotate(folder, name, now, token)


def revoke(
    folder: Path, name: str, since: datetime, reason: x509.ReasonFlags, now: datetime, token: Token | None = None
) -> x509.Certificate:
    """Take the key ``name`` back from ``since`` on, and make the next one: what it signed from then on never counts.

    Returns the certificate that was taken back. Where no next one can be made now, it is taken back all the same.
    """
    with alone(folder):
        certificate = _signer(keys.load(folder, token), name).certificate
        _take_back(folder, Revoked(certificate.serial_number, since, reason))
        with suppress(KeyUnusableError):
            _rotate(folder, name, now, token)
    return certificate


def revoke_earlier(folder: Path, revoked: Revoked) -> None:
    """Take an earlier key back: it was replaced already, so none follows it."""
    with alone(folder):
        _take_back(folder, revoked)


def mend(folder: Path, now: datetime, token: Token | None = None) -> None:
    """Bring to its end what a power cut interrupted: no revoked key stays in its place."""
    with alone(folder):
        _mend(folder, now, token)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process and one thread at a time; a lock of a process that ended is gone with it (flock(2))."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _take_back(folder: Path, revoked: Revoked) -> None:
    path, content = key_history.with_revoked(folder, revoked)
    _write(path, content)


def _rotate(folder: Path, name: str, now: datetime, token: Token | None) -> x509.Certificate:
    ring = keys.load(folder, token)
    before, old_key = _signer(ring, name).certificate, (folder / f"{name}.key.pem").read_bytes()
    content, public = keys.new_signing_key(name, token)
    _write(key_history.retired_path(folder, before), keys.pem(before).encode("ascii"))
    certificate = certificates.issue(ring.root, public, before.subject, _PROFILES[name], now)
    _write(_next(folder, name, "key"), content)
    _write(_next(folder, name, "cert"), keys.pem(certificate).encode("ascii"))
    _finish(folder, name)
    token_keys.discard(old_key, name, token)
    return certificate


def _mend(folder: Path, now: datetime, token: Token | None) -> KeyRing:
    """The keys that are whole again; they are read twice only where one was replaced."""
    for name in SIGNERS:
        _finish(folder, name)
    ring = keys.load(folder, token)
    revoked = {each.serial_number for each in ring.revoked}
    replaced = [name for name in SIGNERS if _signer(ring, name).certificate.serial_number in revoked]
    for name in replaced:
        _rotate(folder, name, now, token)
    return keys.load(folder, token) if replaced else ring


def _signer(ring: KeyRing, name: str) -> Signer:
    return {"document": ring.document, "code": ring.code, "timestamp": ring.timestamp}[name]


def _finish(folder: Path, name: str) -> None:
    """Put the next pair in its place. Its certificate is written last, so once that is there, the pair is whole."""
    if not _next(folder, name, "cert").exists():
        _next(folder, name, "key").unlink(missing_ok=True)
        return
    for part in ("key", "cert"):
        if _next(folder, name, part).exists():
            _next(folder, name, part).rename(folder / f"{name}.{part}.pem")
    keys.sync(folder)


def _next(folder: Path, name: str, part: str) -> Path:
    return folder / f"{name}.{part}.next"


def _write(path: Path, content: bytes) -> None:
    """A file that is there whole or not at all."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    keys.write_private(part, content)
    part.replace(path)
    keys.sync(path.parent)
