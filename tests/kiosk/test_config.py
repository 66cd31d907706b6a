"""The configuration file: clear sentences for what is wrong, all refusals at once, and nothing secret repeated."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from kiosk.config import Configuration, load
from terminal.configuration import ConfigurationError, TerminalRefusedError

REAL = {
    "profile": "production",
    "records": {"url": "https://records.police.test", "root": "root.pem", "identity": "identity"},
    "store": {"folder": "store"},
    "devices": {
        "id_card": {"port": "/dev/lamplight-reader"},
        "camera": {"source": "/dev/v4l/by-path/front", "usb_path": "1-1.4"},
        "face": {"pack": "pack"},
        "page_printer": {"uri": "ipp://192.0.2.7/ipp/print"},
    },
}


@pytest.fixture
def pty() -> Iterator[str]:
    master, slave = os.openpty()
    yield os.ttyname(slave)
    os.close(master)
    os.close(slave)


def write(folder: Path, values: dict[str, Any], organisation: str = "Bureau") -> Path:
    """The file and a root beside it."""
    root(folder / "root.pem", organisation)
    path = folder / "kiosk.toml"
    path.write_text(tomli_w.dumps(values), "utf-8")
    return path


def root(path: Path, organisation: str) -> None:
    name = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organisation)])
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    path.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))


def changed(where: str, value: object) -> dict[str, Any]:
    """The real configuration, but for one value: ``devices.camera.source``."""
    *path, last = where.split(".")
    values: dict[str, Any] = {name: dict(part) if isinstance(part, dict) else part for name, part in REAL.items()}
    values["devices"] = {name: dict(part) for name, part in REAL["devices"].items()}  # type: ignore[attr-defined]
    table = values
    for name in path:
        table = table[name]
    table[last] = value
    return values


def complaint(path: Path) -> str:
    with pytest.raises(ConfigurationError) as raised:
        load(path)
    return str(raised.value)


def reasons(path: Path) -> list[str]:
    with pytest.raises(TerminalRefusedError) as raised:
        load(path)
    return raised.value.detail.split(", ")


# --- production ---


def test_real_devices_may_serve(tmp_path: Path) -> None:
    """Whether or not they are plugged in now: they may come later."""
    settings = load(write(tmp_path, REAL))
    assert settings.profile == "production"


@pytest.mark.parametrize(
    ("where", "value", "reason"),
    [
        ("devices.id_card.port", "PTY", "id-card-port-is-a-pty"),
        ("devices.id_card.port", "LINK", "id-card-port-is-a-pty"),
        ("devices.id_card.port", "/dev/pts/65000", "id-card-port-is-a-pty"),
        ("devices.id_card.port", "reader.tty", "id-card-port-is-no-device"),
        ("devices.id_card.port", "/dev/../etc/hostname", "id-card-port-is-no-device"),
        ("devices.camera.source", "http://camera.test/stream.mjpg", "camera-is-a-stream"),
        ("devices.camera.source", "rtsp://192.0.2.9/", "camera-is-a-stream"),
        ("devices.camera.source", "/srv/film.mjpg", "camera-is-a-stream"),
        ("devices.camera.source", "/dev/../srv/film.mjpg", "camera-is-a-stream"),
        ("devices.page_printer.uri", "ipp://localhost:8631/ipp/print", "printer-is-loopback"),
        ("devices.page_printer.uri", "ipp://127.0.0.1/ipp/print", "printer-is-loopback"),
        ("devices.page_printer.uri", "ipp://127.1.2.3/ipp/print", "printer-is-loopback"),
        ("devices.page_printer.uri", "http://[::1]:631/ipp/print", "printer-is-loopback"),
        ("devices.page_printer.uri", "http://[::ffff:127.0.0.1]/ipp/print", "printer-is-loopback"),
        ("devices.page_printer.uri", "ipp://0.0.0.0/ipp/print", "printer-is-loopback"),
    ],
)
def test_production_refuses_each_simulated_device(
    tmp_path: Path, pty: str, where: str, value: str, reason: str
) -> None:
    """By what it leads to, not by what it is called."""
    link = tmp_path / "reader"
    link.symlink_to(pty)
    value = {"PTY": pty, "LINK": str(link)}.get(value, value)
    assert reasons(write(tmp_path, changed(where, value))) == [reason]


@pytest.mark.parametrize("organisation", ["Lamplight SPECIMEN", "specimen bureau", "平安灯 样张"])
def test_production_refuses_a_demo_key(tmp_path: Path, organisation: str) -> None:
    """A demo's root says so in its subject."""
    assert reasons(write(tmp_path, REAL, organisation)) == ["demo-key"]


def test_production_names_every_refusal_at_once(tmp_path: Path, pty: str) -> None:
    """The technician corrects the file once."""
    values = changed("devices.id_card.port", pty)
    values["devices"]["camera"]["source"] = "http://localhost:1/"
    values["devices"]["page_printer"]["uri"] = "ipp://localhost:1/ipp/print"
    everything = ["id-card-port-is-a-pty", "camera-is-a-stream", "printer-is-loopback", "demo-key"]
    assert reasons(write(tmp_path, values, "SPECIMEN")) == everything


def test_a_demo_may_have_all_of_them(tmp_path: Path, pty: str) -> None:
    """It says so on every paper."""
    values = changed("devices.id_card.port", pty) | {"profile": "demo"}
    values["devices"]["camera"]["source"] = "http://localhost:1/"
    values["devices"]["page_printer"]["uri"] = "ipp://localhost:1/ipp/print"
    assert load(write(tmp_path, values, "SPECIMEN")).devices.id_card.port == pty


def test_there_is_no_profile_by_default(tmp_path: Path) -> None:
    """Nobody gets a demo, or production, without having said so."""
    values = {name: value for name, value in REAL.items() if name != "profile"}
    assert "profile: is missing" in complaint(write(tmp_path, values))


# --- what is wrong with the file ---


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """With the system's own words."""
    assert complaint(tmp_path / "none.toml") == f"configuration: {tmp_path}/none.toml: No such file or directory"
    assert "Is a directory" in complaint(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'profile = "demo', "Unterminated string"),
        (b"[records\n", "line 1"),
        (b"\xb5\xff", "not UTF-8"),
        (b"", "profile: is missing"),
    ],
)
def test_what_is_no_toml_is_said_with_its_line(tmp_path: Path, content: bytes, words: str) -> None:
    """So that it can be found."""
    path = tmp_path / "kiosk.toml"
    path.write_bytes(content)
    assert words in complaint(path)


@pytest.mark.parametrize(
    ("where", "value", "words"),
    [
        ("devices.page_printer.password", "hunter2", "[devices.page_printer] password: there is no such setting"),
        ("printer", {}, "[printer]: there is no such section"),
        ("devices.id_card.baud", 1234, "[devices.id_card] baud: must be one of these: 'auto', 9600"),
        ("devices.camera.width", "wide", "[devices.camera] width: must be a whole number from 320"),
        ("devices.camera.width", 10, "[devices.camera] width: must be a whole number from 320"),
        ("devices.id_card", "COM1", "[devices.id_card]: must be a section"),
        (
            "records.url",
            "http://user:hunter2@records.test",
            "[records] url: must be an address that begins with https://",
        ),
        (
            "devices.page_printer.uri",
            "lpd://user:hunter2@printer.test",
            "[devices.page_printer] uri: must be an address",
        ),
        ("profile", "hunter2", "profile: must be one of these: 'production' or 'demo'"),
    ],
)
def test_a_wrong_value_is_named_by_its_place_and_never_quoted(
    tmp_path: Path, where: str, value: object, words: str
) -> None:
    """An address may hold a password."""
    said = complaint(write(tmp_path, changed(where, value)))
    assert words in said
    assert "hunter2" not in said


def test_every_complaint_comes_at_once(tmp_path: Path) -> None:
    """The file is corrected once."""
    values = changed("devices.camera.width", "wide") | {"extra": 1}
    del values["store"]
    said = complaint(write(tmp_path, values))
    assert all(words in said for words in ("[devices.camera] width:", "extra: there is no such", "[store]: is missing"))


def test_a_refusal_quotes_no_address(tmp_path: Path) -> None:
    """Its codes say enough."""
    values = changed("devices.page_printer.uri", "ipp://user:hunter2@localhost/ipp/print")
    assert reasons(write(tmp_path, values)) == ["printer-is-loopback"]


# --- what is read from it ---


def test_relative_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the command is run; absolute ones stay as they are."""
    (tmp_path / "etc").mkdir()
    path = write(tmp_path / "etc", changed("devices.id_card.port", "../sim/reader.tty") | {"profile": "demo"})
    monkeypatch.chdir(tmp_path)
    settings: Configuration = load(Path("etc/kiosk.toml"))
    base = path.parent
    assert settings.records.root == base / "root.pem"
    assert settings.records.identity == base / "identity"
    assert settings.store.folder == base / "store"
    assert settings.devices.face.pack == base / "pack"
    assert Path(settings.devices.id_card.port).resolve() == tmp_path / "sim" / "reader.tty"
    assert load(write(tmp_path, REAL)).devices.id_card.port == "/dev/lamplight-reader"


def test_the_passive_model_is_found_beside_the_file_too(tmp_path: Path) -> None:
    """And there need not be one."""
    settings = load(write(tmp_path, changed("devices.face.passive_model", "models/bureau.onnx")))
    assert settings.devices.face.passive_model == tmp_path / "models/bureau.onnx"
    assert load(write(tmp_path, REAL)).devices.face.passive_model is None


@pytest.mark.parametrize("usb_path", ["", "front"])
def test_production_says_what_is_wrong_with_the_camera_s_socket(tmp_path: Path, usb_path: str) -> None:
    """Not stated: refused. Not as sysfs names it: a wrong value."""
    path = write(tmp_path, changed("devices.camera.usb_path", usb_path))
    if usb_path:
        assert "[devices.camera] usb_path: must be a socket" in complaint(path)
    else:
        assert reasons(path) == ["camera-usb-path-missing"]


def test_a_root_that_is_none_is_said(tmp_path: Path) -> None:
    """Before records are asked anything."""
    path = write(tmp_path, REAL)
    settings = load(path)
    assert settings.records.root_certificate().startswith("-----BEGIN CERTIFICATE-----")
    (tmp_path / "root.pem").unlink()
    with pytest.raises(ConfigurationError, match="No such file"):
        load(path).records.root_certificate()
    (tmp_path / "root.pem").write_text("no certificate")
    assert "no certificate" in complaint(path)


def test_the_authorities_and_the_page_recogniser_are_found_beside_the_file(tmp_path: Path) -> None:
    """Where a kiosk has a travel-document reader; it need not have one."""
    reader = {"reader": "ACS ACR1252", "authorities": "csca"}
    values = changed("devices.travel_document", reader) | {"profile": "demo"}
    settings = load(write(tmp_path, values)).devices
    assert settings.travel_document is not None
    assert settings.travel_document.authorities == tmp_path / "csca"
    assert settings.mrz is None
    settings = load(write(tmp_path, changed("devices.mrz", {"model": "ocr"}))).devices
    assert settings.mrz is not None
    assert settings.mrz.model == tmp_path / "ocr"
    assert settings.travel_document is None
