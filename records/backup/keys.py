"""The key that backups are sealed to: the public half in the data folder, the private one nowhere near it."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from records.errors import BackupError
from records.keys import write_private

PUBLIC_FILE = "backup.pub.pem"


def make(folder: Path, private_path: Path) -> None:
    """A new pair: the private half in a file that must not exist yet, the public half in the data folder."""
    if private_path.exists():
        raise BackupError(f"{private_path} is there already; a key of backups is never written over")
    key = X25519PrivateKey.generate()
    plain = serialization.NoEncryption()
    content = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    write_private(private_path, content)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    part = folder / f".{PUBLIC_FILE}.part"
    part.write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, form))
    part.replace(folder / PUBLIC_FILE)


def public(path: Path) -> X25519PublicKey:
    """The public half. BackupError says what is wrong with the file."""
    key = _read(path, serialization.load_pem_public_key)
    if not isinstance(key, X25519PublicKey):
        raise BackupError(f"{path.name} is no X25519 public key")
    return key


def fingerprint(key: X25519PublicKey) -> str:
    """Which key it is: the beginning of SHA-256 of its 32 bytes, as 16 hexadecimal digits."""
    return sha256(key.public_bytes_raw()).hexdigest()[:16]


def private(path: Path) -> X25519PrivateKey:
    """The private half. BackupError says what is wrong with the file."""
    key = _read(path, lambda content: serialization.load_pem_private_key(content, None))
    if not isinstance(key, X25519PrivateKey):
        raise BackupError(f"{path.name} is no X25519 private key")
    return key


def _read(path: Path, parse: Callable[[bytes], object]) -> object:
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise BackupError(f"{path} can't be read: {error.strerror}") from None
    except (ValueError, TypeError):
        raise BackupError(f"{path.name} holds no key") from None
