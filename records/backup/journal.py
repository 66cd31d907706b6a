"""What the last backups were, kept in ``backup/`` of the data folder: the next one says only what changed since."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

FOLDER = "backup"
_BASE, _PAGES, _LAST = "base.json", "base.pages", "last.json"
DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Base:
    """The full backup that others build on. ``name``: its file; ``key``: which one it is sealed to; ``pages``: a digest
    of each page of the database."""

    backup_id: str
    name: str
    at: str
    key: str
    files: dict[str, str]
    pages: bytes


def base(folder: Path) -> Base | None:
    """The last full backup; None: there was none, or the note is damaged (then the next one is full)."""
    with suppress(OSError, ValueError, TypeError):
        noted = json.loads((folder / FOLDER / _BASE).read_text("utf-8"))
        pages = (folder / FOLDER / f"{noted['backup_id']}.{_PAGES}").read_bytes()
        if len(pages) == noted.pop("page_bytes"):
            return Base(**noted, pages=pages)
    return None


def note_base(folder: Path, made: Base) -> None:
    """A full backup is on its disk."""
    place = _place(folder)
    noted = asdict(made)
    pages = noted.pop("pages")
    for old in place.glob(f"*.{_PAGES}"):
        old.unlink()
    _put(place / f"{made.backup_id}.{_PAGES}", pages)
    _put(place / _BASE, json.dumps({**noted, "page_bytes": len(pages)}).encode("utf-8"))


def last(folder: Path) -> datetime | None:
    """When the last backup was made, of whichever kind."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return datetime.fromisoformat(json.loads((folder / FOLDER / _LAST).read_text("utf-8"))["at"])
    return None


def note_last(folder: Path, at: datetime) -> None:
    """A backup is on its disk."""
    _put(_place(folder) / _LAST, json.dumps({"at": at.isoformat()}).encode("utf-8"))


def _place(folder: Path) -> Path:
    place = folder / FOLDER
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def _put(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
