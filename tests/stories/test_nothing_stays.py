"""After a visit, and after a process that was ended in the middle of one: what the kiosk wrote, file by file, what is
left in its memory, and what records keep of a case."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from backend_client.contract.papers import PaperState
from civic.assets import third_party
from simulators.cards import RESIDENTS_FILE
from simulators.cast import live_pictures
from simulators.house import House
from tests.support.officer import Officer, on_staff
from tests.support.privacy_scan import find_personal, layers, unexpected_files
from tests.support.records_server import command
from tests.support.residents import texts
from tests.support.sheets import around_code, rastered
from tests.support.story import papers
from tests.support.visits import FILING, PHONE

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
    "kiosk/carried.cose",  # which papers are void, hashed, and whose keys count
    "kiosk/.carried.cose.part",  # the same, where the process was ended while it wrote it
    "home/*mesa_shader_cache*",  # the graphics driver's compiled shaders
    "home/.kivy/*",  # Kivy's own icons, copied when it starts
]
ENCODED_PICTURES = [b"\xff\xd8\xff\xe0", b"JFIF", b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51\x00"]  # JPEG, JPEG 2000
LONGEST_VALUE = 600  # characters in a row of the kiosk's store: a vector of a face has more
STOPPED_AT = {  # each way to the kiosk, and the states on it that hold something personal
    "number": ("EnteringNumber", "FacingCamera", "ConfirmingData", "Issuing", "TakingPaper"),
    "passport": ("TypingPage", "LayingDocument", "FacingCamera", "ConfirmingData"),
    "family": ("WithOfficer", "ChoosingPerson", "ChoosingMembers", "ConfirmingData"),
    "dwelling": ("WithOfficer", "EnteringDwelling", "ConfirmingData", "Issuing", "TakingPaper", "TakingCard"),
    "notices": ("WithOfficer", "Listing", "EnteringPhone", "EnteringCode"),
    "renting": ("WithOfficer", "ConfirmingDwelling", "ReadingOver"),
    "check": ("Told",),
}
KILLED_AT = {  # where the next start has something to settle, and a way to it
    "Issuing": "officer",
    "TakingPaper": "dwelling",
}


def needles() -> list[str | bytes]:
    """The resident, as they stand on card, register and passport, and pieces of their pictures."""
    entry_pictures = {"person_a_1.jpg", live_pictures(RESIDENTS_FILE)[PERSON]}
    pictures = [(third_party("portraits") / name).read_bytes() for name in sorted(entry_pictures)]
    return [
        *texts(PERSON),
        PHONE,
        FILING,
        *(picture[at : at + 48] for picture in pictures for at in (1500, len(picture) // 2)),
    ]


@dataclass
class _Kiosk:
    """Kiosk processes of one house, with a home and a temporary folder of their own: nothing escapes the search."""

    house: House
    folder: Path
    officer: Officer
    said: dict[str, list[str]] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home, self.temporary = self.folder / "home", self.folder / "tmp"
        for each in (self.home, self.temporary):
            each.mkdir()

    def start(self, until: str, *ways: str) -> "subprocess.Popen[str]":
        """Run a visitor as far as ``until``; the officer confirms whoever asks for them."""
        environment = os.environ | {
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            "TMPDIR": str(self.temporary),
            "KIVY_HOME": str(self.home / ".kivy"),
        }
        command = [sys.executable, "-m", "tests.support.visitor", "--folder", str(self.house.folder), "--until", until]
        command += [part for way in ways for part in ("--way", way)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True)
        assert process.stdin is not None
        assert process.stdout is not None
        self.said = {}
        with process.stdin, process.stdout as stdout:
            for line in stdout:
                what, _, rest = line.strip().partition(" ")
                self.said.setdefault(what, []).append(rest)
                if what in ("at", "not"):
                    break
                self._answer(process, what, rest)
        if "at" not in self.said:
            process.kill()
            process.wait()
            pytest.fail(f"{until}: {self.said}")
        return process

    def _answer(self, process: "subprocess.Popen[str]", what: str, said: str) -> None:
        match what:
            case "code":
                self.codes.append(said)
                self.officer.open_case(said)
                self.officer.confirm()
            case "hold":
                self._hold_newest()
            case "stop":
                self._look_through(process)
            case _:  # read by the test
                pass

    def _hold_newest(self) -> None:
        """The newest page before the kiosk's camera."""
        page = max(self.house.tray.glob("*.pdf"), key=lambda path: path.stat().st_mtime_ns)
        picture = self.house.folder / "sim" / "held.png"
        around_code(rastered(page.read_bytes())).save(picture)
        self.house.state.set("camera", subject=f"paper:{picture}")

    def _look_through(self, process: "subprocess.Popen[str]") -> None:
        """A process that is stopped leaves on the disk what one would that is ended there."""
        process.send_signal(signal.SIGSTOP)
        try:
            check(self)
        except BaseException:
            process.kill()
            raise
        process.send_signal(signal.SIGCONT)
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()


@pytest.fixture
def kiosk(house: House, tmp_path: Path) -> Iterator[_Kiosk]:
    url = f"https://localhost:{house.records_port}"
    name = f"stays-{tmp_path.name[-12:].strip('_')}"
    officer = on_staff(partial(command, house.folder / "records"), url, house.trust / "root.pem", name)
    officer.duty(on=True)
    yield _Kiosk(house, tmp_path, officer)
    officer.duty(on=False)
    officer.close()


def check(kiosk: _Kiosk) -> None:
    """Every file is allowed, and none knows the resident."""
    wanted = needles()
    for name, source in (("kiosk", kiosk.house.folder / "kiosk"), ("home", kiosk.home), ("tmp", kiosk.temporary)):
        patterns = [each.removeprefix(f"{name}/") for each in ALLOWED if each.startswith(f"{name}/")]
        assert unexpected_files(source, patterns) == []
        assert find_personal(source, wanted, kiosk.codes) == []
        _no_picture(source)
    assert find_personal(kiosk.house.folder / "log", wanted, kiosk.codes) == []
    _no_template(kiosk)


def _no_picture(folder: Path) -> None:
    stored = [each for each in folder.rglob("*") if each.is_file() and ".kivy" not in each.parts]
    for path in stored:
        for _, content in layers(path.read_bytes()):
            assert not any(each in content for each in ENCODED_PICTURES), path


def _no_template(kiosk: _Kiosk) -> None:
    """Nothing in the store is long enough for a frame or for a face's vector, but the signed policy."""
    copy = kiosk.folder / "copied"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for path in (kiosk.house.folder / "kiosk").glob("kiosk.sqlite*"):
        shutil.copy(path, copy)
    with closing(sqlite3.connect(copy / "kiosk.sqlite")) as store:
        tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert {"audit", "setting", "paper_attempt"} <= set(tables)
        for table in tables:
            for row in store.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - the names are the store's own
                assert row[0] == "policy" or all(_is_short(value) for value in row), (table, row[0])


def _is_short(value: object) -> bool:
    return value is None or isinstance(value, int | float) or (isinstance(value, str) and len(value) <= LONGEST_VALUE)


@pytest.mark.timeout(500)
def test_after_visits_of_every_way_nothing_personal_is_on_the_machine_or_in_its_memory(kiosk: _Kiosk) -> None:
    """By number to the paper; by passport and for a child, clearing the screen; by officer to a strip; one who rents,
    and one who has their paper checked; one after the other. At every state that holds something personal, and after
    them all, every file is looked through. Once somebody is proven only the statement is left of what proved it, and
    after an officer's word not even that."""
    process = kiosk.start("Attract", *STOPPED_AT)
    assert process.wait(60) == 0
    assert kiosk.said["stop"] == [state for states in STOPPED_AT.values() for state in states]
    assert kiosk.said["proven"] == ["['SignedStatement']", "['SignedStatement']", "[]", "[]"]
    assert kiosk.said["left"] == ["[]"]
    check(kiosk)


@pytest.mark.timeout(400)
def test_processes_ended_in_the_middle_leave_nothing_personal_and_no_open_serial(kiosk: _Kiosk) -> None:
    """One after the other: each start has to live with what the one before it left, and the last has to settle it."""
    for state, way in KILLED_AT.items():
        process = kiosk.start(state, way)
        assert kiosk.said["at"] == [state]
        process.kill()
        process.wait(10)
        check(kiosk)
        kiosk.house.state.set("id_card", card="none")
        kiosk.house.state.set("travel_document", "ok", document="none")
        kiosk.house.state.set("camera", subject="nobody", pose="front")
    rested = kiosk.start("Rest")
    assert rested.wait(60) == 0
    check(kiosk)
    states = papers(kiosk.house)
    assert set(states.values()) <= {PaperState.DELIVERED, PaperState.VOID}, states
