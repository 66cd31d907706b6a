"""The far end of the page printer's wire: the real ``ippeveprinter`` (Debian's cups-ipp-utils), on loopback only.

It needs a message bus to start at all, though it announces nothing; a private one will do, so no systemd and no avahi.
It is plugged, unplugged and made to report its faults as ``var/sim/page_printer.json`` says; what it prints comes out
through simulators/printer_engine.py into the tray.
"""

import argparse
import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from devices.errors import DeviceError
from devices.page_printer.client import IppClient
from devices.page_printer.reasons import A4, texts
from simulators.printer_engine import DEVICE, KEYWORDS, STATE_JOB
from simulators.state import DEFAULT_FOLDER, SimulatedState

HOST = "localhost"  # both loopback addresses: ippeveprinter insists on IPv4 and IPv6
PORT = 8631
_TICK = 0.15
_TICKS_BETWEEN_CHECKS = 10
_START_SECONDS = 15.0
_PDF = "application/pdf"

_BUS_ADDRESS = "unix:path=bus.sock"  # relative: a socket's whole path must be shorter than some temporary folders are
_BUS = f"""<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
 <type>system</type>
 <listen>{_BUS_ADDRESS}</listen>
 <policy context="default">
  <allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
 </policy>
</busconfig>
"""


class PrinterDidNotStartError(RuntimeError):
    """ippeveprinter or its message bus ended at once; the message holds their last words."""


class SimulatedPagePrinter:
    """A context manager: the printer is reachable at ``uri`` inside (unless the state says unplugged).

    ``tick``: seconds between two looks at the state file.

    ``failure`` says why it ended by itself, if it did. One thread owns the processes and follows the state file;
    leaving ends it, them, and everything spooled.
    """

    def __init__(self, folder: Path, port: int, tray: Path, sheet_seconds: float = 2.0, tick: float = _TICK) -> None:
        self.uri = f"ipp://{HOST}:{port}/ipp/print"
        self.tray = tray.absolute()
        self._state = SimulatedState(folder.absolute())
        self._port = port
        self._sheet_seconds = sheet_seconds
        self._tick = tick
        self._client = IppClient(self.uri, timeout=2.0, user="engine")
        self._private = Path()
        self._bus: subprocess.Popen[bytes] | None = None
        self._printer: subprocess.Popen[bytes] | None = None
        self._shown, self._ticks = "", 0
        self._stop, self._ready = Event(), Event()
        self.failure = ""
        self._thread = Thread(target=self._run, name="simulated page printer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(2 * _START_SECONDS)
        if self.failure:
            self._thread.join()
            raise PrinterDidNotStartError(self.failure)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def wait(self) -> None:
        """Until the thread ends: told to stop, or failed. Not in one sleep: a signal just before would not end it."""
        while self._thread.is_alive():
            self._thread.join(_TICK)

    def stop(self) -> None:
        """End soon; safe in a signal handler."""
        self._stop.set()

    def _run(self) -> None:
        with tempfile.TemporaryDirectory(prefix="lamplight-printer-", ignore_cleanup_errors=True) as private:
            self._private = Path(private)
            try:
                self._start_bus()
                while not self._stop.wait(self._tick if self._ready.is_set() else 0):
                    self._follow()
                    self._ready.set()
            except (PrinterDidNotStartError, OSError) as error:
                self.failure = "" if self._stop.is_set() else str(error)
            finally:
                self._unplug()
                _end(self._bus)
                self._ready.set()

    def _follow(self) -> None:
        """Make the printer be what the state file says."""
        state = self._state.read(DEVICE)["state"]
        if state == "unplugged":
            self._unplug()
        else:
            if self._printer is None or self._printer.poll() is not None:
                self._plug()
            self._show(state if state in KEYWORDS else "ok")

    def _show(self, state: str) -> None:
        """Have the printer report this state, if it does not already. While it prints, that job's engine reports, and
        ours is refused; so this is tried again until it is true, and looked at now and then afterwards."""
        self._ticks += 1
        if state == self._shown and self._ticks % _TICKS_BETWEEN_CHECKS:
            return
        with suppress(DeviceError):
            self._shown = state if self._shows(state) else self._report()

    def _shows(self, state: str) -> bool:
        """Whether the printer's own words are those of this state."""
        words = texts(self._client.printer(), "printer-state-reasons")
        return [word.removesuffix("-report").removesuffix("-warning") for word in words] == [KEYWORDS[state]]

    def _report(self) -> str:
        """A job that prints nothing makes an idle printer report. What it shows then is looked at in the next round."""
        job = self._client.create_job(None)
        try:
            self._client.send_document(job, b"\n", STATE_JOB)
        except DeviceError:
            self._client.cancel(job)  # a job without a document would keep the printer busy for ever
        return ""

    def _start_bus(self) -> None:
        (self._private / "bus.conf").write_text(_BUS, "utf-8")
        self._bus = self._spawn("dbus-daemon", "--config-file=bus.conf", "--nofork", "--nopidfile")
        self._await(self._bus, (self._private / "bus.sock").exists)

    def _plug(self) -> None:
        """A new printer process, with an empty spool, A4 in its tray and its job numbers starting anew."""
        if _answers(self._port):
            raise PrinterDidNotStartError(f"port {self._port} is taken")
        spool = self._private / "spool"
        spool.mkdir(exist_ok=True)
        self._printer = self._spawn(
            *("ippeveprinter", "-r", "off", "-n", HOST, "-p", str(self._port), "-2", "-s", "30,30"),
            *("-M", "Lamplight", "-m", "Simulated Laser", "-f", f"{_PDF},{STATE_JOB}"),
            *("-d", str(spool), "-D", "file:///dev/null", "-c", str(self._write_command()), "Kiosk Laser"),
        )
        self._await(self._printer, self._load_a4)
        self._shown = "ok"

    def _unplug(self) -> None:
        """Power off: the process and its engine end, and what was spooled is gone."""
        _end(self._printer)
        self._printer, self._shown = None, ""
        for spooled in (self._private / "spool").glob("*"):
            spooled.unlink(missing_ok=True)

    def _write_command(self) -> Path:
        """A path is all that ippeveprinter takes: no arguments."""
        words = [sys.executable, "-m", "simulators.printer_engine"]
        words += [str(self._state.folder), str(self.tray), str(self._sheet_seconds)]
        command = self._private / "engine"
        here = Path(__file__).resolve().parent.parent
        command.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(here))} exec {shlex.join(words)} "$1"\n', "utf-8")
        command.chmod(0o700)
        return command

    def _load_a4(self) -> bool:
        """The printer starts with US Letter; its web form loads other paper (colour models: 1 main, 2 photo)."""
        form = f"/media?size1={A4}&type1=stationery&level1=100&size2=&type2=&level2=-2"
        with closing(HTTPConnection(HOST, self._port, timeout=2.0)) as connection, suppress(OSError):
            connection.request("GET", form)
            connection.getresponse().read()
            return True
        return False

    def _spawn(self, *words: str) -> subprocess.Popen[bytes]:
        """In a process group of its own, so that a job's engine ends with its printer; killed when we are."""
        words = ("setpriv", "--pdeathsig", "KILL", *words)
        path = os.environ.get("PATH", os.defpath) + ":/usr/sbin"  # where Debian keeps ippeveprinter
        environment = os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": _BUS_ADDRESS, "PATH": path}
        with (self._private / "last-words").open("wb") as log:
            return subprocess.Popen(words, cwd=self._private, stdout=log, stderr=log, env=environment, process_group=0)

    def _await(self, process: subprocess.Popen[bytes], ready: Callable[[], bool]) -> None:
        for _ in range(int(_START_SECONDS / 0.05)):
            if ready():
                return
            if process.poll() is not None or self._stop.wait(0.05):
                break
        words = (self._private / "last-words").read_text("utf-8", "replace").strip()
        how = "does not answer" if process.poll() is None else f"ended with {process.returncode}"
        raise PrinterDidNotStartError(f"{how}: {words}")


def _end(process: subprocess.Popen[bytes] | None) -> None:
    """Cut the power of a process and of its whole group."""
    if process:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection((HOST, port), timeout=1.0):
        return True
    return False


def main() -> int:
    """Be a page printer until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m simulators.page_printer", description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="where page_printer.json is")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--tray", type=Path, help="where printed paper goes; FOLDER/tray if not given")
    parser.add_argument("--sheet-seconds", type=float, default=2.0, help="how long one sheet takes (2.0: 30 a minute)")
    asked = parser.parse_args()
    printer = SimulatedPagePrinter(asked.folder, asked.port, asked.tray or asked.folder / "tray", asked.sheet_seconds)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: printer.stop())
    try:
        with printer:
            print(f"page printer: {printer.uri}, paper comes out in {printer.tray}", flush=True)
            printer.wait()
    except PrinterDidNotStartError as error:
        print(f"page printer: {error}", file=sys.stderr)
    return 1 if printer.failure else 0


if __name__ == "__main__":
    sys.exit(main())
