"""Fetch the third-party fonts, weights, portraits and tables that assets/manifest.toml lists.

Every package comes through its registry's own client (pip, npm, apt), so a site's mirror settings apply and no
address stands here. A package is trusted by its hash, and so is every file taken out of it. Files reach their place
by rename: an interrupted run leaves either the whole file or none.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "assets" / "manifest.toml"
TARGET = ROOT / "assets" / "third_party"
STAMP = TARGET / ".ready"
TOOLS = ROOT / ".tools" / "bin"


class AssetError(Exception):
    """A package could not be fetched, or is not the one the manifest names."""


@dataclass(frozen=True, slots=True)
class AssetFile:
    """One file of a package and where it goes, relative to the target folder."""

    member: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Package:
    """One package of a registry, pinned by version and by the hash of its archive."""

    name: str
    version: str
    kind: str
    sha256: str
    files: tuple[AssetFile, ...]

    @property
    def label(self) -> str:
        """The package as a person would name it."""
        return f"{self.name} {self.version}"


def read_manifest(manifest: Path = MANIFEST) -> list[Package]:
    """Return the packages that the manifest lists."""
    document = tomllib.loads(manifest.read_text("utf-8"))
    return [
        Package(
            name=entry["name"],
            version=entry["version"],
            kind=entry["kind"],
            sha256=entry["sha256"],
            files=tuple(AssetFile(item["member"], item["path"], item["sha256"]) for item in entry["files"]),
        )
        for entry in document["package"]
    ]


def digest_of(path: Path) -> str:
    """Return the file's SHA-256 in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_whole(file: AssetFile, target: Path) -> bool:
    """Tell whether the file is in place with the content that the manifest names."""
    path = target / file.path
    return path.is_file() and digest_of(path) == file.sha256


def fetch(package: Package, into: Path) -> Path:
    """Download the package's archive and return it, once its hash is the expected one."""
    _download(package, into)
    archives = [path for path in into.iterdir() if path.suffix in {".gz", ".tgz", ".deb", ".whl"}]
    if len(archives) != 1:
        raise AssetError(f"{package.label}: expected one archive, the registry gave {len(archives)}")
    if digest_of(archives[0]) != package.sha256:
        raise AssetError(f"{package.label}: the registry's file is not the one the manifest names")
    return archives[0]


def _download(package: Package, into: Path) -> None:
    exact = f"{package.name}=={package.version}"
    match package.kind:
        case "npm":
            _run(TOOLS / "npm", "pack", "--silent", f"{package.name}@{package.version}", cwd=into)
        case "deb":
            _run("apt-get", "--quiet", "download", f"{package.name}={package.version}", cwd=into)
        case "pool":
            _download_from_pool(package, into)
        case "sdist" | "wheel":
            pinned = into / "requirement.txt"
            pinned.write_text(f"{exact} --hash=sha256:{package.sha256}\n", "utf-8")
            # no build isolation: pip reads the metadata with the pinned setuptools beside it and fetches no other
            form = (
                ("--no-binary=:all:", "--no-build-isolation") if package.kind == "sdist" else ("--only-binary=:all:",)
            )
            options = ("--no-deps", *form, "--require-hashes")
            _run(TOOLS / "pip", "download", "--quiet", *options, "--dest", into, "--requirement", pinned, cwd=into)
        case other:
            raise AssetError(f"{package.label}: unknown kind of registry {other!r}")


def _download_from_pool(package: Package, into: Path) -> None:
    """Take a package of another Debian release from the archive this machine already uses: one pool serves them all."""
    archive = f"{package.name}_{package.version}_all.deb"
    pool = f"{_debian_archive(into)}pool/main/{package.name[0]}/{package.name}/{archive}"
    _run("/usr/lib/apt/apt-helper", "download-file", pool, into / archive, f"SHA256:{package.sha256}", cwd=into)


def _debian_archive(into: Path) -> str:
    """Where apt finds Debian itself, as the machine's own sources say; it ends in a slash."""
    columns = ("--format", "$(REPO_URI)", "Identifier: Packages", "Origin: Debian", "Label: Debian")
    found = _run("apt-get", "indextargets", *columns, cwd=into).split()
    if not found:
        raise AssetError("apt knows no Debian archive: run 'apt-get update' once")
    return found[0]


def _run(*command: str | Path, cwd: Path) -> str:
    finished = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise AssetError(f"{Path(command[0]).name} failed:\n{finished.stdout}{finished.stderr}")
    return finished.stdout


@contextmanager
def _as_tar(archive: Path) -> Iterator[IO[bytes]]:
    """Open the archive as a tar stream: npm and source packages are one, a Debian package contains one."""
    if archive.suffix != ".deb":
        with archive.open("rb") as stream:
            yield stream
        return
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", archive], stdout=subprocess.PIPE) as process:
        if process.stdout is None:
            raise AssetError(f"{archive.name}: dpkg-deb gave nothing")
        yield process.stdout
        shutil.copyfileobj(process.stdout, _Nowhere())


class _Nowhere:
    """Take what is left of a stream, so that its writer ends without a broken pipe."""

    def write(self, data: bytes) -> int:
        """Forget the data."""
        return len(data)


def unpack(package: Package, archive: Path, target: Path) -> None:
    """Put the package's listed files in place, each only once its hash is right."""
    wanted = {file.member: file for file in package.files}
    with closing(_members(archive)) as members:
        for name, content in members:
            if file := wanted.pop(name, None):
                _place(file, content, target)
    if wanted:
        raise AssetError(f"{package.label}: its archive lacks {', '.join(sorted(wanted))}")


def _members(archive: Path) -> Generator[tuple[str, IO[bytes]], None, None]:
    """Each file of the archive with its content, which is to be read before the next is asked for."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            for name in wheel.namelist():
                with wheel.open(name) as content:
                    yield name, content
        return
    with _as_tar(archive) as stream, tarfile.open(fileobj=stream, mode="r|*") as tar:
        for member in tar:
            if file := tar.extractfile(member):
                yield member.name.removeprefix("./"), file


def _place(file: AssetFile, content: IO[bytes], target: Path) -> None:
    path = target / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as output:
        shutil.copyfileobj(content, output)
    if digest_of(part) != file.sha256:
        part.unlink()
        raise AssetError(f"{file.member}: the package's file is not the one the manifest names")
    part.replace(path)


def state_of(packages: list[Package], manifest: Path, target: Path) -> dict[str, object]:
    """Describe what is in place without reading it: enough to notice a changed list or a changed file."""
    paths = [target / file.path for package in packages for file in package.files]
    stats = {path: path.stat() for path in paths if path.is_file()}
    return {
        "manifest": digest_of(manifest),
        "files": {str(path.relative_to(target)): [stat.st_size, stat.st_mtime_ns] for path, stat in stats.items()},
        "missing": len(paths) - len(stats),
    }


def set_up(manifest: Path = MANIFEST, target: Path = TARGET) -> None:
    """Bring every listed file into place; quick when they are all there."""
    packages = read_manifest(manifest)
    stamp = target / STAMP.name
    if stamp.is_file() and json.loads(stamp.read_text("utf-8")) == state_of(packages, manifest, target):
        return
    target.mkdir(parents=True, exist_ok=True)
    for package in packages:
        if all(is_whole(file, target) for file in package.files):
            continue
        print(f"Fetching {package.label}.", flush=True)
        with tempfile.TemporaryDirectory(prefix="lamplight-") as folder:
            unpack(package, fetch(package, Path(folder)), target)
    part = stamp.with_name(stamp.name + ".part")
    part.write_text(json.dumps(state_of(packages, manifest, target)), "utf-8")
    part.replace(stamp)


if __name__ == "__main__":
    try:
        set_up()
    except AssetError as error:
        sys.exit(f"Set-up of the third-party files failed. {error}")
