"""A pcscd of our own: the real daemon and the real driver vpcd, one reader, and nothing of this machine's own.

The daemon takes its socket from whoever starts it (systemd's socket activation), so it needs no right and no place of
its own; where the machine allows a private mount namespace, it gets an empty /run too, for it would write its number
where a pcscd of the machine keeps its own. libpcsclite finds the socket by PCSCLITE_CSOCK_NAME, and remembers for life
what stood there at its first question: so there is one socket for each process and those that it starts.
"""

import argparse
import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from random import Random
from types import TracebackType
from typing import IO, Self

VARIABLE = "PCSCLITE_CSOCK_NAME"
READER = "Lamplight Kiosk Reader 00 00"  # pcscd counts reader and slot
ACCESS_READER = "Lamplight Kiosk Reader 00 01"  # vpcd's second slot, whose chips come to the next port
_FRIENDLY_NAME = "Lamplight Kiosk Reader"
_DAEMON = "/usr/sbin/pcscd"  # where a user without rights does not look by themselves
_DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
_PORTS = range(20000, 30000)  # below those that the machine gives out by itself
_FIRST_DESCRIPTOR = 3  # sd_listen_fds(3)
_STARTED_S, _ENDED_S, _POLL_S = 10.0, 5.0, 0.01


@cache
def own_socket() -> Path:
    """Where this process, and those it starts from now on, find pcscd: never at the machine's own."""
    folder = Path(tempfile.mkdtemp(prefix="pcscd-"))  # short: a socket's path has 107 characters
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "pcscd.comm"
    os.environ[VARIABLE] = str(path)
    return path


def free_port() -> int:
    """A port that is free now, with the next one, where vpcd's second slot listens."""
    chance = Random()
    while True:
        port = chance.choice(_PORTS)
        if _is_free(port) and _is_free(port + 1):
            return port


class PrivatePcscd:
    """A context manager: inside, pcscd runs, with a reader whose chips come to ``port``."""

    def __init__(self, port: int | None = None, log: IO[bytes] | None = None) -> None:
        self.port = port or free_port()
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def process(self) -> int:
        """The daemon's process number. Raises RuntimeError while there is none."""
        if self._process is None:
            raise RuntimeError("pcscd does not run")
        return self._process.pid

    def start(self, *, with_reader: bool = True) -> None:
        """Start the daemon, and wait until it takes questions. Raises RuntimeError when it does not come up."""
        path = own_socket()
        path.unlink(missing_ok=True)
        command = [sys.executable, "-m", "simulators.pcsc", "--socket", str(path)]
        command += ["--port", str(self.port)] if with_reader else []
        log = self._log or subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + _STARTED_S
        while not listens(path):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError("pcscd does not start: are pcscd and vsmartcard-vpcd installed?")
            time.sleep(_POLL_S)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it; whoever asks is told that there is no service."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(_ENDED_S)
        own_socket().unlink(missing_ok=True)


def listens(path: Path) -> bool:
    """Whether somebody takes questions at this socket."""
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(path))
    except OSError:
        return False
    return True


def main() -> None:
    """Become pcscd (``python -m simulators.pcsc``)."""
    parser = argparse.ArgumentParser(prog="python -m simulators.pcsc", description=__doc__.splitlines()[0])
    parser.add_argument("--socket", type=Path, required=True, help=f"where {VARIABLE} leads")
    parser.add_argument("--port", type=int, help="where chips come to; none: no reader is plugged in")
    asked = parser.parse_args()
    readers = _configured(asked.socket.parent, asked.port)
    listening = socket.socket(socket.AF_UNIX)
    asked.socket.unlink(missing_ok=True)
    listening.bind(str(asked.socket))
    listening.listen()
    os.dup2(listening.fileno(), _FIRST_DESCRIPTOR)
    os.set_inheritable(_FIRST_DESCRIPTOR, True)  # noqa: FBT003 - it may have been that one before
    os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid()), "PCSCLITE_HP_DROPDIR": str(readers / "usb")}
    command = [*_namespace(), _DAEMON, "--foreground", "--error", "--config", str(readers)]
    os.execvp(command[0], command)  # noqa: S606 - a list of words, and no shell


def _configured(folder: Path, port: int | None) -> Path:
    """The daemon's configuration: one serial reader or none, and an empty folder of drivers for USB readers."""
    readers = folder / "readers"
    (readers / "usb").mkdir(parents=True, exist_ok=True)
    file = readers / "reader"
    file.unlink(missing_ok=True)
    if port is not None:
        lines = (f'FRIENDLYNAME "{_FRIENDLY_NAME}"', f"DEVICENAME /dev/null:{port:#x}", f"LIBPATH {_DRIVER}")
        file.write_text("\n".join((*lines, f"CHANNELID {port:#x}")) + "\n", "ascii")
    return readers


def _namespace() -> list[str]:
    """How to begin the command so that it sees an empty /run; nothing where the machine does not allow it."""
    own = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    within = [*own, "sh", "-c", 'mount -t tmpfs tmpfs /run && exec "$@"', "sh"]
    allowed = subprocess.run([*within, "true"], capture_output=True, check=False).returncode == 0
    return within if allowed else []


def _is_free(port: int) -> bool:
    try:
        with socket.create_server(("", port)):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    main()
