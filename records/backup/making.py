"""Making a backup: one file, whole or not there.

On SQLite a full one now and then, and between them what changed since the full one: each of these needs that one and
no other. On PostgreSQL each is full, and instants between them are PostgreSQL's own business (docs/operations.md).
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from records.backup import digests, folder, journal, keys, pages, postgres, sealing
from records.backup.archive import Manifest, Packer
from records.backup.journal import Base
from records.context import Records
from records.errors import BackupError

SUFFIX = ".lamplight"
DATABASE, DELTA, DUMP = "database.sqlite", "database.pages", "database.dump"
FILES = "files/"
_STAMP = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is on its disk."""

    path: Path
    full: bool
    size: int


def back_up(records: Records, target: Path, *, full: bool = False) -> Made:
    """Make one below ``target``. BackupError: no key, no room, or something in the data folder is damaged."""
    if not records.settings.backup.key_file:
        raise BackupError("there is no key to seal it to; make one with: records backup-key PRIVATE_FILE")
    key = keys.public(records.folder / records.settings.backup.key_file)
    if not target.is_dir():  # made here, it would lie where the disk that is not mounted should be
        raise BackupError(f"there is no folder {target}: mount its disk, or make it first")
    at = records.clock.now()
    if records.settings.database.url:
        made = _of_postgresql(records, target, key, at)
    else:
        base = None if full else _usable_base(records, target, key, at)
        made = _since(records, target, key, at, base) if base else _whole(records, target, key, at)
    journal.note_last(records.folder, at)
    return made


def _usable_base(records: Records, target: Path, key: X25519PublicKey, at: datetime) -> Base | None:
    """One that opens with the same key: who comes with it needs no other."""
    base = journal.base(records.folder)
    if base is None or base.key != keys.fingerprint(key) or not (target / base.name).is_file():
        return None
    age = at - datetime.fromisoformat(base.at)
    return base if timedelta() <= age < timedelta(hours=records.settings.backup.full_hours) else None


def _whole(records: Records, target: Path, key: X25519PublicKey, at: datetime) -> Made:
    content = pages.image(_file(records))
    files = folder.contents(records.folder)
    backup_id = secrets.token_hex(8)
    path = target / _name(records, at, "full")
    with sealing.sealed(path, _header(records, at, key, backup_id), key) as stream:
        packer = Packer(stream)
        packer.add(DATABASE, [content])
        _add_files(packer, files)
        packer.finish(_manifest(content, files))
    made = Base(
        backup_id, path.name, at.isoformat(), keys.fingerprint(key), folder.hashes(files), pages.digests(content)
    )
    journal.note_base(records.folder, made)
    return Made(path, full=True, size=path.stat().st_size)


def _since(records: Records, target: Path, key: X25519PublicKey, at: datetime, base: Base) -> Made:
    content = pages.image(_file(records))
    files = folder.contents(records.folder)
    now = folder.hashes(files)
    path = target / _name(records, at, "part")
    with sealing.sealed(path, _header(records, at, key, secrets.token_hex(8), base.backup_id), key) as stream:
        packer = Packer(stream)
        packer.add(DELTA, pages.changed(content, base.pages))
        _add_files(packer, {name: each for name, each in files.items() if base.files.get(name) != now[name]})
        packer.finish(_manifest(content, files))
    return Made(path, full=False, size=path.stat().st_size)


def _of_postgresql(records: Records, target: Path, key: X25519PublicKey, at: datetime) -> Made:
    """The dump and the digests see the same instant."""
    backup_id = secrets.token_hex(8)
    path = target / _name(records, at, "full")
    with (
        records.database.reading() as transaction,
        sealing.sealed(path, _header(records, at, key, backup_id), key) as stream,
    ):
        exported = postgres.snapshot(transaction)
        packer = Packer(stream)
        for number, piece in enumerate(postgres.dump(transaction.connection.engine.url, exported), start=1):
            packer.add(f"{DUMP}.{number:06}", [piece])
        files = folder.contents(records.folder)
        _add_files(packer, files)
        packer.finish(Manifest(files=folder.hashes(files), tables=digests.of_tables(transaction)))
    return Made(path, full=True, size=path.stat().st_size)


def _add_files(packer: Packer, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        packer.add(FILES + name, [content])


def _manifest(content: bytes, files: dict[str, bytes]) -> Manifest:
    return Manifest(
        files=folder.hashes(files), database_bytes=len(content), database_sha256=sha256(content).hexdigest()
    )


def _header(records: Records, at: datetime, key: X25519PublicKey, backup_id: str, base_id: str = "") -> dict[str, Any]:
    """In clear: when, of which community, to which key, and which full backup it needs (none other: it is one)."""
    told = {"community": records.settings.community, "key": keys.fingerprint(key)}
    return {"at": at.isoformat(), "backup_id": backup_id, "base_id": base_id or backup_id, **told}


def _name(records: Records, at: datetime, kind: str) -> str:
    return f"{records.settings.community}-{at.astimezone(UTC):{_STAMP}}-{kind}{SUFFIX}"


def _file(records: Records) -> Path:
    return records.folder / "records.sqlite"
