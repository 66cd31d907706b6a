"""The ``verify`` command: first line, exit status, words, and no network unless asked."""

import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from forms.paper import HouseholdCertificate
from forms.verification import Outcome
from forms.verify_cli import _WHAT_TO_DO, main
from tests.support.forged import scanned
from tests.support.papers import FULL, SPARSE
from tests.support.sheets import as_png, rastered

Papers = Callable[[HouseholdCertificate], bytes]


class _Now:
    def now(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forms.verify_cli.SystemClock", _Now)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def folder(signed: Papers, tmp_path: Path) -> Path:
    """A document, its sheet, and another sheet."""
    (tmp_path / "paper.pdf").write_bytes(signed(SPARSE))
    (tmp_path / "sheet.png").write_bytes(as_png(scanned(signed(SPARSE), 200)))
    (tmp_path / "other.png").write_bytes(as_png(rastered(signed(FULL))))
    return tmp_path


def test_a_sheet_alone_prints_what_to_compare(
    folder: Path, trust_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The outcome, then one signed field to a line, then why and what to do."""
    assert main([str(folder / "sheet.png"), "--trust", str(trust_folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] in {"genuine", "compare"}
    assert f"姓名 name: {SPARSE.name}" in lines
    assert "公民身份号码 citizen ID number: 9901**********0012" in lines
    assert "有效期至 valid until: 2026年12月21日" in lines
    assert lines[-1].startswith("怎么办 what to do: ")


def test_a_sheet_with_its_document_is_genuine(
    folder: Path, trust_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sheet's words were read, and are the document's."""
    arguments = [str(folder / "sheet.png"), "--against", str(folder / "paper.pdf"), "--trust", str(trust_folder)]
    assert main(arguments) == 0
    assert capsys.readouterr().out.splitlines()[0] == "genuine"


def test_another_sheet_is_altered(folder: Path, trust_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status is 1 for what must not be accepted."""
    arguments = [str(folder / "other.png"), "--against", str(folder / "paper.pdf"), "--trust", str(trust_folder)]
    assert main(arguments) == 1
    assert capsys.readouterr().out.splitlines()[0] == "altered"


def test_an_unreadable_file_exits_with_two(trust_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not decided is not the same as refused."""
    assert main([str(trust_folder / "root.pem"), "--trust", str(trust_folder)]) == 2
    assert capsys.readouterr().out.splitlines()[0] == "not readable"


def test_a_missing_trust_folder_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing on standard output, the advice on standard error."""
    monkeypatch.setenv("LAMPLIGHT_TRUST", str(folder / "nowhere"))
    assert main([str(folder / "paper.pdf")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "--trust" in said.err


def test_a_missing_paper_is_named(trust_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped path is no traceback."""
    assert main(["nowhere.png", "--trust", str(trust_folder)]) == 2
    assert "nowhere.png" in capsys.readouterr().err


def test_the_trust_folder_comes_from_the_environment(
    folder: Path, trust_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """LAMPLIGHT_TRUST stands for --trust."""
    monkeypatch.setenv("LAMPLIGHT_TRUST", str(trust_folder))
    assert main([str(folder / "paper.pdf")]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "genuine"


def test_every_outcome_has_its_advice() -> None:
    """In both languages."""
    assert all(len(_WHAT_TO_DO[outcome]) == 2 for outcome in Outcome)


def test_the_command_loads_no_heavy_library() -> None:
    """Reading a code needs neither the signature library nor the page's."""
    heavy = "{'pyhanko', 'reportlab', 'requests', 'fontTools', 'onnxruntime'}"
    check = f"import sys, forms.verify_cli; print(sorted({heavy} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", check], capture_output=True, check=True, text=True).stdout
    assert said.strip() == "[]"
