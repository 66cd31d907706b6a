"""A city: records behind their lines, and kiosks that are forked warm, killed, and started again on their old disks."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import IO

from backend_client.contract.devices import DeviceKind
from backend_client.device_files import DeviceIdentity
from backend_client.enrolment import enrol
from backend_client.session import RecordsSession
from civic.clock import SystemClock
from records.context import Records
from records.installation import open_existing
from records.services.enrolment import approve, new_code
from records.settings import Settings
from tests.chaos_sync.bugs import Bug
from tests.chaos_sync.databases import Pair, standing_on
from tests.chaos_sync.ledger import Line, last_words, lines_of
from tests.chaos_sync.lines import Lines
from tests.chaos_sync.parts import Place
from tests.support.identification import proven_subject
from tests.support.records_client import DENG, Card
from tests.support.records_server import RecordsServer, free_port, quick_settings, rules_with, write_settings

_CARD = Card(DENG.name, DENG.id_number, DENG.birth_date, date(2038, 5, 2))
_GONE_S = 10.0
_LOOK_S = 0.02
_PATIENCE = 3  # times half a minute


@dataclass
class Box:
    """One kiosk, alive or not. ``device_id``: as records know it."""

    place: Place
    device_id: str
    zygote: "subprocess.Popen[str]" = field(repr=False)
    pid: int = 0

    def start(self) -> None:
        """A new life on the old disk."""
        self.place = replace(self.place, life=self.place.life + 1, seed=self.place.seed + 7919)
        stdin, stdout = _pipes(self.zygote)
        stdin.write(json.dumps(asdict(self.place)) + "\n")
        stdin.flush()
        self.pid = int(stdout.readline())

    def end(self, number: signal.Signals) -> None:
        """Tell it, and wait until it is no more."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)
        until = time.monotonic() + _GONE_S
        while self.is_alive() and time.monotonic() < until:
            time.sleep(_LOOK_S)
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        while self.is_alive():
            time.sleep(_LOOK_S)
        self.pid = 0

    def rest(self) -> None:
        """Nobody comes any more, in this life and the next."""
        self.place = replace(self.place, resting=True)
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGUSR2)

    def is_alive(self) -> bool:
        """Whether its process is there."""
        return bool(self.pid) and Path(f"/proc/{self.pid}").exists()

    def has_begun(self) -> bool:
        """Whether it has taken something in, and so has a policy."""
        return any(line.what == "took" for line in self.said())

    def rests(self, head: str) -> bool:
        """Whether it has nothing left to do, and has heard everything up to the cursor ``head``."""
        last = last_words(Path(self.place.ledger))
        return last is not None and last.what == "rest" and last.facts == {"left": 0, "cursor": head}

    def said(self) -> list[Line]:
        """Its ledger."""
        return list(lines_of(Path(self.place.ledger)))


@dataclass(frozen=True, slots=True)
class City:
    """What a run meets. ``records``: opened beside the service."""

    folder: Path
    server: RecordsServer
    lines: Lines
    boxes: list[Box]
    records: Records
    pair: Pair | None


@contextmanager
def city(
    folder: Path, kiosks: int, seed: int, pace: float = 4.0, speed: float = 1.0, bugs: Mapping[int, Bug] | None = None
) -> Iterator[City]:
    """Started, its kiosks not yet; ended with the block. ``bugs``: of some kiosks, by number; -1: of records."""
    sick = bugs or {}
    with ExitStack() as opened:
        settings, pair = opened.enter_context(standing_on(_settings()))
        server = opened.enter_context(_records(folder, settings, sick.get(-1, Bug.NONE)))
        records = open_existing(server.folder, SystemClock())
        opened.callback(records.database.close)
        lines = opened.enter_context(Lines(server.port, kiosks, Random(seed)))
        zygote = opened.enter_context(_zygote(folder))
        boxes = [
            _box(folder, server, records, zygote, number, replace(_NOWHERE, pace=pace, speed=speed, seed=seed))
            for number in range(kiosks)
        ]
        for box, port in zip(boxes, lines.ports, strict=True):
            bug = sick.get(box.place.number, Bug.NONE)
            box.place = replace(box.place, records=f"https://localhost:{port}", bug=bug)
        opened.callback(_end_all, boxes)
        yield City(folder, server, lines, boxes, records, pair)


_NOWHERE = Place(0, 0, 0, "", "", "", "", "", "", "")


def _settings() -> Settings:
    settings = quick_settings()
    return settings.model_copy(update={"identity": settings.identity.model_copy(update={"visit_minutes": 60})})


@contextmanager
def _records(folder: Path, settings: Settings, bug: Bug) -> Iterator[RecordsServer]:
    data = folder / "records"
    data.mkdir(parents=True)
    write_settings(data, settings, rules_with().replace("yearly = 2", "yearly = 0"))
    module = "records.cli" if bug is Bug.NONE else "tests.chaos_sync.sick_records"
    (folder / "bug").write_text(bug)
    server = RecordsServer(data, free_port(), folder / "records.log", module)
    try:
        start(server)
        yield server
    finally:
        server.stop()


def start(server: RecordsServer) -> None:
    """However long it takes on a machine on which others work too."""
    for _ in range(_PATIENCE):
        try:
            server.start()
        except RuntimeError:
            server.kill()
        else:
            return
    server.start()


@contextmanager
def _zygote(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    pipe, command = subprocess.PIPE, [sys.executable, "-m", "tests.chaos_sync.kiosk"]
    with (folder / "kiosks.log").open("w") as log:
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, text=True, start_new_session=True)
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def _box(
    folder: Path, server: RecordsServer, records: Records, zygote: "subprocess.Popen[str]", number: int, place: Place
) -> Box:
    """An enrolled kiosk, before which somebody stands whose identity is proven."""
    disk, identity = folder / f"kiosk-{number}", _enrolled(folder, server, records, number)
    disk.mkdir()
    with closing(RecordsSession(server.url, server.root_pem, identity.certificate, identity.key)) as session:
        subject = proven_subject(session, identity.key, _CARD, f"visit-{number:08}", datetime.now(UTC))
    own = replace(
        place,
        number=number,
        seed=place.seed * 1009 + number,
        folder=str(disk),
        ledger=str(folder / f"ledger-{number}"),
        root=str(server.root_pem),
        certificate=str(identity.certificate),
        key=str(identity.key),
        subject=subject,
    )
    return Box(own, identity.device_id, zygote)


def _enrolled(folder: Path, server: RecordsServer, records: Records, number: int) -> DeviceIdentity:
    code = new_code(records, DeviceKind.KIOSK, f"chaos {number}")
    place = folder / f"device-{number}"
    return enrol(
        server.url, server.root_pem, code, DeviceKind.KIOSK, place, lambda told: _let_in(records, told.fingerprint)
    )


def _let_in(records: Records, fingerprint: str) -> None:
    approve(records, fingerprint)


def _end_all(boxes: list[Box]) -> None:
    for box in boxes:
        if box.pid:
            box.end(signal.SIGKILL)


def _pipes(process: "subprocess.Popen[str]") -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout
