"""A disk that loses power: a SQLite VFS that keeps what was written since the last sync in memory, and then loses it.

What real disks do with writes that nobody waited for, in three kinds (``Loss``): all of them vanish; a prefix reaches
the medium, its last write torn at a sector; or any sectors do, in any order. What was synced always stays. The file's
own directory entry counts as durable (SQLite syncs the folder when it creates a file).
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from pathlib import Path
from random import Random
from threading import RLock

import apsw

from terminal.store.database import Database

SECTOR = 512  # bytes
_NAMES = count(1)


class PowerCut(BaseException):
    """The power is gone. Derives from BaseException, as the product must not live through it."""


class Loss(StrEnum):
    """What becomes of the writes since the last sync."""

    ALL = "all"
    PREFIX_STAYS = "prefix-stays"
    ANY_SECTORS_STAY = "any-sectors-stay"


@dataclass(slots=True)
class Medium:
    """One file: what SQLite sees, and what of it the medium does not hold yet. A write of None truncates."""

    path: Path
    seen: bytearray
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def write(self, offset: int, data: bytes | None) -> None:
        self.pending.append((offset, data))
        _apply(self.seen, offset, data)

    def lose(self, loss: Loss, chance: Random) -> None:
        """Put what survives on the medium, and forget the rest."""
        held = bytearray(self.path.read_bytes())
        for offset, data in _survivors(self.pending, loss, chance):
            _apply(held, offset, data)
        self.path.write_bytes(held)
        self.pending.clear()


class PowerCutVfs(apsw.VFS):
    """Registered under ``name``; give that to Database. ``cut`` takes the power away for good."""

    def __init__(self) -> None:
        self.name = f"power-cut-{next(_NAMES)}"
        self.on = True
        self.moving = RLock()  # held while the medium changes: what was synced stays, whoever cuts the power meanwhile
        self.syncs = 0
        self.before_sync: Callable[[], None] = lambda: None  # a chance to cut in the middle of a commit
        self.media: dict[Path, Medium] = {}
        super().__init__(self.name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "PowerCutFile":  # noqa: N802
        assert name is not None, "the store uses no temporary files"
        return PowerCutFile(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self.require_power()
        self.media.pop(Path(filename), None)
        super().xDelete(filename, syncdir)

    def require_power(self) -> None:
        if not self.on:
            raise apsw.IOError("no power")

    def cut(self, loss: Loss, chance: Random) -> None:
        """No read or write works from here on."""
        with self.moving:
            self.on = False
            for medium in self.media.values():
                if medium.path.exists():
                    medium.lose(loss, chance)


class PowerCutFile(apsw.VFSFile):
    """An open file of the VFS: the real file below holds only what was synced."""

    def __init__(self, vfs: PowerCutVfs, name: str | apsw.URIFilename, flags: list[int]) -> None:
        super().__init__("", name, flags)
        path = Path(name if isinstance(name, str) else name.filename())
        self._vfs = vfs
        self._medium = vfs.media.setdefault(path, Medium(path, bytearray(path.read_bytes())))

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        self._vfs.require_power()
        return bytes(self._medium.seen[offset : offset + amount])

    def xWrite(self, data: "bytes | bytearray | memoryview", offset: int) -> None:  # noqa: N802
        self._vfs.require_power()
        self._medium.write(offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._vfs.require_power()
        self._medium.write(newsize, None)

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._medium.seen)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._vfs.before_sync()
        with self._vfs.moving:
            self._vfs.require_power()
            for offset, data in self._medium.pending:
                if data is None:
                    super().xTruncate(offset)
                else:
                    super().xWrite(data, offset)
            super().xSync(flags)
            self._medium.pending.clear()
            self._vfs.syncs += 1

    def xClose(self) -> None:  # noqa: N802
        with suppress(apsw.Error):
            super().xClose()


def without_syncs(database: Database) -> None:
    """The negative control: SQLite waits for nothing any more."""
    database.query("PRAGMA synchronous=OFF")
    assert database.pragma("synchronous") == 0


def abandon(database: Database) -> None:
    """Let go of a store whose power is gone, as the end of its process would."""
    with suppress(apsw.IOError):
        database.close()


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def _survivors(pending: list[tuple[int, bytes | None]], loss: Loss, chance: Random) -> list[tuple[int, bytes | None]]:
    match loss:
        case Loss.ALL:
            return []
        case Loss.PREFIX_STAYS:
            sectors = [sector for write in pending for sector in _sectors(*write)]
            return sectors[: chance.randint(0, len(sectors))]
        case Loss.ANY_SECTORS_STAY:
            return [sector for write in pending for sector in _sectors(*write) if chance.random() < 1 / 2]


def _sectors(offset: int, data: bytes | None) -> list[tuple[int, bytes | None]]:
    """One write as the sectors it touches."""
    if data is None:
        return [(offset, None)]
    ends = [*range(SECTOR - offset % SECTOR, len(data), SECTOR), len(data)]
    return [(offset + start, data[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
