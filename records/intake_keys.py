"""Keys that intakes are sealed to: the one in force, whose public half stands in the policy, and earlier ones that
still open.

``keys/intake/keys.toml`` lists them, the one in force last; ``keys/intake/ID.key.pem`` holds a private half. A key that
was followed by another is kept until the last policy that names it has ended and whatever was sealed by then has had
``IN_FLIGHT`` to arrive; then it is deleted, and nobody opens a seal of it any more.

A private half may be away (its file is not there): what comes for it is held until it is back.
"""

import base64
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import tomli_w
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from backend_client.seals import key_id_of
from records import keys
from records.errors import DataFolderError, RecordsError
from records.key_changes import alone

IN_FLIGHT: Final = timedelta(days=90)
_FOLDER, _LIST = "intake", "keys.toml"


class IntakeKeyUnknownError(RecordsError):
    """No key of that id was ever made here, or its time is over."""

    code = "intake-key-unknown"


class IntakeKeyAwayError(RecordsError):
    """The key is one of ours, and its private half can't be read now."""

    code = "intake-key-away"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[0-9a-f]{16}$")
    public: str
    made_at: AwareDatetime
    kept_until: AwareDatetime | None = None


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    keys: tuple[_Entry, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class IntakeKey:
    """A key. ``public``: base64 of its 32 bytes; ``kept_until``: None for the one in force."""

    key_id: str
    public: str
    made_at: datetime
    kept_until: datetime | None = None


def create_missing(folder: Path, now: datetime) -> bool:
    """Make the first key when there is none. ``folder``: of all keys. True: made now."""
    with alone(folder):
        if (folder / _FOLDER / _LIST).exists():
            return False
        _write(folder, [_made(folder, now)])
        return True


def every(folder: Path) -> list[IntakeKey]:
    """All that still open, the one in force last. DataFolderError: the list is damaged, or missing."""
    try:
        entries = _File.model_validate(tomllib.loads((folder / _FOLDER / _LIST).read_text("utf-8"))).keys
    except (OSError, ValueError):
        raise DataFolderError(f"{_FOLDER}/{_LIST} is damaged, or missing") from None
    return [IntakeKey(each.id, each.public, each.made_at, each.kept_until) for each in entries]


def current(folder: Path) -> IntakeKey:
    """The key in force. DataFolderError."""
    return every(folder)[-1]


def private(folder: Path, key_id: str) -> X25519PrivateKey:
    """The private half. IntakeKeyUnknownError, IntakeKeyAwayError, DataFolderError."""
    if key_id not in {each.key_id for each in every(folder)}:
        raise IntakeKeyUnknownError(key_id)
    try:
        key = serialization.load_pem_private_key(_path(folder, key_id).read_bytes(), None)
    except (OSError, ValueError):
        raise IntakeKeyAwayError(key_id) from None
    if not isinstance(key, X25519PrivateKey) or key_id_of(key.public_key().public_bytes_raw()) != key_id:
        raise IntakeKeyAwayError(key_id)
    return key


def is_there(folder: Path, key_id: str) -> bool:
    """Whether the private half can be read."""
    try:
        private(folder, key_id)
    except (IntakeKeyUnknownError, IntakeKeyAwayError):
        return False
    return True


def rotate(folder: Path, now: datetime, last_policy_ends: Callable[[], datetime | None]) -> IntakeKey:
    """Make the next key. ``last_policy_ends``: when the last policy that may name an earlier one does."""
    with alone(folder):
        *earlier, last = every(folder)
        made = _made(folder, now)
        kept_until = max(now, last_policy_ends() or now) + IN_FLIGHT
        _write(folder, [*earlier, replace(last, kept_until=kept_until), made])
        return made


def discard(folder: Path, now: datetime) -> list[str]:
    """Delete the keys whose time is over, and what a power cut left of one; the ids of those whose time was."""
    with alone(folder):
        listed = every(folder)
        over = [each for each in listed if each.kept_until is not None and each.kept_until <= now]
        kept = [each for each in listed if each not in over]
        if over:
            _write(folder, kept)  # first: from now on nobody asks for them
        names = {each.key_id for each in kept}
        for path in (folder / _FOLDER).glob("*.key.pem"):
            if path.name.removesuffix(".key.pem") not in names:
                path.unlink()
        return [each.key_id for each in over]


def _made(folder: Path, now: datetime) -> IntakeKey:
    """On the disk before the list names it."""
    key = X25519PrivateKey.generate()
    raw = key.public_key().public_bytes_raw()
    key_id = key_id_of(raw)
    (folder / _FOLDER).mkdir(mode=0o700, exist_ok=True)
    keys.write_private(_path(folder, key_id), _pem(key))
    keys.sync(folder / _FOLDER)
    return IntakeKey(key_id, base64.b64encode(raw).decode("ascii"), now.replace(microsecond=0))


def _write(folder: Path, listed: list[IntakeKey]) -> None:
    rows: list[dict[str, Any]] = [
        {"id": each.key_id, "public": each.public, "made_at": each.made_at}
        | ({"kept_until": each.kept_until} if each.kept_until else {})
        for each in listed
    ]
    part = folder / _FOLDER / f".{_LIST}.part"
    keys.write_private(part, tomli_w.dumps({"keys": rows}).encode("utf-8"))
    part.replace(folder / _FOLDER / _LIST)
    keys.sync(folder / _FOLDER)


def _pem(key: X25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _path(folder: Path, key_id: str) -> Path:
    return folder / _FOLDER / f"{key_id}.key.pem"
