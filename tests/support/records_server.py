"""A real records service in its own process, for tests of everything that talks to one.

with running_records(tmp_path) as server:
    identity = server.enrol()
    RecordsSession(server.url, server.root_pem, identity.certificate, identity.key)
"""

import functools
import io
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests
import sqlalchemy as sa
import tomli_w

from backend_client.contract.devices import DeviceKind, EnrolmentPending
from backend_client.device_files import DeviceIdentity
from backend_client.enrolment import enrol
from backend_client.session import RecordsSession
from civic.clock import SystemClock
from records.cli import main
from records.context import Records
from records.databases import place
from records.installation import open_existing
from records.sections import (
    DatabaseSettings,
    GuessingSettings,
    IdentitySettings,
    LimitSettings,
    PolicySettings,
    PopulationSettings,
)
from records.services.enrolment import approve, new_code
from records.services.policy import DEFAULT_FILE as DEFAULT_RULES
from records.settings import FILE_NAME, Settings, load
from tests.support import postgresql

BOTH = SQLITE, POSTGRESQL = "sqlite", "postgresql"  # parametrize("kind", BOTH): fixtures are for either
_STARTED_IN_S = 90.0
_POLL_S = 0.05
MANY = 100_000  # identifications an hour: tests are quicker than residents


@dataclass
class RecordsServer:
    """The service. ``log``: the file that its standard error goes to; ``module``: run in place of records.cli."""

    folder: Path
    port: int
    log: Path
    module: str = "records.cli"
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _enrolled: int = 0

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def root_pem(self) -> Path:
        return self.folder / "keys" / "root.cert.pem"

    def start(self) -> None:
        """Start, again after stop() or kill(), and wait until it answers."""
        data = ["--data", os.fspath(self.folder)]
        command = [sys.executable, "-m", self.module, *data, "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=_ROOT)
        deadline = time.monotonic() + _STARTED_IN_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"records did not start:\n{self.log.read_text('utf-8')}")
            time.sleep(_POLL_S)

    def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """What its database answers, beside the service."""
        with beside(self.folder) as connection:
            return [tuple(row) for row in connection.execute(sa.text(query), values)]

    def change(self, statement: str, **values: object) -> None:
        """Change a row behind the service's back."""
        with beside(self.folder) as connection, connection.begin():
            connection.execute(sa.text(statement), values)

    @property
    def runs(self) -> bool:
        """Whether it was started and not stopped since."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """Of its process, while it runs."""
        assert self._process is not None
        return self._process.pid

    def beside(self, module: str) -> "RecordsServer":
        """Another one on the same data, at a port of its own, to be started and stopped."""
        return RecordsServer(self.folder, free_port(), self.log, module)

    def stop(self) -> None:
        """End it as an administrator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def cli(self, *arguments: str) -> str:
        """Run a records command on the same data, beside the service; what it printed. A failure raises its words."""
        return command(self.folder, *arguments)

    def enrol(self, kind: DeviceKind = DeviceKind.KIOSK) -> DeviceIdentity:
        """A new device with its certificate: device_id, certificate, key (paths of PEM files)."""
        self._enrolled += 1
        records = open_existing(self.folder, SystemClock())
        code = new_code(records, kind, f"test {self._enrolled}")
        folder = self.folder.parent / f"device-{self._enrolled}"
        try:
            return enrol(self.url, self.root_pem, code, kind, folder, lambda told: _let_in(records, told))
        finally:
            records.database.close()

    def _answers(self) -> bool:
        try:
            socket.create_connection(("localhost", self.port), 2).close()  # quicker refused than a request is made
            return requests.get(f"{self.url}/health", verify=str(self.root_pem), timeout=2).ok
        except (requests.RequestException, OSError):  # not yet listening, or not even a root yet
            return False

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(timeout=15)
        self._process = None


@contextmanager
def out_of_reach(session: RecordsSession) -> Iterator[None]:
    """Inside, nobody listens where the session's records are: as if they were down, and quicker than a restart."""
    with patch.object(session._transport, "_url", f"https://localhost:{free_port()}"):
        yield


def command(data: Path, *arguments: str) -> str:
    """What a records command on a data folder prints, without the seconds that a process of its own takes to start."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(["--data", str(data), *arguments])
    if status:
        raise RuntimeError(err.getvalue())
    return out.getvalue()


@contextmanager
def beside(folder: Path) -> Iterator[sa.Connection]:
    """The database of a data folder, beside whoever serves it."""
    engine = sa.create_engine(place(folder, load(folder).database), poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


@contextmanager
def running_records(
    folder: Path,
    settings: Settings | None = None,
    module: str = "records.cli",
    rules: str = "",
    *,
    by_file: bool = True,
) -> Iterator[RecordsServer]:
    """A started service with its data below ``folder``, stopped at the end. ``rules``: a policy, else rules_with();
    not ``by_file``: its settings name no file, and the console changes the rules."""
    data = folder / "records"
    data.mkdir(parents=True)
    server = RecordsServer(data, free_port(), folder / "records.log", module)
    with database_of(settings or quick_settings()) as chosen:
        if by_file:
            write_settings(data, chosen, rules or rules_with())
        else:
            _write(data, chosen)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextmanager
def database_of(settings: Settings, kind: str = "", like: str = "") -> Iterator[Settings]:
    """The settings, with a database of the kind that this run is for: a PostgreSQL one is a copy of ``like`` and ends
    with it, SQLite's is in the data folder."""
    if (kind or default_kind()) == SQLITE:
        yield settings
        return
    with postgresql.a_database(like or postgresql.migrated()) as name:
        url = postgresql.server().url(name)
        yield settings.model_copy(update={"database": DatabaseSettings(url=url, connections=8)})


def default_kind() -> str:
    """Which database this run is for."""
    return POSTGRESQL if postgresql.is_chosen() else SQLITE


@contextmanager
def copied(prepared: Path, folder: Path) -> Iterator[Path]:
    """A copy of a closed data folder, its database included."""
    _copy(prepared, folder)
    before = load(prepared)
    kind = POSTGRESQL if before.database.url else SQLITE
    like = sa.make_url(before.database.url).database if before.database.url else ""
    with database_of(before, kind, like or "") as chosen:
        if chosen is not before:
            _write(folder, chosen)
        yield folder


def _copy(prepared: Path, folder: Path) -> None:
    """As shutil.copytree does it, without looking twenty files up anew for each test."""
    for name, content, mode in _read_once(prepared):
        if content is None:
            (folder / name).mkdir(mode, parents=True)
            continue
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)


@functools.lru_cache(maxsize=4)
def _read_once(prepared: Path) -> tuple[tuple[Path, bytes | None, int], ...]:
    """All that is in a folder, itself first, and each folder before what is in it; a folder has no content."""
    found = (prepared, *sorted(prepared.rglob("*")))
    return tuple(
        (each.relative_to(prepared), None if each.is_dir() else each.read_bytes(), stat.S_IMODE(each.stat().st_mode))
        for each in found
    )


def write_settings(data: Path, settings: Settings, rules: str) -> None:
    """``records.toml`` and the policy file it names, in a data folder that is to be."""
    (data / "rules.toml").write_text(rules, "utf-8")
    _write(data, settings.model_copy(update={"policy": PolicySettings(file="rules.toml")}))


def _write(data: Path, settings: Settings) -> None:
    (data / FILE_NAME).write_text(tomli_w.dumps(settings.model_dump(mode="json")), "utf-8")


def rules_with(share: float = 0.0, answer_s: float = 0.5) -> str:
    """The default policy, but for who gets a receipt by lot, and after how long a search is answered."""
    text = DEFAULT_RULES.read_text("utf-8")
    for default, wanted in (("share = 0.1", f"share = {share}"), ("answer_s = 1.5", f"answer_s = {answer_s}")):
        assert f"{default}\n" in text
        text = text.replace(f"{default}\n", f"{wanted}\n")
    return text


def quick_settings() -> Settings:
    """A small population, and no limit that a test would meet by being quick."""
    return Settings(
        identity=IdentitySettings(identifications_per_hour=MANY),
        guessing=GuessingSettings(free_tries=100),
        population=PopulationSettings(synthetic_residents=40, let_flats=0),
        limits=LimitSettings(requests_per_second=MANY, burst=MANY),
    )


def _let_in(records: Records, told: EnrolmentPending) -> None:
    """As somebody does who compares what both ends show."""
    approve(records, told.fingerprint)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


_ROOT = Path(__file__).resolve().parent.parent.parent
