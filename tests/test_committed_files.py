"""What may stand in a committed file: no registry's address, no machine's folder, no open end in the product."""

import re
import subprocess
from pathlib import Path

import onnxruntime
import pytest

# put together from pieces, so that this file does not break its own rules
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("crates", "io"),
    )
]
MACHINE_FOLDERS = [
    "/" + "/".join(parts) for parts in (("work", "main"), ("work", "shared"), ("home", ""), ("root", ""))
]
OPEN_ENDS = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
PRODUCT = ("backend_client", "civic", "devices", "forms", "gate", "kiosk", "records", "simulators", "terminal")


@pytest.fixture(scope="module")
def committed(checkout: Path) -> dict[str, str]:
    """Return the text of every committed text file, by its path."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=checkout, capture_output=True, text=True, check=True)
    contents = {path: checkout / path for path in listing.stdout.split("\0") if path}
    return {path: text for path, file in contents.items() if (text := _text_of(file)) is not None}


def _text_of(file: Path) -> str | None:
    try:
        return file.read_text("utf-8")
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):  # a picture, or a file about to be removed
        return None


def _places(texts: dict[str, str], pattern: str) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_no_file_names_a_registry(committed: dict[str, str]) -> None:
    assert not _places(committed, "|".join(map(re.escape, REGISTRIES)))


def test_no_file_names_a_folder_of_one_machine(committed: dict[str, str]) -> None:
    assert not _places(committed, r"(?<![\w.])(" + "|".join(map(re.escape, MACHINE_FOLDERS)) + ")")


def test_the_product_has_no_open_ends(committed: dict[str, str]) -> None:
    product = {path: text for path, text in committed.items() if path.split("/")[0] in PRODUCT}
    assert not _places(product, r"\b(" + "|".join(OPEN_ENDS) + r")\b")


def test_every_pinned_dependency_carries_its_hashes(committed: dict[str, str]) -> None:
    locked = {path: text for path, text in committed.items() if re.fullmatch(r"requirements/\w+\.txt", path)}
    locked.pop("requirements/debian.txt")
    for path, text in locked.items():
        pins = re.findall(r"^([\w.-]+==\S+)( \\\n    --hash=sha256:[0-9a-f]{64})?", text, re.MULTILINE)
        assert pins, path
        assert not [pin for pin, digest in pins if not digest], path


def test_runtime_and_development_pins_agree(checkout: Path) -> None:
    runtime, dev = (_pins(checkout / f"requirements/{name}.txt") for name in ("runtime", "dev"))
    assert {name: dev[name] for name in dev.keys() & runtime.keys()} == {
        name: runtime[name] for name in dev.keys() & runtime.keys()
    }


def test_only_one_package_owns_opencv(checkout: Path) -> None:
    pins = _pins(checkout / "requirements/runtime.txt") | _pins(checkout / "requirements/dev.txt")
    assert [name for name in pins if name.startswith("opencv")] == ["opencv-python"]


def test_the_inference_runtime_has_nothing_that_reports_to_its_maker() -> None:
    library = next(Path(onnxruntime.__file__).parent.glob("capi/onnxruntime_pybind11_state*.so"))
    assert b"OneCollector" not in library.read_bytes()


def _pins(file: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", file.read_text("utf-8"), re.MULTILINE))
