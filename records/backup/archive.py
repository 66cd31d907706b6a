"""What a backup holds: named contents in a row, and at the end a list of them with their sizes and hashes."""

import gzip
import io
import tarfile
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from records.errors import BackupError

_MANIFEST = "manifest.json"
_MODE, _FOLDER_MODE = 0o600, 0o700
_COMPRESSION = 3  # half as large as none; more costs time and gains little
_LARGEST_MANIFEST = 64 << 20


class Member(BaseModel):
    """One content."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size: int
    sha256: str


class Manifest(BaseModel):
    """The list. ``files``: all of the data folder at that time, by name and hash, those not in this backup too.

    ``database_bytes`` and ``database_sha256``: of SQLite's file once it is put together. ``tables``: rows and digest of
    each, in a full backup.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    members: tuple[Member, ...] = ()
    files: dict[str, str]
    database_bytes: int = 0
    database_sha256: str = ""
    tables: dict[str, tuple[int, str]] = {}


class Packer:
    """Puts contents into a stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = gzip.GzipFile("", "wb", _COMPRESSION, stream, mtime=0)
        self._tar = tarfile.open(fileobj=self._zip, mode="w|")  # noqa: SIM115 - closed by ``finish``
        self._members: list[Member] = []

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """One content, in pieces that are each held in memory once."""
        content = b"".join(pieces)
        self._members.append(Member(name=name, size=len(content), sha256=sha256(content).hexdigest()))
        self._put(name, content)

    def finish(self, manifest: Manifest) -> None:
        """The list, which says that nothing is missing."""
        whole = manifest.model_copy(update={"members": tuple(self._members)})
        self._put(_MANIFEST, whole.model_dump_json().encode("utf-8"))
        self._tar.close()
        self._zip.close()

    def _put(self, name: str, content: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(content), _MODE
        self._tar.addfile(entry, io.BytesIO(content))


def unpack(stream: BinaryIO, folder: Path) -> Manifest:
    """Write every content below ``folder``, and check each against the list. BackupError: something is not right."""
    found: dict[str, tuple[int, str]] = {}
    listed: bytes | None = None
    try:
        with tarfile.open(fileobj=stream, mode="r|gz") as tar:
            for entry in tar:
                source = tar.extractfile(entry) if entry.isfile() else None
                if source is None or listed is not None:
                    raise BackupError("the backup holds what none of ours does")
                if entry.name == _MANIFEST:
                    listed = source.read(_LARGEST_MANIFEST)
                else:
                    found[entry.name] = _write(source, _path(folder, entry.name))
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupError(f"the backup can't be unpacked ({type(error).__name__})") from None
    stream.read()  # to the end, where the seal says that it is the end
    return _checked(listed, found)


def _checked(listed: bytes | None, found: dict[str, tuple[int, str]]) -> Manifest:
    with suppress(ValidationError):
        manifest = Manifest.model_validate_json(listed or b"")
        if found == {each.name: (each.size, each.sha256) for each in manifest.members}:
            return manifest
    raise BackupError("the backup is not what its list says")


def _write(source: Any, path: Path) -> tuple[int, str]:  # noqa: ANN401 - tarfile's file
    digest, size = sha256(), 0
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    path.touch(mode=_MODE)
    with path.open("wb") as file:
        while piece := source.read(1 << 20):
            file.write(piece)
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()


def _path(folder: Path, name: str) -> Path:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        raise BackupError("the backup holds what none of ours does")
    return folder.joinpath(*parts)
