"""Every architecture contract of pyproject.toml is kept, and breaks as soon as one module goes against it."""

import ast
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Violation:
    """One module that must not import what it does."""

    contract: str
    module: str
    statement: str

    @property
    def path(self) -> Path:
        return Path(*self.module.split(".")).with_suffix(".py")


VIOLATIONS = [
    Violation("packages", "civic.stray", "import forms"),
    Violation("packages", "civic.stray", "import devices.errors"),
    Violation("packages", "devices.stray", "import forms"),
    Violation("packages", "forms.stray", "import terminal"),
    Violation("packages", "terminal.stray", "import kiosk"),
    Violation("packages", "kiosk.services.stray", "import gate"),
    Violation("records", "records.stray", "import terminal"),
    Violation("records", "records.stray", "import devices.errors"),
    Violation("simulators", "kiosk.services.stray", "import simulators.state"),
    Violation("simulators", "devices.camera.stray", "import simulators.state"),
    Violation("terminals", "kiosk.flows.stray", "import kiosk.presenters"),
    Violation("terminals", "kiosk.store.stray", "import kiosk.flows"),
    Violation("terminals", "kiosk.presenters.stray", "import kiosk.services"),
    Violation("terminals", "kiosk.services.stray", "import kiosk.ui"),
    Violation("terminals", "kiosk.conductor", "import kiosk.ui"),
    Violation("terminals", "kiosk.stray", "import civic"),
    Violation("flows", "kiosk.flows.stray", "import time"),
    Violation("flows", "kiosk.flows.stray", "import threading"),
    Violation("flows", "kiosk.flows.stray", "from devices.camera import api"),
    Violation("flows", "kiosk.flows.stray", "import terminal.views"),
    Violation("presenters", "kiosk.presenters.stray", "import random"),
    Violation("presenters", "kiosk.presenters.stray", "from kivy.app import App"),
    Violation("presenters", "kiosk.presenters.stray", "import kiosk.store"),
    Violation("thin-ui", "kiosk.ui.stray", "import backend_client.contract"),
    Violation("thin-ui", "kiosk.ui.stray", "import kiosk.services"),
    Violation("thin-ui", "kiosk.ui.stray", "import requests"),
    Violation("kivy", "terminal.stray", "from kivy.clock import Clock"),
    Violation("kivy", "kiosk.services.stray", "import kivy"),
    Violation("wire", "devices.camera.wire", "import socket"),
    Violation("wire", "devices.id_card.wire", "import serial"),
    Violation("devices", "devices.camera.stray", "import devices.id_card"),
    Violation("devices", "devices.errors", "import devices.camera"),
    Violation("devices", "devices.stray", "import civic"),
    Violation("catalog", "kiosk.services.stray", "import devices.id_card.driver"),
    Violation("hardware", "kiosk.services.stray", "import serial"),
    Violation("hardware", "forms.stray", "import cv2"),
    Violation("tokens", "forms.stray", "import pkcs11"),
]


def _settings(folder: Path) -> dict[str, list[dict[str, str]]]:
    settings: dict[str, list[dict[str, str]]]
    settings = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    return settings


@pytest.fixture(scope="module")
def copy(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the packages: a violation must never appear in the checkout itself."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(checkout / "pyproject.toml", folder)
    for package in _settings(checkout)["root_packages"]:
        shutil.copytree(checkout / str(package), folder / str(package), ignore=shutil.ignore_patterns("__pycache__"))
    driver = folder / "devices/id_card/driver.py"
    driver.touch()  # contracts on drivers hold from the first one on
    return folder


@pytest.fixture
def injected(copy: Path, request: pytest.FixtureRequest) -> Iterator[Violation]:
    violation: Violation = request.param
    path = copy / violation.path
    before = path.read_text("utf-8") if path.exists() else None
    path.write_text(f"{before or ''}\n{violation.statement}\n", "utf-8")
    yield violation
    if before is None:
        path.unlink()
    else:
        path.write_text(before, "utf-8")


class Linter:
    """Lints a folder as often as asked within one process: starting it anew takes longer than the linting."""

    LOOP = """
import contextlib, io, json, sys
from importlinter.cli import lint_imports
for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()) as output:
        code = lint_imports(limit_to_contracts=tuple(line.split()))
    print(json.dumps([code, output.getvalue()]), flush=True)
"""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", self.LOOP],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *contracts: str) -> tuple[int, str]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(" ".join(contracts) + "\n")
        self._process.stdin.flush()
        code, report = json.loads(self._process.stdout.readline())
        return code, report

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def lint(copy: Path) -> Iterator[Linter]:
    linter = Linter(copy)
    yield linter
    linter.close()


def test_every_contract_is_kept(lint: Linter) -> None:
    code, report = lint()
    assert code == 0, report


def test_every_contract_has_a_violation_that_breaks_it(checkout: Path) -> None:
    assert {contract["id"] for contract in _settings(checkout)["contracts"]} == {each.contract for each in VIOLATIONS}


@pytest.mark.parametrize(
    "injected", VIOLATIONS, ids=lambda each: f"{each.contract}: {each.module} {each.statement}", indirect=True
)
def test_a_violation_breaks_its_contract(lint: Linter, injected: Violation) -> None:
    code, report = lint(injected.contract)
    assert code == 1, report
    assert "1 broken" in report
    assert injected.module in report


def test_civic_stands_on_the_standard_library(checkout: Path) -> None:
    """All others stand on it. One module may know the library that the others state their settings with."""
    own = {*sys.stdlib_module_names, "civic"}
    for path in (checkout / "civic").rglob("*.py"):
        known = {"pydantic", "pydantic_core"} if path.name == "complaints.py" else set()
        assert _imported(path) <= own | known, path.name


def _imported(path: Path) -> set[str]:
    """The packages that a module imports."""
    found = set()
    for each in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [name.name for name in each.names] if isinstance(each, ast.Import) else []
        names += [each.module or ""] if isinstance(each, ast.ImportFrom) else []
        found |= {name.partition(".")[0] for name in names}
    return found
