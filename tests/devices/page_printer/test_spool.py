"""A print server that would keep a resident's page is seen before it gets one."""

from pathlib import Path

import pytest

from devices.catalog import DeviceSettings, build, refusals
from devices.page_printer.spool import kept_by

SERVER = "PreserveJobFiles No\nPreserveJobHistory 300\n"
FILES = "RequestRoot /run/lamplight-spool\nTempDir /run/lamplight-spool/tmp\n"
MOUNTS = "/dev/sda1 / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n/dev/sda2 /run/media ext4 rw 0 0\n"
DOCUMENTS, HISTORY = "print-queue-keeps-documents", "print-queue-keeps-history"
DISK = "print-queue-spool-is-on-disk"


def kept(folder: Path, server: str = SERVER, files: str = FILES) -> list[str]:
    (folder / "cupsd.conf").write_text(server, "utf-8")
    (folder / "cups-files.conf").write_text(files, "utf-8")
    (folder / "mounts").write_text(MOUNTS, "utf-8")
    return kept_by(folder, folder / "mounts")


def test_what_the_documentation_tells_an_operator_to_write_keeps_nothing(tmp_path: Path) -> None:
    assert kept(tmp_path) == []


def test_debian_s_own_settings_keep_everything(tmp_path: Path) -> None:
    """All reasons at once."""
    assert kept(tmp_path, "LogLevel warn\n", "User lp\n") == [DOCUMENTS, HISTORY, DISK]


@pytest.mark.parametrize(
    ("server", "found"),
    [
        ("preservejobfiles off\nPRESERVEJOBHISTORY no\n", []),
        ("PreserveJobFiles No\nPreserveJobHistory 10m\n", []),
        ("PreserveJobFiles No\nPreserveJobHistory 1h\n", [HISTORY]),
        ("PreserveJobFiles No\nPreserveJobHistory Yes\n", [HISTORY]),
        ("PreserveJobFiles No\nPreserveJobHistory nonsense\n", [HISTORY]),
        ("PreserveJobFiles No\n", [HISTORY]),
        ("PreserveJobFiles 60\nPreserveJobHistory 0\n", [DOCUMENTS]),
        ("PreserveJobFiles No\n#PreserveJobFiles Yes\nPreserveJobHistory No\n", []),
        ("PreserveJobFiles No\nPreserveJobFiles Yes\nPreserveJobHistory No\n", [DOCUMENTS]),
    ],
)
def test_documents_and_names_are_forgotten_soon(tmp_path: Path, server: str, found: list[str]) -> None:
    """As cupsd reads its own file: names in any case, units, the last line of two."""
    assert kept(tmp_path, server) == found


@pytest.mark.parametrize(
    "files",
    [
        "RequestRoot /var/spool/cups\nTempDir /run/tmp\n",
        "RequestRoot /run/spool\nTempDir /var/tmp\n",
        "RequestRoot /run/media/spool\n",
        "RequestRoot /run/../var/spool\n",
    ],
)
def test_spool_and_temporary_files_lie_in_memory(tmp_path: Path, files: str) -> None:
    """Unlinked is not wiped."""
    assert kept(tmp_path, SERVER, files) == [DISK]


def test_temporary_files_lie_in_the_spool_unless_said_otherwise(tmp_path: Path) -> None:
    assert kept(tmp_path, SERVER, "RequestRoot /run/spool\n") == []


def test_settings_that_can_not_be_read_are_no_promise(tmp_path: Path) -> None:
    assert kept_by(tmp_path) == ["print-queue-settings-unreadable"]


def settings(folder: Path, queue: str, uri: str = "ipp://192.0.2.1/ipp/print") -> DeviceSettings:
    return DeviceSettings.model_validate(
        {
            "id_card": {"port": "/dev/none-such-reader"},
            "camera": {"source": "/dev/none-such-camera", "usb_path": "1-1.4"},
            "face": {"pack": "none"},
            "page_printer": {"uri": uri, "queue": queue, "queue_settings": str(folder)},
        }
    )


@pytest.mark.parametrize("queue", ["ipp://localhost:631/printers/laser", "http://127.0.0.1:631/printers/laser"])
def test_production_needs_a_local_queue_that_keeps_nothing(tmp_path: Path, queue: str) -> None:
    """The printer's own address is refused as ever when it is this machine's: it is where the truth comes from."""
    (tmp_path / "cupsd.conf").write_text("", "utf-8")
    (tmp_path / "cups-files.conf").write_text("", "utf-8")
    assert refusals(settings(tmp_path, queue))[:2] == [DOCUMENTS, HISTORY]
    assert refusals(settings(tmp_path, queue, uri=queue))[0] == "printer-is-loopback"


def test_a_queue_elsewhere_is_refused(tmp_path: Path) -> None:
    """The page would be on another machine's disk."""
    assert refusals(settings(tmp_path, "ipp://192.0.2.9/printers/laser")) == ["print-queue-is-not-local"]


def test_the_driver_is_given_the_queue(tmp_path: Path) -> None:
    """The printer alone is not enough any more: a print server that is away is told."""
    health = build(settings(tmp_path, "ipp://127.0.0.1:9/printers/laser", uri="ipp://127.0.0.1:9/ipp/print"))
    assert health.page_printer.health().reason == "unreachable"
