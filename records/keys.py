"""The service's own keys, each for one thing, made once and kept in files that only their owner reads.

``keys/NAME.key.pem`` and ``keys/NAME.cert.pem``: root, document, code, devices, timestamp (ECDSA P-256) and policy
(Ed25519); those that sign papers may be in a token, and their file then says where (``token_keys``);
``keys/audit.key``: 32 bytes that make a person's number in the audit meaningless elsewhere.
A bureau installs its own documents key by replacing both files of ``document``, ``code`` and ``root``; until then every
paper is a specimen of a bureau that does not exist.
"""

import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from forms.trust import Purpose
from records import certificates, key_history, token_keys
from records.certificates import Authority, Profile, Revoked
from records.errors import DataFolderError
from records.key_signers import SIGNERS, Signer, signer_of
from records.tokens import Token

SPECIMEN_MARK = "样张"  # in the organisation of a key that is no bureau's own, whatever the bureau is called
SPECIMEN_BUREAU = f"示例市公安局平安灯派出所 ({SPECIMEN_MARK})"
_KEY_MODE = 0o600
_FOLDER_MODE = 0o700
_AUDIT_KEY_BYTES = 32
_LEAVES: dict[str, tuple[Profile, str]] = {
    "document": (certificates.DOCUMENT, Purpose.DOCUMENT),
    "code": (certificates.ISSUER, Purpose.CODE),
    "policy": (certificates.ISSUER, Purpose.POLICY),
    "devices": (certificates.DEVICE_AUTHORITY, ""),
    "timestamp": (certificates.TIME_STAMPS, ""),
}
_REPLACEABLE = {"timestamp"}  # nothing is lost with the key: its stamps hold, and the root vouches for another
_PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class PolicyKey:
    """Signs the policy bundle."""

    key: ed25519.Ed25519PrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """All keys of one installation."""

    root: Authority
    document: Signer
    code: Signer
    devices: Authority
    timestamp: Signer
    policy: PolicyKey
    audit: bytes
    retired: tuple[x509.Certificate, ...] = ()
    revoked: tuple[Revoked, ...] = ()

    def earlier(self, name: str) -> tuple[x509.Certificate, ...]:
        """The certificates of the keys that were ``name`` (of SIGNERS) before, the last one first."""
        of_it = (each for each in self.retired if key_history.kind_of(each) == name)
        return tuple(sorted(of_it, key=certificates.began, reverse=True))

    @property
    def bureau(self) -> str:
        """出具机关: the organisation that the document certificate names."""
        names = self.document.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        return str(names[0].value) if names else SPECIMEN_BUREAU

    @property
    def specimen(self) -> bool:
        """Whether the papers are specimens: no bureau's own key is installed."""
        return SPECIMEN_MARK in self.bureau


def create_missing(folder: Path, now: datetime, token: Token | None = None) -> bool:
    """Make the keys unless they are there. True: made now. A half-made ring is an error, never mended in silence.

    ``token``: where the keys that sign papers are made, instead of in files; may raise what it raises.

    They are made beside the folder, which appears whole: what a power cut interrupted was never used, and is made anew.
    """
    if _complete(folder):
        return False
    if folder.exists() and any(folder.iterdir()):
        raise DataFolderError(f"{folder.name}/ holds some of the keys only; restore the others from the backup")
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=_FOLDER_MODE, parents=True)
    root = _create_root(part, now)
    for name in _LEAVES:
        _create_leaf(part, name, root, now, token)
    write_private(part / "audit.key", secrets.token_bytes(_AUDIT_KEY_BYTES))
    sync(part)
    part.rename(folder)
    sync(folder.parent)
    return True


def renew_timestamp_key(folder: Path, now: datetime, token: Token | None = None) -> bool:
    """Make the time stamps' key when there is none, or none of this root (a bureau has brought its own). True: made."""
    root = _authority(folder, "root")
    try:
        _signer(folder, "timestamp", token).certificate.verify_directly_issued_by(root.certificate)
    except (DataFolderError, InvalidSignature, ValueError, TypeError):
        _create_leaf(folder, "timestamp", root, now, token)
        return True
    return False


def load(folder: Path, token: Token | None = None) -> KeyRing:
    """Read every key and certificate; what is in a token is not asked for yet. DataFolderError names the file."""
    revoked = key_history.revoked(folder)
    document, code, timestamp = (_signer(folder, name, token, revoked) for name in SIGNERS)
    return KeyRing(
        root=_authority(folder, "root"),
        document=document,
        code=code,
        devices=_authority(folder, "devices"),
        timestamp=timestamp,
        policy=_policy_key(folder),
        audit=_reading(folder / "audit.key", bytes),
        retired=key_history.retired(folder),
        revoked=revoked,
    )


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner ever could read, whatever stood there before."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _KEY_MODE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Have a folder's own entries on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def new_signing_key(name: str, token: Token | None) -> tuple[bytes, ec.EllipticCurvePublicKey]:
    """Make a key; what its file is to hold, and its public half. ``token``: where it is made; None: in the file."""
    if token is not None:
        return token_keys.make_in(token, name)
    key = ec.generate_private_key(ec.SECP256R1())
    return private_pem(key), key.public_key()


def private_pem(key: _PrivateKey) -> bytes:
    """PKCS#8, unencrypted: the file's mode protects it in this embedded default."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def pem(certificate: x509.Certificate) -> str:
    """A certificate in PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _complete(folder: Path) -> bool:
    names = ["root", *(_LEAVES.keys() - _REPLACEABLE)]
    files = [f"{name}.{part}.pem" for name in names for part in ("key", "cert")]
    return all((folder / file).exists() for file in [*files, "audit.key"])


def _create_root(folder: Path, now: datetime) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = certificates.self_signed(key, certificates.name("Lamplight root", SPECIMEN_BUREAU), now)
    _store(folder, "root", private_pem(key), certificate)
    return Authority(key, certificate)


def _create_leaf(folder: Path, name: str, root: Authority, now: datetime, token: Token | None) -> None:
    profile, unit = _LEAVES[name]
    public: certificates.PublicKey
    if name == "policy":
        key = ed25519.Ed25519PrivateKey.generate()
        content, public = private_pem(key), key.public_key()
    else:
        content, public = new_signing_key(name, token if name in SIGNERS else None)
    subject = certificates.name(f"Lamplight {name}", SPECIMEN_BUREAU, unit)
    _store(folder, name, content, certificates.issue(root, public, subject, profile, now))


def _store(folder: Path, name: str, key: bytes, certificate: x509.Certificate) -> None:
    write_private(folder / f"{name}.key.pem", key)
    write_private(folder / f"{name}.cert.pem", pem(certificate).encode("ascii"))


def _authority(folder: Path, name: str) -> Authority:
    key = _private_key(folder, name)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise DataFolderError(f"{name}.key.pem is no elliptic-curve key")
    return Authority(key, _certificate_of(folder, name, key.public_key()))


def _signer(folder: Path, name: str, token: Token | None, revoked: tuple[Revoked, ...] = ()) -> Signer:
    content = _reading(folder / f"{name}.key.pem", bytes)
    certificate = _reading(folder / f"{name}.cert.pem", x509.load_pem_x509_certificate)
    return signer_of(name, content, certificate, token, revoked)


def _policy_key(folder: Path) -> PolicyKey:
    key = _private_key(folder, "policy")
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise DataFolderError("policy.key.pem is no Ed25519 key")
    return PolicyKey(key, _certificate_of(folder, "policy", key.public_key()))


def _private_key(folder: Path, name: str) -> object:
    return _reading(folder / f"{name}.key.pem", lambda content: serialization.load_pem_private_key(content, None))


def _certificate_of(folder: Path, name: str, key: certificates.PublicKey) -> x509.Certificate:
    certificate = _reading(folder / f"{name}.cert.pem", x509.load_pem_x509_certificate)
    if certificate.public_key() != key:
        raise DataFolderError(f"{name}.key.pem and {name}.cert.pem do not belong together")
    return certificate


def _reading(path: Path, parse: Callable[[bytes], _Read]) -> _Read:
    try:
        return parse(path.read_bytes())
    except FileNotFoundError:
        raise DataFolderError(f"{path.name} is missing: restore the folder from the backup") from None
    except OSError as error:
        raise DataFolderError(f"{path.name} can't be read: {error.strerror}") from None
    except ValueError:
        raise DataFolderError(f"{path.name} is damaged") from None
