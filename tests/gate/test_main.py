"""The gate command: every condition we know ends in two sentences and in status 1, never in a traceback."""

import re
import stat
from pathlib import Path
from typing import Any

import pytest
import tomli_w

import gate.main as module
from backend_client.device_files import CERTIFICATE_FILE, KEY_FILE, DeviceIdentity, own_key
from civic.masking import Personal
from gate.composition import compose
from gate.config import Configuration, load
from gate.main import cli
from gate.self_check import _set_up
from gate.store.key import make_store_key
from terminal import command
from terminal.pin import PIN_FILE, PinFile
from terminal.self_check import reported
from tests.support.kiosk_room import ASSETS
from tests.support.pki import make_root
from tests.support.remembering import RememberingScreen
from tests.support.scripted_https import leaf

CODE = re.compile(r"`([a-z]+(?:-[a-z]+)*)`")


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    """A demo gate that is not enrolled."""
    values = {
        "profile": "demo",
        "records": {"url": "https://127.0.0.1:9", "root": "root.pem", "identity": "identity"},
        "store": {"folder": "store"},
        "door": {"kind": "osdp", "port": "door.tty", "key_file": "door.key"},
    }
    (tmp_path / "root.pem").write_text(make_root("Root").pem, "ascii")
    (tmp_path / "gate.toml").write_text(tomli_w.dumps(values), "utf-8")
    return tmp_path / "gate.toml"


def _said(capsys: pytest.CaptureFixture[str], path: Path, *arguments: str) -> tuple[int, str]:
    status = cli(["--config", str(path), *arguments])
    return status, capsys.readouterr().err


def _composed(settings: Configuration) -> int:
    with compose(settings, ASSETS, RememberingScreen(), lambda: None):
        return 0


def test_a_missing_file_is_two_sentences(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, words = _said(capsys, tmp_path / "none.toml")
    assert status == 1
    assert "No such file" in words
    assert "Correct the file" in words


def test_enrolling_makes_the_store_s_key_for_this_user_alone(
    capsys: pytest.CaptureFixture[str], configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anybody is asked: a gate that has a certificate can start. Twice is the same key."""
    asked: list[tuple[Any, ...]] = []

    def lets_in(*arguments: Any) -> DeviceIdentity:
        asked.append(arguments)
        return DeviceIdentity("gate-0007", Path("device.pem"), Path("device.key"))

    monkeypatch.setattr(command, "enrol", lets_in)
    assert cli(["--config", str(configuration), "enrol", "ABCDE-FGHJK"]) == 0
    key = configuration.parent / "store.key"
    made = key.read_bytes()
    assert (len(made), stat.S_IMODE(key.stat().st_mode)) == (32, 0o400)
    assert cli(["--config", str(configuration), "enrol", "ABCDE-FGHJK"]) == 0
    assert key.read_bytes() == made
    assert [str(each[3]) for each in asked] == ["gate", "gate"]
    assert "Enrolled as gate-0007." in capsys.readouterr().out


def test_a_gate_that_is_not_enrolled_says_so(
    capsys: pytest.CaptureFixture[str], configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "run", _composed)
    status, words = _said(capsys, configuration)
    assert status == 1
    assert words.startswith("gate: not-enrolled")
    assert "records enrol --kind gate" in words


def test_the_operator_s_page_has_every_code_there_is_advice_for(checkout: Path) -> None:
    page = set(CODE.findall((checkout / "docs" / "gate.md").read_text("utf-8")))
    assert set(module._WHAT_TO_DO) - page == set()


def test_the_self_check_names_what_setting_up_has_left(capsys: pytest.CaptureFixture[str], configuration: Path) -> None:
    """First nothing, then all of it."""
    settings = load(configuration)
    assert reported(_set_up(settings)) == 1
    assert capsys.readouterr().out.count("FAILED") == 4  # the root is there
    root = make_root("Root")
    settings.records.root.write_text(root.pem, "ascii")
    key = own_key(settings.records.identity / KEY_FILE)
    (settings.records.identity / CERTIFICATE_FILE).write_text(leaf(root, "gate-0007", key).pem)
    settings.store.folder.mkdir()
    make_store_key(settings.store.key)
    PinFile(settings.store.folder / PIN_FILE).set(Personal("27182818"))
    assert reported(_set_up(settings)) == 0
    assert "gate-0007" in capsys.readouterr().out
