"""What stands at the far end of a name in the settings: a device, a program on a pseudo terminal, this machine."""

import os
import socket
import stat
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_PTY_MAJORS = frozenset({2, 3, *range(128, 144)})
"""Linux, Documentation/admin-guide/devices.txt: BSD pseudo-terminals, Unix98 masters and slaves."""

_ANYBODYS = ("/dev/shm/", "/dev/mqueue/")  # noqa: S108 - named to be refused: there, any user may make a name


def is_pty(port: str) -> bool:
    """The far end of a pseudo-terminal is a program, wherever its node lies and whatever link leads to it."""
    try:
        node = Path(port).stat()
    except OSError:
        return os.path.realpath(port).startswith("/dev/pts/")
    return stat.S_ISCHR(node.st_mode) and os.major(node.st_rdev) in _PTY_MAJORS


def may_be_device(path: str) -> bool:
    """A character device, or a name below /dev of one that is not plugged in now."""
    try:
        return stat.S_ISCHR(Path(path).stat().st_mode)
    except OSError:
        return is_named_by_root(path)


def is_named_by_root(path: str) -> bool:
    """Whether root alone says what the name leads to. Elsewhere it may lead to a program once nobody looks any more."""
    folder = f"{Path(path).parent.resolve()}/"
    return folder.startswith("/dev/") and not folder.startswith(_ANYBODYS)


def is_loopback(uri: str) -> bool:
    """Whether the address leads back to this machine: by its loopback, or by any address that is its own."""
    host = urlsplit(uri).hostname or ""
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
    except OSError:
        return False  # a name that does not resolve yet; a printer that is off is not a simulated one
    return any(_is_own(family, address) for family, *_, address in found)


def _is_own(family: int, address: tuple[Any, ...]) -> bool:
    """Only an own address can be listened on."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((address[0], 0, *address[2:]))
    except OSError:
        return False
    return True
