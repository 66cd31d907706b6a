"""The gate's configuration file: clear sentences for what is wrong, and everything refused that is only a program."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from gate.config import load
from terminal.configuration import ConfigurationError, TerminalRefusedError
from tests.support.pki import make_root

REAL: dict[str, Any] = {
    "profile": "production",
    "records": {"url": "https://records.police.test", "root": "root.pem", "identity": "identity"},
    "store": {"folder": "store"},
    "door": {"kind": "osdp", "port": "/dev/lamplight-door", "key_file": "door.key"},
    "code_scanner": {"port": "/dev/lamplight-scanner"},
}


@pytest.fixture
def pty() -> Iterator[str]:
    master, slave = os.openpty()
    yield os.ttyname(slave)
    os.close(master)
    os.close(slave)


def _written(folder: Path, organisation: str = "Bureau", **changes: Any) -> Path:
    (folder / "root.pem").write_text(make_root(organisation).pem, "ascii")
    values = {name: value for name, value in (REAL | changes).items() if value is not None}
    (folder / "gate.toml").write_text(tomli_w.dumps(values), "utf-8")
    return folder / "gate.toml"


def test_a_gate_with_real_devices_may_serve_and_its_paths_are_beside_the_file(tmp_path: Path) -> None:
    """The screen is a book's size unless the file says otherwise; no face is asked for."""
    settings = load(_written(tmp_path))
    assert settings.store.key == tmp_path / "store.key"
    assert settings.records.identity == tmp_path / "identity"
    assert (settings.screen.width, settings.screen.height, settings.screen.pixel_pitch_mm) == (800, 1280, 0.17)
    assert settings.code_scanner is not None
    assert settings.code_scanner.port == "/dev/lamplight-scanner"
    assert (settings.camera, settings.face, settings.sharing) == (None, None, None)


def test_production_refuses_every_program_at_once(tmp_path: Path, pty: str) -> None:
    """Whoever is at the far end of a pseudo terminal opens doors as they like."""
    door = {"kind": "osdp", "port": pty, "key_file": "door.key"}
    path = _written(
        tmp_path, "Lamplight SPECIMEN", door=door, code_scanner={"port": pty}, camera={"source": "http://x"}
    )
    with pytest.raises(TerminalRefusedError) as refused:
        load(path)
    assert set(refused.value.detail.split(", ")) == {
        *("door-port-is-a-pty", "code-scanner-port-is-a-pty", "camera-is-a-stream", "camera-usb-path-missing"),
        "demo-key",
    }


def test_a_gate_without_a_reader_and_a_scanner_lets_nobody_in(tmp_path: Path) -> None:
    with pytest.raises(TerminalRefusedError, match="no-card-and-no-code"):
        load(_written(tmp_path, code_scanner=None))


def test_a_demo_takes_programs_and_a_specimen_root(tmp_path: Path, pty: str) -> None:
    path = _written(tmp_path, "Lamplight SPECIMEN", profile="demo", code_scanner={"port": pty})
    assert load(path).profile == "demo"


def test_a_gate_listens_everywhere_where_its_address_is_said(tmp_path: Path) -> None:
    sharing = load(_written(tmp_path, sharing={"host": "::", "address": "10.0.0.7:8446"})).sharing
    assert sharing is not None
    assert (sharing.host, sharing.address) == ("::", "10.0.0.7:8446")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"door": None}, "door"),
        ({"door": {"kind": "latch"}}, "door"),
        ({"dor": {}}, "dor"),
        ({"sharing": {"host": "10.0.0.7", "port": 0}}, r"\[sharing\] port"),
        ({"sharing": {"host": "10.0.0.7", "address": "gate-5"}}, r"\[sharing\] address"),
        ({"sharing": {"host": "10.0.0.7", "address": "gate 5:8446"}}, r"\[sharing\] address"),
        ({"sharing": {"host": "::"}}, r"\[sharing\].*nobody reaches ::: say in address"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        load(_written(tmp_path, **changes))
