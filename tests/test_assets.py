"""The set-up of third-party files: all listed, all as listed, and nothing half done."""

import hashlib
import importlib.util
import io
import sys
import tarfile
import time
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

CONTENT = b"a typeface"


@pytest.fixture(scope="module")
def assets(checkout: Path) -> ModuleType:
    """Load the set-up script, which is no package's module."""
    spec = importlib.util.spec_from_file_location("assets_script", checkout / "scripts/assets.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Make a registry's archive with one file in it."""
    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as tar:
        member = tarfile.TarInfo("package/font.ttf")
        member.size = len(CONTENT)
        tar.addfile(member, io.BytesIO(CONTENT))
    return path


@pytest.fixture
def manifest(tmp_path: Path, archive: Path) -> Path:
    path = tmp_path / "manifest.toml"
    path.write_text(
        f"""
        [[package]]
        name = "fonts"
        version = "1.0"
        kind = "npm"
        sha256 = "{hashlib.sha256(archive.read_bytes()).hexdigest()}"
        [[package.files]]
        member = "package/font.ttf"
        path = "fonts/font.ttf"
        sha256 = "{hashlib.sha256(CONTENT).hexdigest()}"
        """,
        "utf-8",
    )
    return path


@pytest.fixture
def downloads(assets: ModuleType, archive: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stand in for the registry's client, and count what it is asked for."""
    asked: list[str] = []

    def download(package: object, into: Path) -> None:
        asked.append(str(getattr(package, "name", "")))
        (into / archive.name).write_bytes(archive.read_bytes())

    monkeypatch.setattr(assets, "_download", download)
    return asked


def test_every_listed_file_is_in_place(assets: ModuleType) -> None:
    for package in assets.read_manifest():
        for file in package.files:
            assert assets.is_whole(file, assets.TARGET), file.path


def test_every_package_says_under_which_licence_and_what_for(assets: ModuleType) -> None:
    text = assets.MANIFEST.read_text("utf-8")
    packages = assets.read_manifest()
    assert text.count("\nlicence = ") == len(packages)
    assert text.count("\npurpose = ") == len(packages) + sum(len(package.files) for package in packages)


def test_set_up_takes_no_time_when_all_is_there(assets: ModuleType) -> None:
    began = time.perf_counter()
    assets.set_up()
    assert time.perf_counter() - began < 0.3


def test_a_missing_file_is_fetched_once(
    assets: ModuleType, manifest: Path, downloads: list[str], tmp_path: Path
) -> None:
    for _ in range(2):
        assets.set_up(manifest, tmp_path / "out")
    assert (tmp_path / "out/fonts/font.ttf").read_bytes() == CONTENT
    assert downloads == ["fonts"]


def test_a_file_is_taken_out_of_a_wheel_too(assets: ModuleType, tmp_path: Path) -> None:
    wheel = tmp_path / "package.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("package/other.py", b"not asked for")
        archive.writestr("package/font.ttf", CONTENT)
    file = assets.AssetFile("package/font.ttf", "fonts/font.ttf", hashlib.sha256(CONTENT).hexdigest())
    package = assets.Package("fonts", "1.0", "wheel", assets.digest_of(wheel), (file,))
    assets.unpack(package, wheel, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").rglob("*.*")] == ["font.ttf"]
    assert (tmp_path / "out/fonts/font.ttf").read_bytes() == CONTENT


def test_a_later_release_s_package_comes_from_the_archive_that_the_machine_uses(
    assets: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[tuple[str, ...]] = []

    def run(*command: object, cwd: Path) -> str:  # noqa: ARG001 # the signature of what it stands in for
        asked.append(tuple(map(str, command)))
        return "mirror:/debian/\nmirror:/debian/\n" if "indextargets" in command else ""

    monkeypatch.setattr(assets, "_run", run)
    assets._download(assets.Package("fonts-rare", "2.0-1", "pool", "ab" * 32, ()), tmp_path)
    client, *request = asked[-1]
    assert client.endswith("apt-helper")
    assert request[1] == "mirror:/debian/pool/main/f/fonts-rare/fonts-rare_2.0-1_all.deb"
    assert request[3] == "SHA256:" + "ab" * 32


def test_a_machine_without_a_debian_archive_is_told_what_to_do(
    assets: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(assets, "_run", lambda *_, **__: "")
    with pytest.raises(assets.AssetError, match="apt-get update"):
        assets._download(assets.Package("fonts-rare", "2.0-1", "pool", "ab" * 32, ()), tmp_path)


def test_an_altered_file_is_fetched_again(
    assets: ModuleType, manifest: Path, downloads: list[str], tmp_path: Path
) -> None:
    assets.set_up(manifest, tmp_path / "out")
    (tmp_path / "out/fonts/font.ttf").write_bytes(b"something else")
    assets.set_up(manifest, tmp_path / "out")
    assert (tmp_path / "out/fonts/font.ttf").read_bytes() == CONTENT
    assert downloads == ["fonts", "fonts"]


def test_a_package_other_than_the_listed_one_is_refused(
    assets: ModuleType, manifest: Path, archive: Path, downloads: list[str], tmp_path: Path
) -> None:
    archive.write_bytes(archive.read_bytes() + b"\0")
    with pytest.raises(assets.AssetError, match=r"fonts 1\.0"):
        assets.set_up(manifest, tmp_path / "out")
    assert downloads == ["fonts"]
    assert not (tmp_path / "out/fonts").exists()


@pytest.mark.usefixtures("downloads")
def test_a_file_other_than_the_listed_one_is_refused(assets: ModuleType, manifest: Path, tmp_path: Path) -> None:
    listed = hashlib.sha256(CONTENT).hexdigest()
    manifest.write_text(manifest.read_text("utf-8").replace(listed, "0" * 64), "utf-8")
    with pytest.raises(assets.AssetError, match=r"font\.ttf"):
        assets.set_up(manifest, tmp_path / "out")
    assert not list((tmp_path / "out/fonts").iterdir())
