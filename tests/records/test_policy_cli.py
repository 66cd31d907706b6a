"""``records policy``: what is in force, what a file would change, and a new version without a new start."""

from pathlib import Path

import pytest

from records.cli import main
from tests.support.clocks import StillClock
from tests.support.records_server import BOTH

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.cli.SystemClock", StillClock)


def run(folder: Path, *arguments: str) -> int:
    return main(["--data", str(folder), "policy", *arguments])


@pytest.mark.parametrize("kind", BOTH)
def test_what_is_in_force_is_shown_and_issued_anew_when_it_changed(folder: Path, capsys: Capture) -> None:
    """Its version rises by one with a changed file, and with an unchanged one not at all."""
    assert run(folder, "show") == 0
    said = capsys.readouterr().out
    assert said.startswith("Version 1, issued 2026-11-22 23:05, in force until 2027-02-20 23:05.\n")
    assert "household_certificate: " in said
    assert run(folder, "issue") == 0
    assert "Nothing has changed. Version 1" in capsys.readouterr().out
    rules = folder / "rules.toml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("reissues_per_day = 3", "reissues_per_day = 2", 1), "utf-8")
    assert text != rules.read_text("utf-8")
    assert run(folder, "issue") == 0
    assert "Issued. Version 2" in capsys.readouterr().out


def test_a_file_is_checked_before_it_is_used(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    """What it would change is named; nothing is issued by it."""
    candidate = tmp_path / "candidate.toml"
    text = (folder / "rules.toml").read_text("utf-8")
    candidate.write_text(text, "utf-8")
    assert run(folder, "check", str(candidate)) == 0
    assert capsys.readouterr().out == "It changes nothing.\n"
    candidate.write_text(text.replace("reissues_per_day = 3", "reissues_per_day = 2", 1), "utf-8")
    assert run(folder, "check", str(candidate)) == 0
    assert "It would change: papers (household_certificate)." in capsys.readouterr().out
    candidate.write_text(text + "\n[nonsense]\n", "utf-8")
    assert run(folder, "check", str(candidate)) == 1
    assert "nonsense" in capsys.readouterr().err
    assert run(folder, "show") == 0
    assert "Version 1" in capsys.readouterr().out
