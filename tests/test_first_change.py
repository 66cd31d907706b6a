"""docs/first-change.md works as it is written: its changes apply, and the tests that it names pass with them."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

PAGE = Path("docs/first-change.md")


@pytest.fixture
def copied(checkout: Path, tmp_path: Path) -> Path:
    """The checkout as it stands, to be changed."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=checkout, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (checkout / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(checkout / name, tmp_path / name)
    _compiled(checkout, tmp_path)
    (tmp_path / "assets" / "third_party").symlink_to(checkout / "assets" / "third_party")
    return tmp_path


def _compiled(checkout: Path, copy: Path) -> None:
    """What is compiled already: else most of the time would go by with compiling it again."""
    for folder in (each for each in copy.rglob("*") if each.is_dir()):
        with suppress(FileNotFoundError):
            shutil.copytree(checkout / folder.relative_to(copy) / "__pycache__", folder / "__pycache__")


def _run(folder: Path, *command: str, given: str = "") -> None:
    """What hypothesis has worked out for the checkout holds for its copy too."""
    known = os.environ | {"HYPOTHESIS_STORAGE_DIRECTORY": str(Path.cwd() / ".hypothesis")}
    done = subprocess.run(command, cwd=folder, env=known, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


@pytest.mark.timeout(300)
def test_the_page_works_as_it_is_written(copied: Path) -> None:
    """When this fails, the code has moved on: bring the page along."""
    page = (copied / PAGE).read_text("utf-8")
    changes = re.findall(r"^```diff\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(changes) == page.count("```diff")
    for change in changes:
        _run(copied, "git", "apply", "-", given=change)
    commands = re.findall(r"^    \.venv/bin/python -m pytest (.+)$", page, re.MULTILINE)
    _run(copied, sys.executable, "-m", "pytest", *sorted({name for command in commands for name in command.split()}))
