"""Records on this machine, and whatever else is started beside them: the command that an operator would type, one
process for each simulated device, their words in ``log/``.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import requests
import tomli_w

from simulators.state import SimulatedState

_STARTED_IN_S = 90.0
_POLL_S = 0.05


class HouseError(RuntimeError):
    """A process of the house did not start; the message holds its last words."""


@dataclass(slots=True)
class RecordsHouse:
    """``folder`` holds everything: records/, trust/, log/, sim/. ``usual_ports``: those that the documents name, where
    they are free. ``database``: of records, as records.toml has its url; empty: a file."""

    folder: Path
    usual_ports: bool = field(default=True, kw_only=True)
    database: str = field(default="", kw_only=True)
    state: SimulatedState = field(init=False)
    records_port: int = field(init=False)
    _running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict, kw_only=True)

    def __post_init__(self) -> None:
        self.folder = self.folder.resolve()
        self.state = SimulatedState(self.folder / "sim")
        self.records_port = self._port(8443)

    @property
    def trust(self) -> Path:
        """What a verifier of papers keeps."""
        return self.folder / "trust"

    @property
    def records_url(self) -> str:
        """Where records answer: known for certain once the house has started."""
        return f"https://localhost:{self.records_port}"

    def __enter__(self) -> Self:
        """Start everything side by side."""
        try:
            self.begin()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def begin(self) -> None:
        """Records, and nothing else: whoever has more starts that here."""
        (self.folder / "log").mkdir(parents=True, exist_ok=True)
        self._spawn_records()
        self._await_records()

    def close(self) -> None:
        """End every process; what they wrote stays for who wants to look."""
        for name in list(self._running):
            self._stop(name)

    def start_records(self) -> None:
        """Start the records service (again), and wait until it answers."""
        self._spawn_records()
        self._wait("records", self._records_answer)

    def stop_records(self, *, kill: bool = False) -> None:
        """The link to records is gone."""
        self._stop("records", signal.SIGKILL if kill else signal.SIGTERM)

    def records(self, *arguments: str) -> str:
        """Run a ``records`` command on this house's data; what it printed."""
        command = [sys.executable, "-m", "records.cli", "--data", str(self.folder / "records"), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def records_settings(self) -> dict[str, object]:
        """What records.toml says."""
        return {"server": {"port": self.records_port}, "database": {"url": self.database}}

    def _spawn_records(self) -> None:
        data = self.folder / "records"
        data.mkdir(parents=True, exist_ok=True)
        settings = data / "records.toml"
        if not settings.exists():
            settings.write_text(tomli_w.dumps(self.records_settings()), "utf-8")
        self._start("records", "records.cli", "--data", str(data), "serve", "--trust-out", str(self.trust))

    def _await_records(self) -> None:
        """Records bind their port seconds after it was found free: where another was faster, they get another port."""
        try:
            self._wait("records", self._records_answer)
        except HouseError:
            if self._running["records"].poll() is None or _free_port(self.records_port) == self.records_port:
                raise
            self.records_port = _free_port(0)
            (self.folder / "records" / "records.toml").unlink()
            self._spawn_records()
            self._await_records()

    def _port(self, usual: int) -> int:
        return _free_port(usual if self.usual_ports else 0)

    def _start(self, name: str, module: str, *arguments: str) -> None:
        with (self.folder / "log" / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", module, *arguments]
            self._running[name] = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def _stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        process = self._running.pop(name, None)
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)

    def _wait(self, what: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _STARTED_IN_S
        while not ready():
            ended = [name for name, process in self._running.items() if process.poll() is not None]
            if ended or time.monotonic() > deadline:
                words = "".join((self.folder / "log" / f"{name}.log").read_text("utf-8")[-800:] for name in ended)
                raise HouseError(f"{what} did not start. {words}")
            time.sleep(_POLL_S)

    def _records_answer(self) -> bool:
        root = self.trust / "root.pem"
        if not port_listens(self.records_port):  # quicker told than by a request
            return False
        try:
            return requests.get(f"{self.records_url}/health", verify=str(root), timeout=2).ok
        except (requests.RequestException, OSError):
            return False


def new_pin() -> str:
    """A technician's: eight digits, other ones each time."""
    return str(secrets.randbelow(9 * 10**7) + 10**7)


def port_listens(port: int) -> bool:
    """Whether somebody on this machine takes connections at it."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _free_port(wanted: int) -> int:
    """``wanted``, or another one where somebody listens there already."""
    for port in (wanted, 0):
        try:
            with socket.create_server(("127.0.0.1", port)) as probe:
                return int(probe.getsockname()[1])
        except OSError:
            continue
    raise HouseError("no free port")
