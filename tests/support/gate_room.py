"""A gate with everything around it but a window: real drivers, their simulated far ends, a screen that remembers."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import tomli_w

from backend_client.device_files import DeviceIdentity
from gate.composition import compose
from gate.config import Configuration, load
from gate.flows import states as s
from gate.running import Gate
from gate.store.key import make_store_key
from simulators.code_scanner import LINK
from simulators.door.controller import KEY
from simulators.door.controller import LINK as DOOR_LINK
from simulators.pcsc import ACCESS_READER
from tests.support.kiosk_room import ASSETS
from tests.support.records_server import RecordsServer
from tests.support.remembering import RememberingScreen

PATIENCE_S = 12.0
_POLL_S = 0.02


@dataclass
class PassingClock:
    """The machine's clocks, and what a test adds to them."""

    added: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.added

    def monotonic(self) -> float:
        return time.monotonic() + self.added.total_seconds()


@dataclass
class Room:
    """A composed gate; ``pump`` is what its screen's thread would do."""

    gate: Gate
    screen: RememberingScreen
    bell: Event = field(default_factory=Event)

    @property
    def at(self) -> s.At:
        return self.gate.conductor.terminal.at

    def until(self, true: Callable[[], object], what: str, seconds: float = PATIENCE_S) -> None:
        """Let the screen draw until this is so."""
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, what
            self.bell.wait(_POLL_S)
            self.bell.clear()
            self.gate.conductor.drain()

    def is_at(self, *kinds: type[s.At]) -> None:
        self.until(lambda: isinstance(self.at, kinds), f"{kinds} instead of {self.at}")

    def rests(self) -> None:
        """Whoever was there has gone."""
        self.gate.conductor.act("back")
        self.gate.conductor.drain()

    def hears(self) -> None:
        """A hint has come, at the latest: this is not what every test waits for."""
        self.gate.follow.pace.hinted(self.gate.follow.clock.monotonic())


def configured(
    folder: Path, server: RecordsServer, identity: DeviceIdentity, around: Path, **tables: dict[str, object]
) -> Configuration:
    """A demo gate's file, as an operator writes it, and its store's key. ``tables``: what else stands in it."""
    inputs = {"contact": 0, "exit": 1, "fire": 2}
    door = {"kind": "osdp", "port": str(around / DOOR_LINK), "key_file": str(around / KEY), "baud": 115200}
    values = {
        "profile": "demo",
        "records": {"url": server.url, "root": str(server.root_pem), "identity": str(identity.certificate.parent)},
        "store": {"folder": "store", "key": "store.key"},
        "door": {**door, "inputs": inputs},
        "access_card": {"reader": ACCESS_READER},
        "code_scanner": {"port": str(around / LINK), "again": 0.5},
        **tables,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gate.toml").write_text(tomli_w.dumps(values), "utf-8")
    make_store_key(folder / "store.key")
    return load(folder / "gate.toml")


@contextmanager
def room(settings: Configuration, clock: PassingClock | None = None) -> Iterator[Room]:
    """A composed gate that has begun."""
    screen, bell = RememberingScreen(), Event()
    with compose(settings, ASSETS, screen, bell.set, clock or PassingClock()) as gate:
        made = Room(gate, screen, bell)
        made.hears()  # a start is drawn from a whole interval: no test waits for that
        gate.start()
        yield made
