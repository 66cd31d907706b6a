"""A reader made of software is recognised, wherever it is installed."""

from pathlib import Path

import pytest

from devices.chip.virtual import daemon_is_private, is_virtual_name, virtual_driver_installed


@pytest.mark.parametrize("reader", ["Virtual PCD 00 00", "Virtual PCD", "virtual pcd", "PCD", "V", "00"])
def test_a_name_that_vpcd_s_reader_would_answer_to_is_refused(reader: str) -> None:
    """Also a part that is too short to mean another."""
    assert is_virtual_name(reader)


@pytest.mark.parametrize("reader", ["ACS ACR1252", "HID Global OMNIKEY 5022", "Lamplight Kiosk Reader 00 00"])
def test_other_names_are_not(reader: str) -> None:
    """The driver behind a name is looked for by itself."""
    assert not is_virtual_name(reader)


@pytest.mark.parametrize(
    "path",
    [
        "usr/lib/pcsc/drivers/serial/libifdvpcd.so",
        "usr/lib/pcsc/drivers/ifd-vpcd.bundle/Contents/Linux/libifdvpcd.so.0.8",
        "usr/local/lib/pcsc/drivers/serial/libifdvpcd.so",
    ],
)
def test_an_installed_driver_is_found(tmp_path: Path, path: str) -> None:
    """As a serial driver or a bundle, from a package or made by hand."""
    assert not virtual_driver_installed(tmp_path)
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).touch()
    assert virtual_driver_installed(tmp_path)


def test_a_driver_that_a_reader_s_configuration_names_is_found(tmp_path: Path) -> None:
    """It may lie anywhere, and the file may hold anything."""
    folder = tmp_path / "etc" / "reader.conf.d"
    folder.mkdir(parents=True)
    (folder / "libccidtwin").write_bytes(b"#LIBPATH /usr/lib/pcsc/drivers/serial/libccidtwin.so\n\xff")
    assert not virtual_driver_installed(tmp_path)
    (folder / "reader").write_text('FRIENDLYNAME "Kiosk"\nLIBPATH /opt/libifdvpcd.so\n')
    assert virtual_driver_installed(tmp_path)


def test_a_daemon_of_somebody_s_own_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the demonstration's is: no driver needs to be installed where it is looked for."""
    monkeypatch.delenv("PCSCLITE_CSOCK_NAME", raising=False)
    assert not daemon_is_private()
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", "/tmp/pcscd.comm")  # noqa: S108 - nothing is made there
    assert daemon_is_private()
