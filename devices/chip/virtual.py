"""Readers that are software: any program that finds their port is a passport, so no production kiosk has one."""

import os
from pathlib import Path

_READER = "Virtual PCD 00 00"  # as the package vsmartcard-vpcd names its own
_DRIVER = "vpcd"  # libifdvpcd.so, ifd-vpcd.bundle
_DRIVERS = ("usr/lib/pcsc", "usr/local/lib/pcsc")
_READERS = "etc/reader.conf.d"
_SOCKET = "PCSCLITE_CSOCK_NAME"  # libpcsclite asks the daemon behind it, whoever started that


def is_virtual_name(reader: str) -> bool:
    """Whether a part of a reader's name is, or could be, that of vpcd's reader."""
    return reader in _READER or _READER.removesuffix(" 00 00").lower() in reader.lower()


def virtual_driver_installed(root: Path = Path("/")) -> bool:
    """Whether pcscd would find vpcd on this machine: among its drivers, or named by a reader's configuration."""
    if any(any((root / folder).rglob(f"*{_DRIVER}*")) for folder in _DRIVERS):
        return True
    configured = (root / _READERS).glob("*")
    return any(_DRIVER in path.read_text("utf-8", "replace") for path in configured if path.is_file())


def daemon_is_private() -> bool:
    """Whether this process was led to another daemon than the machine's own: its readers could be anything."""
    return bool(os.environ.get(_SOCKET))
