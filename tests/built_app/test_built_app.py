"""The stand-alone kiosk, built by "make app": whole, free of simulators, and strict about what it may serve with.

It is copied away from the checkout and, where the tests run as root, started as a user who owns nothing.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import tomli_w
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Run = Callable[..., subprocess.CompletedProcess[str]]

NOT_SET_UP = ("root", "certificate", "PIN", "store")  # what a technician brings or makes, and nobody did here
HELD = {"texts", "paper", "database", "face", "screen"}  # what is built in


@pytest.fixture(scope="module")
def folder(checkout: Path) -> Iterator[Path]:
    """Copy the built application to where the checkout can't help it."""
    built = checkout / "dist" / "kiosk"
    assert built.is_dir(), "build it first: make app"
    with tempfile.TemporaryDirectory(prefix="lamplight-built-") as name:
        place = Path(name)
        place.chmod(0o755)
        shutil.copytree(built, place / "kiosk", symlinks=True)
        yield place


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    is_root = os.geteuid() == 0

    def run_kiosk(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [folder / "kiosk" / "kiosk", *arguments],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
            user="nobody" if is_root else None,
            group="nogroup" if is_root else None,
            extra_groups=[] if is_root else None,
        )

    return run_kiosk


def _configuration(folder: Path, profile: str, port: str, camera: str, printer: str) -> Path:
    pack = folder / "kiosk" / "_internal" / "assets" / "third_party" / "face_pack"
    path = folder / f"{profile}.toml"
    path.write_text(
        tomli_w.dumps(
            {
                "profile": profile,
                "records": {"url": "https://records.test", "root": "root.pem", "identity": "identity"},
                "store": {"folder": "store"},
                "screen": {"width": 540, "height": 960},
                "devices": {
                    "id_card": {"port": port},
                    "camera": {"source": camera},
                    "face": {"pack": str(pack)},
                    "page_printer": {"uri": printer},
                },
            }
        ),
        "utf-8",
    )
    return path


@pytest.fixture
def pty() -> Iterator[str]:
    controller, terminal = os.openpty()
    yield os.ttyname(terminal)
    os.close(controller)
    os.close(terminal)


@pytest.fixture
def demo_root(folder: Path) -> Path:
    """Write a root certificate like a demonstration's records service makes."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SPECIMEN root")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    path = folder / "root.pem"
    path.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


def test_it_holds_everything_that_a_visit_needs_but_what_setting_up_brings(folder: Path, run: Run) -> None:
    configuration = _configuration(folder, "demo", "/dev/ttyS0", "/dev/video0", "ipp://printer.test/ipp/print")
    result = run("--config", configuration, "--self-check")
    said = [line[:8].strip() + " " + line[8:].partition(":")[0] for line in result.stdout.splitlines()]
    assert result.returncode == 1, result.stdout + result.stderr
    assert [line for line in said if line.startswith("FAILED")] == [f"FAILED {part}" for part in NOT_SET_UP]
    assert {line.removeprefix("ok ") for line in said if line.startswith("ok ")} >= HELD


@pytest.mark.usefixtures("demo_root")
def test_production_refuses_every_simulated_part_at_once(folder: Path, run: Run, pty: str) -> None:
    configuration = _configuration(folder, "production", pty, "http://127.0.0.1:1/", "ipp://localhost:1/ipp/print")
    result = run("--config", configuration)
    assert result.returncode == 1
    assert "production-refused" in result.stderr
    for reason in ("id-card-port-is-a-pty", "camera-is-a-stream", "printer-is-loopback", "demo-key"):
        assert reason in result.stderr
    assert "Traceback" not in result.stderr


def test_it_contains_no_simulator_and_no_other_service(folder: Path) -> None:
    viewer = Path(sys.executable).with_name("pyi-archive_viewer")
    command = [str(viewer), "--list", "--recursive", "--brief", str(folder / "kiosk" / "kiosk")]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    modules = {line.strip(" '").partition(".")[0] for line in listing.splitlines()}
    assert modules >= {"devices", "forms", "kiosk", "terminal"}
    assert not modules & {"gate", "records", "simulators", "tests"}
    assert not [path for path in (folder / "kiosk").rglob("*") if path.name in {"simulators", "portraits", "demo"}]
