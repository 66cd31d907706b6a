"""``--self-check``: a kiosk that could not start, or that no technician could get into, is never called well."""

import errno
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import kiosk.self_check as module
from backend_client.device_files import CERTIFICATE_FILE, KEY_FILE, mark_revoked
from civic.clock import SystemClock
from civic.masking import Personal
from forms.carried import CARRIED_FILE
from kiosk.config import Configuration
from kiosk.self_check import self_check
from terminal.pin import PIN_FILE, PinFile
from tests.support.carried import signed_list
from tests.support.pki import Pki, make_pki
from tests.support.scripted_https import leaf

SET_UP = ("root", "certificate", "PIN", "store", "carried list")
NOBODY = 54321


@pytest.fixture(autouse=True)
def _set_up_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the application itself holds takes seconds to load, and is checked where it is built."""
    monkeypatch.setattr(module, "_application", lambda _: ())


@pytest.fixture
def settings(tmp_path: Path) -> Configuration:
    """A kiosk on which nothing was set up."""
    return Configuration.model_validate(
        {
            "profile": "demo",
            "records": {
                "url": "https://127.0.0.1:9",
                "root": tmp_path / "root.pem",
                "identity": tmp_path / "identity",
            },
            "store": {"folder": tmp_path / "store"},
            "devices": {
                "id_card": {"port": "reader.tty"},
                "camera": {"source": "/dev/none-such-camera"},
                "face": {"pack": "no-pack"},
                "page_printer": {"uri": "ipp://127.0.0.1:9/ipp/print"},
            },
        }
    )


@pytest.fixture(scope="module")
def pki() -> Pki:
    """The bureau's keys."""
    return make_pki("Shili")


@pytest.fixture
def ready(settings: Configuration, pki: Pki) -> Configuration:
    """The same after steps 1 to 3."""
    settings.records.root.write_text(pki.root.pem)
    device = leaf(pki.root, "kiosk-0007", ec.generate_private_key(ec.SECP256R1()))
    settings.records.identity.mkdir()
    (settings.records.identity / CERTIFICATE_FILE).write_text(device.pem)
    write_key(settings, device.key)
    PinFile(settings.store.folder / PIN_FILE).set(Personal("27182818"))
    return settings


def write_key(settings: Configuration, key: ec.EllipticCurvePrivateKey) -> None:
    """As enrolling leaves it."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (settings.records.identity / KEY_FILE).write_bytes(pem)


def found(settings: Configuration, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    """The status, and each part's line: ``ok ...`` or ``FAILED ...`` without its name."""
    status = self_check(settings)
    lines = [line.split(": ", 1) for line in capsys.readouterr().out.splitlines()]
    return status, {head[8:]: f"{head[:8].strip()} {said}" for head, said in lines}


def failed(lines: dict[str, str]) -> list[str]:
    """The names of the parts that are not well."""
    return [name for name, line in lines.items() if line.startswith("FAILED")]


def test_a_kiosk_on_which_nothing_was_set_up_fails(settings: Configuration, capsys: pytest.CaptureFixture[str]) -> None:
    """Each missing step has a line that names it; the carried list alone may be missing."""
    status, lines = found(settings, capsys)
    assert status == 1
    assert tuple(lines) == SET_UP
    assert failed(lines) == ["root", "certificate", "PIN", "store"]
    assert "root.pem" in lines["root"]
    assert "enrol first" in lines["certificate"]
    assert "set-pin" in lines["PIN"]


def test_a_kiosk_that_was_set_up_says_whose_and_until_when(
    ready: Configuration, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a technician compares with the list at records."""
    status, lines = found(ready, capsys)
    assert (status, failed(lines)) == (0, [])
    assert lines["root"].startswith("ok Shili root, until 20")
    assert lines["certificate"].startswith("ok kiosk-0007, until 20")
    assert lines["PIN"] == "ok set"
    assert "none yet" in lines["carried list"]


def test_files_of_another_user_fail(
    ready: Configuration, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set up by root and served by the kiosk's user, the key and the PIN could not be read."""
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
    status, lines = found(ready, capsys)
    assert status == 1
    assert failed(lines) == ["certificate", "PIN", "store"]
    assert (
        f"device.key belongs to {Path(ready.records.root).owner()}, and this is user {NOBODY}" in lines["certificate"]
    )


def test_a_disk_that_takes_no_block_fails(
    ready: Configuration, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full or read-only: neither the journal could be written, without which no paper may leave, nor a renewed key."""

    def full(**_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    status, lines = found(ready, capsys)
    assert (status, failed(lines)) == (1, ["certificate", "store"])
    assert all("No space left" in lines[name] for name in failed(lines))


def test_a_certificate_for_another_key_fails(ready: Configuration, capsys: pytest.CaptureFixture[str]) -> None:
    """Records would refuse every connection."""
    write_key(ready, ec.generate_private_key(ec.SECP256R1()))
    status, lines = found(ready, capsys)
    assert (status, failed(lines)) == (1, ["certificate"])
    assert "another key" in lines["certificate"]


def test_a_certificate_that_records_have_revoked_fails(
    ready: Configuration, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says that only a new code helps."""
    mark_revoked(ready.records.identity)
    _, lines = found(ready, capsys)
    assert "records have revoked it: enrol anew" in lines["certificate"]


def test_a_damaged_key_fails(ready: Configuration, capsys: pytest.CaptureFixture[str]) -> None:
    """Half a file, as a bad copy leaves it."""
    (ready.records.identity / KEY_FILE).write_text("-----BEGIN PRIVATE KEY-----\n")
    status, lines = found(ready, capsys)
    assert (status, failed(lines)) == (1, ["certificate"])
    assert "damaged" in lines["certificate"]


@pytest.mark.parametrize(("days", "words"), [(2, "ended on"), (-2, "clock")])
def test_a_certificate_that_is_not_valid_today_fails(
    ready: Configuration, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, days: int, words: str
) -> None:
    """It ended, or the machine's clock is wrong."""
    certificate = x509.load_pem_x509_certificate((ready.records.identity / CERTIFICATE_FILE).read_bytes())
    then = certificate.not_valid_before_utc + timedelta(days=days)
    monkeypatch.setattr(SystemClock, "now", lambda _: then)
    status, lines = found(ready, capsys)
    assert (status, failed(lines)) == (1, ["certificate"])
    assert words in lines["certificate"]


def test_a_damaged_pin_file_fails(ready: Configuration, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody would get to the maintenance page."""
    (ready.store.folder / PIN_FILE).write_text("{}")
    status, lines = found(ready, capsys)
    assert (status, failed(lines)) == (1, ["PIN"])


def test_a_carried_list_that_can_not_be_used_is_said_and_keeps_nothing_from_starting(
    ready: Configuration, capsys: pytest.CaptureFixture[str]
) -> None:
    """The kiosk drops it and asks records."""
    (ready.store.folder / CARRIED_FILE).write_bytes(b"nonsense")
    status, lines = found(ready, capsys)
    assert (status, failed(lines)) == (0, [])
    assert lines["carried list"].startswith("ok left out: ")


def test_a_carried_list_says_of_what_day_it_is(
    ready: Configuration, pki: Pki, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also one on which no paper is void."""
    made_at = datetime(2026, 11, 22, 20, tzinfo=UTC)  # the next morning in China
    (ready.store.folder / CARRIED_FILE).write_bytes(signed_list(pki, made_at))
    assert found(ready, capsys)[1]["carried list"] == "ok of 2026-11-23"
