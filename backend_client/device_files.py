"""The files of a device's identity: its key and certificate, the pair that is to follow, and the mark of a revocation.

Two files can't be replaced at once. So the pair that follows stands beside the present one, whole, before either is
replaced, and ``settle`` finishes what a power cut interrupted: at any moment the folder leads to a working identity.
"""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from backend_client.errors import EnrolmentError

KEY_FILE, CERTIFICATE_FILE = "device.key", "device.pem"
NEXT_KEY_FILE, NEXT_CERTIFICATE_FILE = "next.key", "next.pem"
REVOKED_FILE: Final = "revoked"
_KEY_MODE = 0o600
_CERTIFICATE_MODE = 0o644
_FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """The files that RecordsSession is given, and the number records chose."""

    device_id: str
    certificate: Path
    key: Path


def own_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The key in ``path``, made there if there is none; only its owner reads it. Raises EnrolmentError."""
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_durably(path, pem, _KEY_MODE)
        return key
    try:
        loaded = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError):
        raise EnrolmentError(f"{path.name} is no key: remove it to enrol anew") from None
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise EnrolmentError(f"{path.name} is of another kind: remove it to enrol anew")
    return loaded


def keep_certificate(path: Path, pem: str) -> None:
    """Write a certificate."""
    write_durably(path, pem.encode(), _CERTIFICATE_MODE)


def fits(certificate: x509.Certificate, key: ec.EllipticCurvePublicKey) -> bool:
    """Whether the certificate is for this key."""
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    return certificate.public_key().public_bytes(*form) == key.public_bytes(*form)


def settle(folder: Path) -> None:
    """Let the pair that is to follow, if it is whole, be the present one. Safe to interrupt and to repeat."""
    key, certificate = folder / NEXT_KEY_FILE, folder / NEXT_CERTIFICATE_FILE
    if not certificate.is_file():
        return
    if not _is_pair(certificate, key if key.is_file() else folder / KEY_FILE):
        drop_next(folder)  # somebody's hand was there: the present pair goes on
        return
    if key.is_file():
        _move(key, folder / KEY_FILE)
    _move(certificate, folder / CERTIFICATE_FILE)


def drop_next(folder: Path) -> None:
    """Give up the pair that was to follow."""
    for name in (NEXT_CERTIFICATE_FILE, NEXT_KEY_FILE):  # in this order: a certificate without its key is settled
        (folder / name).unlink(missing_ok=True)
    _sync(folder)


def _is_pair(certificate: Path, key: Path) -> bool:
    try:
        return fits(x509.load_pem_x509_certificate(certificate.read_bytes()), own_key(key).public_key())
    except (ValueError, EnrolmentError):
        return False


# --- the mark of a revocation: of one certificate, so that a new one is not meant by it ---


def mark_revoked(folder: Path, *, forgotten: bool = False) -> None:
    """Remember that records have revoked the present certificate, and whether all is forgotten that has to be."""
    words = f"{_digest(folder)} {_FORGOTTEN if forgotten else ''}".strip()
    write_durably(folder / REVOKED_FILE, words.encode("ascii"), _CERTIFICATE_MODE)


def is_revoked(folder: Path) -> bool:
    """Whether the present certificate was revoked."""
    return _mark(folder)[:1] == [_digest(folder)]


def has_forgotten(folder: Path) -> bool:
    """Whether all was forgotten that has to be."""
    return is_revoked(folder) and _mark(folder)[1:] == [_FORGOTTEN]


def _mark(folder: Path) -> list[str]:
    try:
        return (folder / REVOKED_FILE).read_text("ascii").split()
    except (FileNotFoundError, UnicodeDecodeError):
        return []


def _digest(folder: Path) -> str:
    try:
        return sha256((folder / CERTIFICATE_FILE).read_bytes()).hexdigest()
    except FileNotFoundError:
        return "none"


# --- the disk ---


def write_durably(path: Path, content: bytes, mode: int) -> None:
    """Replace ``path`` so that after a power cut it is whole: either what it was, or ``content``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _move(part, path)


def remove_durably(path: Path) -> None:
    """Gone, also after a power cut, when this returns; what is not there any more is made sure of too."""
    path.unlink(missing_ok=True)
    _sync(path.parent)


def _move(source: Path, target: Path) -> None:
    source.replace(target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
