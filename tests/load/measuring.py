"""One database: each kind of request in turns with the empty route, round after round."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from backend_client.device_files import DeviceIdentity
from records.sections import DatabaseSettings, IntakeSettings, LimitSettings
from records.settings import Settings
from tests.load.client import Generator, Line, Seen
from tests.support.postgresql import OWNER, SERVICE, Server, with_tables
from tests.support.records_server import RecordsServer, quick_settings, running_records

_KIOSKS = 8
_CONNECTIONS = 2  # of each kiosk: as many batches as records take of one at once
_MANY = 1_000_000
_TICKS = os.sysconf("SC_CLK_TCK")
_OK = frozenset({200, 201})

Requests = Callable[[DeviceIdentity], list[bytes]]


@dataclass(slots=True)
class Figure:
    """What one kind of request came to. ``rows``: of each; ``cpu``: the service's own seconds in each round."""

    rows: int = 1
    seen: list[Seen] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return median(len(each.latencies) / each.seconds for each in self.seen)

    @property
    def cpu_ms(self) -> float:
        """Of the service, for each request."""
        return median(1000 * cpu / len(each.latencies) for cpu, each in zip(self.cpu, self.seen, strict=True))

    @property
    def client_ms(self) -> float:
        """Of the load generator, for each request."""
        return median(1000 * each.cpu / len(each.latencies) for each in self.seen)

    def within_ms(self, share: float) -> float:
        """By when so many of the requests were answered, over all rounds."""
        latencies = sorted(latency for each in self.seen for latency in each.latencies)
        return 1000 * latencies[min(len(latencies) - 1, int(share * len(latencies)))]


@dataclass(frozen=True, slots=True)
class Bench:
    """A service with some kiosks, the same with an empty route, the same with a transaction for each request: all on
    one database, and one of them busy at a time. ``url``: of the tables' owner; empty: SQLite."""

    service: RecordsServer
    empty: RecordsServer
    single: RecordsServer
    kiosks: tuple[DeviceIdentity, ...]
    generator: Generator
    url: str

    def take(self, figure: Figure, server: RecordsServer, requests: Requests) -> None:
        """One round more of it. RuntimeError: something was refused, so nothing was measured."""
        lines = [Line(each.certificate, each.key, requests(each), _CONNECTIONS) for each in self.kiosks]
        before = _cpu(server.pid)
        seen = self.generator.drive(server.port, server.root_pem, lines)
        if refused := seen.statuses.keys() - _OK:
            raise RuntimeError(f"answered {sorted(refused)}")
        figure.seen.append(seen)
        figure.cpu.append(_cpu(server.pid) - before)


@contextmanager
def bench(folder: Path, generator: Generator, server: Server | None) -> Iterator[Bench]:
    """Everything started, on a PostgreSQL ``server`` or else on SQLite."""
    url = with_tables(server) if server else ""
    database = DatabaseSettings(url=server.url(url, SERVICE), connections=20) if server else DatabaseSettings()
    limits = LimitSettings(requests_per_second=100_000, burst=_MANY)
    bounds = {"limits": limits, "intakes": IntakeSettings(waiting=_MANY)}
    chosen: Settings = quick_settings().model_copy(update={"database": database, **bounds})
    with running_records(folder, chosen) as service:
        enrolled = tuple(service.enrol() for _ in range(_KIOSKS))
        others = service.beside("tests.load.empty"), service.beside("tests.load.single")
        try:
            for each in others:
                each.start()
            yield Bench(service, *others, enrolled, generator, server.url(url, OWNER) if server else "")
        finally:
            for each in others:
                each.stop()


def _cpu(pid: int) -> float:
    """Seconds that a process has worked, proc(5): after the name in brackets, utime and stime are the 12th and 13th."""
    counted = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(counted[11]) + int(counted[12])) / _TICKS
