"""The units of systemd: put into a bare folder as an administrator does it, and judged by systemd's own tools."""

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

from records.cli import main as records_cli

RECORDS_UNITS = {
    "records.service",
    *(f"records-{name}.{kind}" for name in ("backup", "tidy", "check") for kind in ("service", "timer")),
}
INSTALLED_AT = "/opt/lamplight/.venv/bin/"


def read(path: Path) -> configparser.RawConfigParser:
    """Return a unit's settings; of one that stands several times, the last."""
    unit = configparser.RawConfigParser(strict=False, comment_prefixes=("#",), delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment, method-assign] # systemd's names have capitals
    unit.read(path)
    return unit


@pytest.fixture
def root(checkout: Path, tmp_path: Path) -> Path:
    """Return a bare folder with all of them installed."""
    for what in ("records", "kiosk", "gate"):
        subprocess.run([str(checkout / "packaging" / "install.sh"), what, str(tmp_path)], check=True)
    return tmp_path


@pytest.fixture
def units(root: Path) -> Path:
    return root / "etc" / "systemd" / "system"


def test_every_unit_is_installed_and_what_to_do_next_is_said(checkout: Path, tmp_path: Path) -> None:
    """In an order in which each step can go well, and nothing of the other machine's; a wrong word installs nothing."""
    script = str(checkout / "packaging" / "install.sh")
    said = subprocess.run([script, "records", str(tmp_path)], check=True, capture_output=True, text=True).stdout
    assert {path.name for path in (tmp_path / "etc/systemd/system").iterdir()} == RECORDS_UNITS
    steps = (
        "systemd-tmpfiles",
        "records init",
        "--now records.service",
        "records backup-key",
        "--now records-backup.timer",
    )
    assert [said.count(step) for step in steps] == [1] * len(steps)
    assert sorted(steps, key=said.index) == list(steps)
    assert subprocess.run([script, "house"], check=False, capture_output=True).returncode == 2


def test_systemd_finds_nothing_wrong_with_any_unit(units: Path) -> None:
    """Unknown settings and commands that are not there are errors (systemd-analyze verify)."""
    here = f"{Path(sys.executable).parent}/"
    for path in units.glob("*.service"):
        path.write_text(path.read_text("utf-8").replace(INSTALLED_AT, here), "utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(units.iterdir()))]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(("unit", "most"), [("records", 15), ("records-backup", 15), ("kiosk", 40), ("gate", 40)])
def test_a_service_may_do_little_more_than_its_work(units: Path, unit: str, most: int) -> None:
    """In tenths of systemd's own measure of exposure, of 100 (systemd-analyze security)."""
    path = units / f"{unit}.service"
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={most}", str(path)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-200:]


def test_every_command_of_a_unit_is_one(units: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the arguments that it takes: a unit must not fail first on the day when it is needed."""
    for path in sorted(units.glob("records*.service")):
        command = read(path)["Service"]["ExecStart"].removeprefix(f"{INSTALLED_AT}records ").split()
        with pytest.raises(SystemExit) as ended:
            records_cli([*command, "--help"])
        assert ended.value.code == 0
    assert "a folder on another disk" in capsys.readouterr().out


def test_every_timer_has_its_service(units: Path) -> None:
    timers = sorted(units.glob("*.timer"))
    assert len(timers) == 3
    assert all(path.with_suffix(".service").exists() for path in timers)
    assert all(read(path)["Install"]["WantedBy"] == "timers.target" for path in timers)


def test_timers_fire_when_their_words_say(units: Path) -> None:
    """As systemd reads them."""
    for path in units.glob("*.timer"):
        words = read(path)["Timer"]["OnCalendar"]
        command = ["systemd-analyze", "calendar", words]
        assert "Next elapse" in subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_users_and_folders_are_made_before_they_are_needed(root: Path, units: Path) -> None:
    """systemd-sysusers makes each user that a unit runs as; tmpfiles each folder that one writes to besides its own."""
    subprocess.run(["systemd-sysusers", f"--root={root}", "lamplight.conf"], check=True, capture_output=True)
    accounts = {line.split(":")[0] for line in (root / "etc/passwd").read_text("utf-8").splitlines()}
    folders = re.findall(r"^d (\S+)", (root / "etc/tmpfiles.d/lamplight.conf").read_text("utf-8"), re.MULTILINE)
    for path in units.glob("*.service"):
        service = read(path)["Service"]
        assert service["User"] in accounts
        assert {service.get("ReadWritePaths", folders[0])} <= set(folders)


def test_the_service_s_user_may_make_its_data_folder_anew(root: Path) -> None:
    """Before its first start, and when it is put back from a backup; nobody else enters it."""
    lines = [line.split() for line in (root / "etc/tmpfiles.d/lamplight.conf").read_text("utf-8").splitlines()]
    folders = {words[1]: words[2:5] for words in lines if words[0] == "d"}
    assert folders["/var/lib/lamplight"] == ["1775", "root", "lamplight-records"]
    assert folders["/var/lib/lamplight/records"] == ["0700", "lamplight-records", "lamplight-records"]


@pytest.mark.parametrize(
    ("user", "runs"),
    [
        ("lamplight-records", ""),
        ("root", "runuser -u lamplight-records -- "),
        ("chen", "sudo -u lamplight-records -- "),
    ],
)
def test_an_administrator_s_command_runs_as_the_service_s_user_on_its_data(
    root: Path, tmp_path: Path, user: str, runs: str
) -> None:
    """Whoever types it. What comes after it is handed on as it is."""
    wrapper = root / "usr/local/bin/records"
    said = {"id": f"echo {user}", "runuser": 'echo runuser "$@"', "sudo": 'echo sudo "$@"', "records": 'echo "$0" "$@"'}
    for name, script in said.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", "ascii")
        (tmp_path / name).chmod(0o755)
    wrapper.write_text(wrapper.read_text("ascii").replace(INSTALLED_AT, f"{tmp_path}/"), "ascii")
    command = [str(wrapper), "void", "a serial"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={"PATH": f"{tmp_path}:/bin"})
    assert done.stdout == f"{runs}{tmp_path}/records --data /var/lib/lamplight/records void a serial\n"


def test_the_watchdog_is_slower_than_its_signs_of_life(units: Path) -> None:
    """Several may be lost before the service is started anew."""
    from records import server

    every_s = server._ALIVE_TICKS / 10
    assert int(read(units / "records.service")["Service"]["WatchdogSec"]) >= 3 * every_s
