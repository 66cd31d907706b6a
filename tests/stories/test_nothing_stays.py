"""After a visit, and after a process that was ended in the middle of one: what the kiosk wrote, file by file."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from simulators.cards import RESIDENTS_FILE
from simulators.house import House
from tests.support.privacy_scan import find_personal, layers, unexpected_files

PERSON = "deng"
ROOT = Path(__file__).resolve().parents[2]
ALLOWED = [  # everything that a kiosk may write, and why
    "kiosk/kiosk.toml",  # the operator's configuration
    "kiosk/identity/device.key",  # the device's own identity
    "kiosk/identity/device.pem",
    "kiosk/maintenance-pin.json",  # the technician's PIN, hashed
    "kiosk/kiosk.lock",  # the process number
    "kiosk/kiosk.sqlite",  # journal, settings, audit
    "kiosk/kiosk.sqlite-wal",
    "home/*mesa_shader_cache*",  # the graphics driver's compiled shaders
    "home/.kivy/*",  # Kivy's own icons, copied when it starts
]


def needles() -> list[str]:
    """The resident, as they stand on the card and in the register."""
    entry = tomllib.loads(RESIDENTS_FILE.read_text("utf-8"))[PERSON]
    born = entry["birth_date"].replace("-", "")
    return [entry["name"], entry["id_number"], entry["address"], born, entry["id_number"][-12:]]


class _Kiosk:
    """Kiosk processes of one house, with a home and a temporary folder of their own: nothing escapes the search."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.home, self.temporary = folder / "home", folder / "tmp"
        for each in (self.home, self.temporary):
            each.mkdir()

    def start(self, until: str) -> "subprocess.Popen[str]":
        """Run a visitor as far as ``until``."""
        environment = os.environ | {
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            "TMPDIR": str(self.temporary),
            "KIVY_HOME": str(self.home / ".kivy"),
        }
        command = [sys.executable, "-m", "tests.support.visitor", "--folder", str(self.house.folder), "--until", until]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        with process.stdout as stdout:
            said = stdout.readline().strip()
        assert said.startswith("at "), f"{until}: {said}"
        return process


@pytest.fixture
def kiosk(house: House, tmp_path: Path) -> _Kiosk:
    return _Kiosk(house, tmp_path)


def check(kiosk: _Kiosk) -> None:
    """Every file is allowed, and none knows the resident."""
    for name, source in (("kiosk", kiosk.house.folder / "kiosk"), ("home", kiosk.home), ("tmp", kiosk.temporary)):
        patterns = [each.removeprefix(f"{name}/") for each in ALLOWED if each.startswith(f"{name}/")]
        assert unexpected_files(source, patterns) == []
        assert find_personal(source, needles()) == []
        _no_portrait(source)
    log = kiosk.house.folder / "log"
    assert find_personal(log, needles()) == []


def _no_portrait(folder: Path) -> None:
    pictures = [b"\xff\xd8\xff\xe0", b"JFIF"]
    stored = [each for each in folder.rglob("*") if each.is_file() and ".kivy" not in each.parts]
    for path in stored:
        for _, content in layers(path.read_bytes()):
            assert not any(each in content for each in pictures), path


def test_after_a_whole_visit_nothing_personal_is_on_the_machine(kiosk: _Kiosk) -> None:
    process = kiosk.start("Attract")
    assert process.wait(60) == 0
    check(kiosk)


@pytest.mark.timeout(240)
def test_processes_ended_in_the_middle_leave_nothing_personal_and_no_open_serial(kiosk: _Kiosk) -> None:
    """One after the other: each start has to live with what the one before it left, and the last has to settle it."""
    for state in ("ConfirmingData", "Issuing", "TakingPaper"):
        process = kiosk.start(state)
        process.kill()
        process.wait(10)
        check(kiosk)
        kiosk.house.state.set("id_card", card="none")
    rested = kiosk.start("Rest")
    assert rested.wait(60) == 0
    check(kiosk)
    lines = [line for line in kiosk.house.records("papers").splitlines() if line and line[0].isdigit()]
    assert all(("delivered" in line) != ("  void" in line) for line in lines), lines
    assert not any("(open)" in line for line in lines), lines
