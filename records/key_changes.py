"""A new key in the place of one that signs papers: because its time has come, or because it is trusted no more.

The running service goes on with the keys it has read; the change is in force when it starts again. A power cut leaves
either the old pair or, after ``mend`` at the next start, the new one.
"""

from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from records import certificates, key_history, keys
from records.certificates import Revoked

CHANGEABLE = {"document": certificates.DOCUMENT, "code": certificates.ISSUER}


def rotate(folder: Path, name: str, now: datetime) -> x509.Certificate:
    """Make the next key ``name`` (of CHANGEABLE), certified for the same subject. Earlier papers stay genuine."""
    ring = keys.load(folder)
    before = _certificate(ring, name)
    _write(key_history.retired_path(folder, before), keys.pem(before).encode("ascii"))
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = certificates.issue(ring.root, key.public_key(), before.subject, CHANGEABLE[name], now)
    _write(_next(folder, name, "key"), keys.private_pem(key))
    _write(_next(folder, name, "cert"), keys.pem(certificate).encode("ascii"))
    _finish(folder, name)
    return certificate


def revoke(folder: Path, name: str, since: datetime, reason: x509.ReasonFlags, now: datetime) -> x509.Certificate:
    """Take the key ``name`` back from ``since`` on, and make the next one: what it signed from then on never counts.

    Returns the certificate that was taken back.
    """
    certificate = _certificate(keys.load(folder), name)
    path, content = key_history.with_revoked(folder, Revoked(certificate.serial_number, since, reason))
    _write(path, content)
    rotate(folder, name, now)
    return certificate


def mend(folder: Path, now: datetime) -> None:
    """Bring to its end what a power cut interrupted: no revoked key signs on."""
    for name in CHANGEABLE:
        _finish(folder, name)
    revoked = {each.serial_number for each in key_history.revoked(folder)}
    for name in CHANGEABLE:
        if _certificate(keys.load(folder), name).serial_number in revoked:
            rotate(folder, name, now)


def _certificate(ring: keys.KeyRing, name: str) -> x509.Certificate:
    return {"document": ring.document, "code": ring.code}[name].certificate


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
