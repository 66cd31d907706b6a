"""The mechanics behind the simulated page printer: ippeveprinter runs this for every job, with the spooled file.

Faults come from the state file while the job is under way, and are reported on standard error in ippeveprinter's own
lines (``STATE:``, ``ATTR:``, see its manual page). A sheet moves for a while; a fault holds it where it is; when it is
through, it lies in the tray: NNNN.pdf are exactly the bytes that the printer received, NNNN.png is the page.

A document of type STATE_JOB prints nothing: it only makes the printer report the state file, for when it is idle.
"""

import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from simulators.state import SimulatedState

DEVICE = "page_printer"
STATE_JOB = "application/vnd.lamplight.state"
DOTS_PER_INCH = 200
_TICK = 0.1

# Paper-out is not "media-empty": that one makes ippeveprinter hold the job by itself, out of reach of a cancellation.
# It has no word for a full output tray, and so says "other", with the standard's alert (PWG 5100.9).
KEYWORDS: dict[str, str] = {
    "ok": "none",
    "paper-low": "media-low",
    "paper-out": "media-needed",
    "jam": "media-jam",
    "cover-open": "cover-open",
    "toner-low": "toner-low",
    "toner-out": "toner-empty",
    "output-full": "other",
    "tray-missing": "input-tray-missing",
    "waste-full": "marker-waste-full",
}
HOLDING = {"paper-out", "jam", "cover-open", "toner-out", "output-full", "tray-missing", "waste-full"}
_NO_ALERT = "index=1;severity=other;group=other;code=other"
_ALERTS = {"output-full": "index=1;severity=critical;group=mediaOutput;code=outputMediaTrayFull"}


class PowerLostError(OSError):
    """The printer process has gone."""


class PrinterEngine:
    """One job. ``sheet_seconds``: how long a sheet moves."""

    def __init__(self, folder: Path, tray: Path, sheet_seconds: float) -> None:
        self._state = SimulatedState(folder)
        self._tray = tray
        self._sheet_seconds = sheet_seconds
        self._reported = ""
        self._printer = os.getppid()

    def report(self) -> str:
        """Tell the printer process what the state file says now, if it has changed."""
        state = self._state.read(DEVICE)["state"]
        if state != self._reported and state in KEYWORDS:
            _say(f"STATE: {KEYWORDS[state]}")
            _say(f"ATTR: printer-alert='{_ALERTS.get(state, _NO_ALERT)}'")
            self._reported = state
        return state

    def print(self, document: Path, sheets: int) -> bool:
        """Move each sheet; True when all are out, False when the job was cancelled while a fault held it."""
        self._let_begin()
        for done in range(sheets):
            _say(f"ATTR: job-impressions={sheets} job-impressions-completed={done}")
            if not self._move_sheet():
                return False
        deliver(document, self._tray)
        _say(f"ATTR: job-impressions-completed={sheets}")
        return True

    def _let_begin(self) -> None:
        """A fault that only a sheet meets: the printer looked well when the job came."""
        state = self._state.read(DEVICE)["then"]
        if state in KEYWORDS:
            self._state.set(DEVICE, state, then="none")
            self.report()

    def _move_sheet(self) -> bool:
        """A cancellation is looked for where a fault holds the sheet, and once more before it is let go: a sheet that
        moves can't be called back."""
        moved, held = 0.0, self._reported in HOLDING  # the fault may have come, and gone, before the first step
        while moved < self._sheet_seconds:
            if os.getppid() != self._printer:
                raise PowerLostError
            was_held, held = held, self.report() in HOLDING
            if (held or was_held) and _cancelled():
                return False
            moved += 0.0 if held else _TICK
            time.sleep(_TICK)
        return True


def deliver(document: Path, tray: Path) -> Path:
    """Put a printed document into the tray. The PDF appears last: whoever sees it finds the page beside it."""
    tray.mkdir(parents=True, exist_ok=True)
    number = 1 + max((int(path.stem) for path in tray.glob("[0-9]*.pdf")), default=0)
    target = tray / f"{number:04d}.pdf"
    rasterise(document, target.with_suffix(".png"))
    shutil.copyfile(document, target.with_suffix(".part"))
    return target.with_suffix(".part").rename(target)


def rasterise(document: Path, picture: Path) -> None:
    """The first page as an eye sees it, seal included. Raises CalledProcessError when it is not a PDF."""
    resolution = ["-r", str(DOTS_PER_INCH)]
    subprocess.run(["pdftoppm", "-png", "-singlefile", *resolution, document, picture.with_suffix("")], check=True)


def count_sheets(document: Path) -> int:
    """One-sided: a sheet for each page. Raises CalledProcessError when it is not a PDF."""
    lines = subprocess.run(["pdfinfo", document], check=True, capture_output=True, text=True).stdout.splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pages:"))


def _cancelled() -> bool:
    """Ask the printer whether this job still counts: ippeveprinter does not tell its command."""
    # Imported here: a process of its own runs for every job, and for every word on what the printer is like.
    from devices.errors import DeviceError  # noqa: PLC0415
    from devices.page_printer.client import IppClient  # noqa: PLC0415

    with suppress(DeviceError):
        job = IppClient(os.environ["IPP_JOB_PRINTER_URI"]).job(int(os.environ["IPP_JOB_ID"]))
        return "processing-to-stop-point" in job.reasons
    return False


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """``printer_engine FOLDER TRAY SHEET_SECONDS SPOOLED_FILE``, as ippeveprinter's command."""
    folder, tray, seconds, spooled = sys.argv[1:]
    engine, document = PrinterEngine(Path(folder), Path(tray), float(seconds)), Path(spooled)
    try:
        engine.report()
        if os.environ.get("CONTENT_TYPE") != STATE_JOB:
            engine.print(document, count_sheets(document))
            engine.report()
    except (OSError, subprocess.CalledProcessError):
        return 1  # the printer aborts the job
    finally:
        document.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
