"""The command line: what it makes, what it tells, and its sentences when it can't."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.devices import DeviceKind, EnrolmentPending, EnrolmentRequest
from civic.clock import SystemClock
from forms.trust import TrustStore
from records import key_choice
from records.cli import main
from records.context import Records
from records.key_signers import SIGNERS
from records.services import enrolment
from records.settings import load
from tests.support.clocks import StillClock
from tests.support.records_client import DENG, KioskClient, csr
from tests.support.records_server import SQLITE
from tests.support.tampering import tampering

Capture = pytest.CaptureFixture[str]


def _run(folder: Path, *arguments: str) -> int:
    return main(["--data", str(folder), *arguments])


def test_init_makes_everything_and_again_changes_nothing(tmp_path: Path, capsys: Capture) -> None:
    """Settings, keys that only their owner reads, a certificate, residents, a policy, and what verifiers trust."""
    data, trust = tmp_path / "records", tmp_path / "trust"
    assert _run(data, "init", "--trust-out", str(trust)) == 0
    first = {path: path.read_bytes() for path in data.rglob("*.pem")}
    assert _run(data, "init") == 0
    assert {path: path.read_bytes() for path in data.rglob("*.pem")} == first
    assert {stat.S_IMODE(path.stat().st_mode) for path in data.rglob("*.key*")} == {0o600}
    assert TrustStore.from_folder(trust).records_url == "https://localhost:8443"
    assert load(data).server.port == 8443
    assert "样张" in capsys.readouterr().out


def test_a_folder_without_records_is_said(tmp_path: Path, capsys: Capture) -> None:
    """And how to make them."""
    assert _run(tmp_path, "papers") == 1
    assert "make them with: records --data" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [("key", "rotate", "document"), ("check",), ("init",), ("restore", "x", "--key", "y")]
)
def test_who_is_not_the_folders_owner_is_told_who_is(
    command: tuple[str, ...], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """A key that root has made is one that the service can't read."""
    os.chown(folder, os.getuid(), -1)
    monkeypatch.setattr("os.geteuid", lambda: 65_533)
    before = sorted(folder.rglob("*"))
    assert _run(folder, *command) == 1
    assert f"{folder} belongs to " in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before


def test_a_file_in_the_place_of_a_folder_is_said(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "file").touch()
    assert _run(tmp_path / "file", "init") == 1
    assert capsys.readouterr().err == f"records: {tmp_path / 'file'} is a file, not a folder\n"


def test_enrol_prints_a_code_alone(folder: Path, capsys: Capture) -> None:
    """On standard output, so that a script can take it."""
    assert _run(folder, "enrol", "--kind", "kiosk", "--name", "lobby") == 0
    code = capsys.readouterr().out.strip()
    assert len(code.replace("-", "")) == 10


def test_devices_are_listed_and_revoked(folder: Path, kiosk: KioskClient, capsys: Capture) -> None:
    assert _run(folder, "devices") == 0
    assert f"{kiosk.device_id}  here  enrolled  never seen" in capsys.readouterr().out
    assert _run(folder, "revoke", kiosk.device_id) == 0
    assert kiosk.get("/v1/policy").json()["code"] == "device-revoked"
    assert _run(folder, "revoke", "nobody") == 1
    assert "no device is called nobody; see: records devices" in capsys.readouterr().err


def _waiting(records: Records, name: str) -> str:
    """A machine that waits to be let in: the fingerprint that it shows."""
    code = enrolment.new_code(records, DeviceKind.KIOSK, name)
    request = EnrolmentRequest(code=code, kind=DeviceKind.KIOSK, csr_pem=csr(ec.generate_private_key(ec.SECP256R1())))
    told = enrolment.enrol(records, request)
    assert isinstance(told, EnrolmentPending)
    return told.fingerprint


def test_a_machine_that_waits_is_listed_and_let_in_by_its_fingerprint(
    folder: Path, records: Records, clock: StillClock, capsys: Capture
) -> None:
    """Two groups of it will do; another one is sent away, and a wrong one lets nobody in."""
    clock.at = SystemClock().now()  # that of the command line
    first, second = _waiting(records, "lobby"), _waiting(records, "yard")
    assert _run(folder, "devices") == 0
    assert f"waits to be let in  lobby  kiosk  {first}" in capsys.readouterr().out
    assert _run(folder, "approve", first[:9]) == 0
    assert capsys.readouterr().out == "lobby is let in as kiosk-0001.\n"
    assert _run(folder, "refuse", second) == 0
    assert capsys.readouterr().out == "yard is not let in, and its code is used up.\n"
    assert _run(folder, "approve", first) == 1
    assert "no machine waits with a fingerprint that begins so" in capsys.readouterr().err
    assert _run(folder, "devices") == 0
    assert "waits" not in capsys.readouterr().out


def test_papers_are_listed_without_anything_personal(folder: Path, kiosk: KioskClient, capsys: Capture) -> None:
    """An open serial stays visible as open."""
    reserved, done = kiosk.reserved()["serial"], kiosk.reserved(visit="visit-0002")["serial"]
    kiosk.seal(done)
    kiosk.delivered(done)
    assert _run(folder, "papers") == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"{reserved}  reserved (open)" in lines[0]
    assert f"{done}  delivered" in lines[1]
    assert DENG.name not in "".join(lines)


def test_void_voids_and_says_what_it_was(folder: Path, kiosk: KioskClient, capsys: Capture) -> None:
    serial = kiosk.reserved()["serial"]
    assert _run(folder, "void", serial) == 0
    assert capsys.readouterr().out == f"{serial} is void. It was reserved.\n"
    assert _run(folder, "void", serial, "--reason", "abandoned") == 0
    assert "was void already" in capsys.readouterr().out


@pytest.mark.parametrize("command", [("void",), ("confirm-residence", "--reason", "1 lease, book 7")])
@pytest.mark.parametrize("serial", ["2026-0001-000001-99", "hello"])
def test_a_mistyped_serial_is_said(serial: str, command: tuple[str, ...], folder: Path, capsys: Capture) -> None:
    assert _run(folder, *command, serial) == 1
    said = capsys.readouterr().err
    assert f"{serial} is no serial" in said
    assert f"has the serial {serial}" in said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[servr]\nport = 1", "[servr]: there is no such section (near: [server])"),
        ('[server]\nhosst = ""', "[server] hosst: there is no such setting (near: host)"),
        ('[server]\nport = "x"', "[server] port: must be a whole number from 1 to 65535"),
        ('[server]\ncheck_proxy = "hunter2"', "[server] check_proxy: must be one IP address, or empty"),
        ('[messages]\nurl = "me:hunter2@x"', "[messages] url: must be an address that begins with https://, or empty"),
        ("[keys]\nmodule = 'p11.so'", "[keys]: module and token go together"),
        ('server = "hunter2"', "[server]: must be a section of its own"),
    ],
)
def test_settings_that_won_t_do_are_said(tmp_path: Path, capsys: Capture, written: str, said: str) -> None:
    """By section, name and what must stand there: no traceback, no word of a library, no value that may be secret."""
    (tmp_path / "records.toml").write_text(written, "utf-8")
    assert _run(tmp_path, "papers") == 1
    assert capsys.readouterr().err == f"records: records.toml: {said}\n"


@pytest.mark.parametrize("name", ["document.key.pem", "policy.cert.pem", "audit.key"])
def test_half_a_key_ring_is_never_mended_in_silence(folder: Path, name: str, capsys: Capture) -> None:
    """New keys beside old ones would make every paper issued so far unverifiable."""
    (folder / "keys" / name).unlink()
    assert _run(folder, "init") == 1
    assert "restore the others from the backup" in capsys.readouterr().err


def test_a_damaged_key_is_named(folder: Path, capsys: Capture) -> None:
    (folder / "keys" / "code.key.pem").write_text("nonsense", "ascii")
    assert _run(folder, "papers") == 1
    assert "code.key.pem is damaged" in capsys.readouterr().err


def test_in_a_folder_that_others_may_enter_nobody_reads_the_records(tmp_path: Path) -> None:
    """An administrator's folder keeps its mode; what is personal or secret in it has its own."""
    tmp_path.chmod(0o755)
    assert _run(tmp_path, "init") == 0
    open_to_others = {path.name for path in tmp_path.rglob("*") if path.stat().st_mode & 0o077}
    assert open_to_others <= {"records.toml", "server.cert.pem"}


def test_the_audit_is_checked_by_a_command(folder: Path, kiosk: KioskClient, records: Records, capsys: Capture) -> None:
    """A chain that nobody can check protects nothing."""
    kiosk.identify()
    assert _run(folder, "audit") == 0
    assert "The audit holds: " in capsys.readouterr().out
    with tampering(records) as transaction:
        transaction.connection.execute(sa.text("UPDATE audit SET device_id = 'kiosk-0009' WHERE seq = 2"))
    assert _run(folder, "audit") == 1
    assert "does not hold from row 2 on" in capsys.readouterr().err


@pytest.mark.parametrize("kind", [SQLITE])
def test_a_database_that_is_none_is_said_in_a_sentence(folder: Path, capsys: Capture) -> None:
    """No traceback: what a database says may quote a row."""
    (folder / "records.sqlite").write_bytes(b"no database" * 1000)
    assert _run(folder, "papers") == 1
    said = capsys.readouterr().err
    assert said.startswith("records: the database can't be used: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_said(folder: Path, port: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        _run(folder, "serve", f"--port={port}")
    assert "a port is a number from 1 to 65535" in capsys.readouterr().err


def test_keys_are_listed_rotated_and_revoked(
    folder: Path, records: Records, clock: StillClock, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """With what kind of signature they make, and what must follow; the audit keeps it."""
    monkeypatch.setattr("records.cli.SystemClock", lambda: clock)
    before = f"{records.keys.document.certificate.serial_number:x}"
    clock.pass_by(3600)
    assert _run(folder, "key", "rotate", "code") == 0
    assert "The next code key is" in capsys.readouterr().out
    assert _run(folder, "key", "revoke", "document", "--since", "2026-11-22T23:30+08:00") == 0
    now = f"{records.keys.document.certificate.serial_number:x}"
    said = capsys.readouterr().out
    assert f"The document key {before} is revoked from 2026-11-22T23:30:00+08:00 on.\n" in said
    assert f"The document key in force now, in a running service too, is {now}." in said
    assert _run(folder, "key", "list") == 0
    said = capsys.readouterr().out
    assert len([line for line in said.splitlines() if line.startswith("earlier")]) == 2
    assert "revoked from 2026-11-22T23:30:00+08:00  document" in said
    assert "demonstration authority (样张)" in said
    assert _run(folder, "audit", "--show", "2") == 0
    assert "key-rotated" in capsys.readouterr().out


@pytest.mark.parametrize("name", SIGNERS)
def test_who_changed_a_lost_key_first_revokes_it_and_not_the_next_one(
    name: str, folder: Path, records: Records, clock: StillClock, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """By its number; by a time alone nothing is revoked that was not there then."""
    monkeypatch.setattr("records.cli.SystemClock", lambda: clock)
    lost, since = key_choice.in_force(records.keys, name), ("--since", "2026-11-22T23:30+08:00")
    number = f"{lost.serial_number:x}"
    clock.pass_by(1800)  # 23:35: five minutes after the loss
    assert _run(folder, "key", "rotate", name) == 0
    following = key_choice.in_force(records.keys, name)
    clock.pass_by(60)
    for words, told in (
        ([*since], f"the {name} key in force began on 2026-11-22T23:35:00+08:00, after that time"),
        ([number[:7], *since], "records key list"),
        (["0" * 8, *since], "records key list"),
        ([number], "--since TIME"),
        ([number, "--since", "2026-11-23T00:00+08:00"], "is in the future"),
        (["--since", "2026-11-23T00:00+08:00"], "is in the future"),
    ):
        assert _run(folder, "key", "revoke", name, *words) == 1
        assert told in capsys.readouterr().err
    assert not records.keys.revoked
    assert _run(folder, "key", "revoke", name, number[:8], *since) == 0
    assert (
        f"The {name} key in force now, in a running service too, is {following.serial_number:x}"
        in capsys.readouterr().out
    )
    assert key_choice.in_force(records.keys, name) == following
    assert [each.serial_number for each in records.keys.revoked] == [lost.serial_number]
    assert records.trust.revoked_at(lost) == datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("time", ["yesterday", "2026-11-01T00:00"])
def test_a_time_without_its_zone_revokes_nothing(time: str, folder: Path, capsys: Capture) -> None:
    """Eight hours of stolen papers would count."""
    with pytest.raises(SystemExit):
        _run(folder, "key", "revoke", "document", "--since", time)
    assert "2026-11-22T23:05+08:00" in capsys.readouterr().err
