"""A real cupsd of our own: a queue with a vendor's driver, which passes jobs on to a printer by IPP.

Everything it has lies in one short-lived folder. It runs without privileges: as root's child it becomes ``lp``, and its
filters and backend are what any user may run. It listens on loopback and announces nothing.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing, suppress
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Self

QUEUE = "laser"
_USER = "lp"
_START_SECONDS = 15.0

# What an operator writes, docs/devices/page-printer.md, but for the folders and who may do what.
_CUPSD = """
Listen localhost:{port}
Browsing No
WebInterface No
DefaultAuthType None
PreserveJobFiles No
PreserveJobHistory 300
JobKillDelay 2
PageLogFormat
LogLevel warn
<Policy default>
  JobPrivateAccess default
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
_CUPS_FILES = """
User {user}
Group {user}
SystemGroup {group}
ServerRoot {folder}/etc
ServerBin {folder}/bin
DataDir /usr/share/cups
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/run
AccessLog {folder}/access_log
ErrorLog {folder}/error_log
PageLog {folder}/page_log
"""
_PRINTERS = """
<DefaultPrinter {queue}>
Info A vendor's driver
DeviceURI {device}
State {state}
Accepting Yes
Shared No
ErrorPolicy abort-job
OpPolicy default
</DefaultPrinter>
"""
_DRIVER = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "LASER.PPD"
*Manufacturer: "Lamplight"
*Product: "(Simulated Laser)"
*ModelName: "Lamplight Simulated Laser"
*ShortNickName: "Simulated Laser"
*NickName: "Simulated Laser, vendor's driver"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: True
*DefaultColorSpace: RGB
*FileSystem: False
*Throughput: "30"
*TTRasterizer: Type42
*cupsSNMPSupplies: False
*cupsFilter2: "application/vnd.cups-pdf application/pdf 0 -"
*OpenUI *PageSize/Page: PickOne
*DefaultPageSize: A4
*PageSize A4/A4: "<</PageSize[595 842]>>setpagedevice"
*CloseUI: *PageSize
*OpenUI *PageRegion/Page: PickOne
*DefaultPageRegion: A4
*PageRegion A4/A4: "<</PageSize[595 842]>>setpagedevice"
*CloseUI: *PageRegion
*DefaultImageableArea: A4
*ImageableArea A4/A4: "0 0 595.276 841.89"
*DefaultPaperDimension: A4
*PaperDimension A4/A4: "595.276 841.89"
"""


class PrintServer:
    """A context manager. ``uri`` is the queue's; ``printer`` the address to which it passes jobs on; ``state``
    Stopped: somebody held it."""

    def __init__(self, port: int, printer: str, state: str = "Idle") -> None:
        self.uri = f"ipp://localhost:{port}/printers/{QUEUE}"
        self._port = port
        self._printer = printer
        self._state = state
        self.folder = Path()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="lamplight-cupsd-"))
        self._furnish()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def spooled(self) -> list[str]:
        """Every file that the spool holds: of jobs, of documents, and what filters left."""
        spool = self.folder / "spool"
        return sorted(str(path.relative_to(spool)) for path in spool.rglob("*") if path.is_file())

    def start(self) -> None:
        """Until it answers, with an empty spool, as systemd gives it one (docs/devices/page-printer.md). Raises
        RuntimeError with its last words."""
        for path in self.spooled:
            (self.folder / "spool" / path).unlink(missing_ok=True)
        words = [
            "cupsd",
            "-f",
            "-c",
            str(self.folder / "etc/cupsd.conf"),
            "-s",
            str(self.folder / "etc/cups-files.conf"),
        ]
        if os.getuid() == 0:
            words = ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups", *words]
        path = os.environ.get("PATH", os.defpath) + ":/usr/sbin"
        with (self.folder / "last-words").open("wb") as log:
            self._process = subprocess.Popen(words, stdout=log, stderr=log, env={"PATH": path})
        until = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(self.log())
            time.sleep(0.05)

    def stop(self) -> None:
        """Its power is cut: whatever it was doing for a job ends with it."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def kill(self) -> None:
        """It dies at once, and its filters with it, as when systemd ends a service that failed."""
        if self._process:
            for process in (self._process.pid, *_children(self._process.pid)):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            self._process.wait()

    def log(self) -> str:
        """What it has said."""
        logs = (self.folder / name for name in ("last-words", "error_log"))
        return "\n".join(path.read_text("utf-8", "replace") for path in logs if path.exists())

    def _answers(self) -> bool:
        with suppress(OSError), closing(HTTPConnection("localhost", self._port, timeout=2)) as connection:
            connection.request("GET", f"/printers/{QUEUE}.ppd")
            answer = connection.getresponse()
            answer.read()
            return answer.status == HTTPStatus.OK
        return False

    def _furnish(self) -> None:
        filled = {
            "folder": self.folder,
            "port": self._port,
            "user": _USER,
            "group": "lpadmin",
            "queue": QUEUE,
            "device": self._printer,
            "state": self._state,
        }
        for name in ("etc/ppd", "bin/backend", "spool/tmp", "cache", "run"):
            (self.folder / name).mkdir(parents=True)
        for name in ("filter", "daemon"):
            (self.folder / "bin" / name).symlink_to(f"/usr/lib/cups/{name}")
        backend = shutil.copy("/usr/lib/cups/backend/ipp", self.folder / "bin/backend")
        Path(backend).chmod(0o755)
        Path(backend).with_name("socket").symlink_to("ipp")  # there, and never run
        for name, text in (
            ("cupsd.conf", _CUPSD),
            ("cups-files.conf", _CUPS_FILES),
            ("printers.conf", _PRINTERS),
            (f"ppd/{QUEUE}.ppd", _DRIVER),
        ):
            (self.folder / "etc" / name).write_text(text.format(**filled) if name.endswith(".conf") else text, "utf-8")
        if os.getuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, _USER, _USER) if not path.is_symlink() else None


def _children(parent: int) -> list[int]:
    """The numbers of a process's children."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(status.read_text("ascii", "replace").rpartition(")")[2].split()[1]) == parent:
                found.append(int(status.parent.name))
    return found
