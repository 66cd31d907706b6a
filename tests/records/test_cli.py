"""The command line: what it makes, what it tells, and its sentences when it can't."""

import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.devices import DeviceKind, EnrolmentPending, EnrolmentRequest
from civic.clock import SystemClock
from forms.trust import TrustStore
from records.cli import main
from records.context import Records
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
    assert "0 devices are called nobody" in capsys.readouterr().err


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
    assert "0 machines that wait have a fingerprint that begins so" in capsys.readouterr().err
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


def test_a_mistyped_serial_is_said(folder: Path, capsys: Capture) -> None:
    assert _run(folder, "void", "2026-0001-000001-99") == 1
    said = capsys.readouterr().err
    assert "the check digits of this serial are wrong" in said
    assert "no paper has the serial" in said


def test_a_mistyped_setting_is_said(folder: Path, capsys: Capture) -> None:
    """By its name, and no traceback."""
    with (folder / "records.toml").open("a") as file:
        file.write("\n[servr]\nport = 1\n")
    assert _run(folder, "papers") == 1
    assert capsys.readouterr().err == "records: records.toml: servr: Extra inputs are not permitted\n"


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


def test_keys_are_listed_rotated_and_revoked(folder: Path, capsys: Capture) -> None:
    """With what kind of signature they make, and what must follow; the audit keeps it."""
    assert _run(folder, "key", "rotate", "code") == 0
    assert "The next code key is" in capsys.readouterr().out
    assert _run(folder, "key", "revoke", "document", "--since", "2026-11-01T00:00+08:00") == 0
    assert "is revoked from 2026-11-01 00:00:00 on. It is in force now" in capsys.readouterr().out
    assert _run(folder, "key", "list") == 0
    said = capsys.readouterr().out
    assert len([line for line in said.splitlines() if line.startswith("earlier")]) == 2
    assert "revoked from 2026-11-01 00:00:00" in said
    assert "demonstration authority (样张)" in said
    assert _run(folder, "audit", "--show", "2") == 0
    assert "key-rotated" in capsys.readouterr().out


@pytest.mark.parametrize("time", ["yesterday", "2026-11-01T00:00"])
def test_a_time_without_its_zone_revokes_nothing(time: str, folder: Path, capsys: Capture) -> None:
    """Eight hours of stolen papers would count."""
    with pytest.raises(SystemExit):
        _run(folder, "key", "revoke", "document", "--since", time)
    assert "2026-11-22T23:05+08:00" in capsys.readouterr().err
