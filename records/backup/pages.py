"""A database of SQLite as its pages at one instant, and what of them changed since an earlier instant."""

import sqlite3
import struct
from collections.abc import Iterable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from records.backup.journal import DIGEST_BYTES
from records.errors import BackupError

_LARGEST = 4 << 30  # bytes: the pages are read into memory, so that no second copy of them is ever on the disk
_NUMBER = struct.Struct(">I")
_PAGE_SIZE = slice(16, 18)


def image(path: Path) -> bytes:
    """Every page as committed now, while others read and write. BackupError: damaged, or too large for this way."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        pages, size = (int(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
        if pages * size > _LARGEST:
            raise BackupError("the database is larger than 4 GiB: that is work for PostgreSQL")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on the view stands still
        return connection.serialize()


def page_size(content: bytes) -> int:
    """Bytes of a page (SQLite's file format, 1.3.2)."""
    stated = int.from_bytes(content[_PAGE_SIZE], "big")
    return 65536 if stated == 1 else stated


def digests(content: bytes) -> bytes:
    """DIGEST_BYTES of SHA-256 for each page, one after another."""
    size, view = page_size(content), memoryview(content)
    each = (sha256(view[start : start + size]).digest()[:DIGEST_BYTES] for start in range(0, len(content), size))
    return b"".join(each)


def changed(content: bytes, earlier: bytes) -> Iterable[bytes]:
    """Each page whose digest is not that of ``earlier``, with its number before it."""
    size, now = page_size(content), digests(content)
    for number in range(len(content) // size):
        place = slice(number * DIGEST_BYTES, (number + 1) * DIGEST_BYTES)
        if now[place] != earlier[place]:
            yield _NUMBER.pack(number) + content[number * size : (number + 1) * size]


def apply(path: Path, delta: Path, length: int) -> None:
    """Put changed pages into a database file, and cut or grow it to ``length`` bytes."""
    with path.open("r+b") as file, delta.open("rb") as changes:
        size = page_size(file.read(_PAGE_SIZE.stop))
        while record := changes.read(_NUMBER.size + size):
            file.seek(_NUMBER.unpack(record[: _NUMBER.size])[0] * size)
            file.write(record[_NUMBER.size :])
        file.truncate(length)
