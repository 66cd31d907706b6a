"""Putting a backup back: into a folder and a database that hold nothing yet, as of the last backup before an instant.

Everything is opened and compared with its list beside the folder, which appears whole. What must not go on as if
nothing had happened is then changed (``aftermath``).
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import URL

from records.backup import archive, digests, keys, pages, postgres, sealing
from records.backup.archive import Manifest
from records.backup.folder import durable
from records.backup.making import DATABASE, DELTA, DUMP, FILES, SUFFIX
from records.errors import BackupError
from records.store.database import Database

UrlOf: TypeAlias = Callable[[Path], URL | None]


@dataclass(frozen=True, slots=True)
class Found:
    """A backup on its disk, as its header tells of itself."""

    path: Path
    at: datetime
    community: str
    backup_id: str
    base_id: str
    key: str


def found(source: Path, unreadable: Callable[[str], None]) -> list[Found]:
    """Every backup below ``source``, the oldest first. ``unreadable`` is told of each file that is none, in words."""
    rows = []
    for path in sorted(source.glob(f"*{SUFFIX}")):
        try:
            rows.append(_found(path, sealing.header(path)))
        except BackupError as error:
            unreadable(error.detail)
    return sorted(rows, key=lambda each: each.at)


def chosen(source: Path, until: datetime | None, unreadable: Callable[[str], None]) -> tuple[Found, Found]:
    """The last backup not after ``until``, and the full one that it needs (itself, if it is one). BackupError."""
    every = found(source, unreadable)
    if len({each.community for each in every}) > 1:
        raise BackupError("there are backups of several communities; put one's into a folder of its own")
    fit = [each for each in every if until is None or each.at <= until]
    if not fit:
        raise BackupError("there is no backup from before then" if every else f"there is no backup in {source}")
    last = fit[-1]
    base = next((each for each in every if each.backup_id == last.base_id), None)
    if base is None:
        raise BackupError(f"{last.path.name} needs a full backup that is not here")
    return last, base


def restore(
    picked: tuple[Found, Found], key: X25519PrivateKey, folder: Path, url_of: UrlOf, finish: Callable[[Path], None]
) -> None:
    """Make ``folder`` what it was at the time of a backup, as ``chosen`` picked it with the full one it needs.

    ``url_of``: the database that a folder's settings name, None: SQLite. ``finish``: what must be done to what was put
    back before it stands in its place (``aftermath``). BackupError: something is there already, or the backup is not
    whole; then there is no folder, and a server's database that was filled has to be made anew. Whoever serves one all
    the same is met by ``lineage``.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty: move it away first")
    part = folder.with_name(f".{folder.name}.restored.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    try:
        whole = _put_back(picked, key, part, url_of)
        finish(whole)
        if folder.exists():
            folder.rmdir()
        durable(whole, *whole.rglob("*"))
        whole.rename(folder)
        durable(folder.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _put_back(picked: tuple[Found, Found], key: X25519PrivateKey, part: Path, url_of: UrlOf) -> Path:
    last, base = picked
    manifest = _unpacked(base, key, part / "base")
    if last.backup_id != base.backup_id:
        manifest = _unpacked(last, key, part / "last")
    whole = _assembled(manifest, part)
    url = url_of(whole)
    if url is not None:
        _fill(url, last.community, manifest, part / "base")
    return whole


def _assembled(manifest: Manifest, part: Path) -> Path:
    """The folder's own files, each from the backup that has it as it is listed; SQLite's put together among them."""
    whole = part / "whole"
    whole.mkdir(mode=0o700)
    for name, digest in manifest.files.items():
        target = whole / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        newer, older = part / "last" / FILES / name, part / "base" / FILES / name
        source = newer if newer.exists() else older
        _require_same(source, digest)
        source.rename(target)
    database, delta = part / "base" / DATABASE, part / "last" / DELTA
    if delta.exists():
        pages.apply(database, delta, manifest.database_bytes)
    if manifest.database_sha256:
        _require_same(database, manifest.database_sha256)
        database.rename(whole / "records.sqlite")
    return whole


def _unpacked(one: Found, key: X25519PrivateKey, folder: Path) -> Manifest:
    mine = keys.fingerprint(key.public_key())
    if one.key != mine:
        raise BackupError(f"{one.path.name} is sealed to the key {one.key}, and this is {mine}")
    with sealing.opened(one.path, key) as (header, stream):
        if _found(one.path, header) != one:
            raise BackupError(f"{one.path.name} is not what it was a moment ago")
        return archive.unpack(stream, folder)


def _require_same(path: Path, digest: str) -> None:
    if not path.is_file():
        raise BackupError(f"the backup lacks {path.name}")
    with path.open("rb") as file:
        if file_digest(file, "sha256").hexdigest() != digest:
            raise BackupError(f"{path.name} is not what the backup's list says")


def _fill(url: URL, community: str, manifest: Manifest, unpacked: Path) -> None:
    """The server's database, compared table by table with what was there."""
    database = Database(url, community)
    try:
        with database.reading() as transaction:
            if not postgres.is_empty(transaction):
                raise BackupError(f"the database {url.database} is not empty: make a new one for what is put back")
        postgres.fill(url, _joined(unpacked))
        with database.reading() as transaction:
            postgres.unhurried(transaction)
            now = digests.of_tables(transaction)
    finally:
        database.close()
    wrong = sorted(name for name, digest in manifest.tables.items() if now.get(name) != digest)
    if wrong:
        raise BackupError(f"not as in the backup: {', '.join(wrong)}; make the database anew")


def _joined(unpacked: Path) -> Path:
    dumped = unpacked / DUMP
    with dumped.open("wb") as file:
        for piece in sorted(unpacked.glob(f"{DUMP}.*")):
            with piece.open("rb") as source:
                shutil.copyfileobj(source, file)
            piece.unlink()
    return dumped


def _found(path: Path, header: dict[str, Any]) -> Found:
    try:
        at = datetime.fromisoformat(header["at"])
        texts = (str(header[name]) for name in ("community", "backup_id", "base_id", "key"))
        return Found(path, at, *texts)
    except (KeyError, ValueError, TypeError):
        raise BackupError(f"{path.name} is damaged") from None
