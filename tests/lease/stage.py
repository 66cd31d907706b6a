"""Everything that the story needs, started side by side: the house with its kiosk, and two gates."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

from backend_client.contract.gates import DoorKind
from tests.lease.at_gate import AtGate
from tests.lease.at_records import at_records
from tests.lease.gates import GateBox, enrolled, running
from tests.lease.later import LaterHouse
from tests.lease.resident import Resident
from tests.lease.story import DOOR, Lease
from tests.lease.timeline import Timeline
from tests.support.gate_room import PassingClock
from tests.support.records_server import database_of, quick_settings
from tests.support.story import SIZE, open_kiosk

GATES = (("compound", "东门", DoorKind.COMPOUND, ("", "")), ("unit", "单元门", DoorKind.UNIT, DOOR[:2]))
"""Each gate's name in the story, and the one that an operator gives it."""


@contextmanager
def stage(folder: Path, out: Path) -> Iterator[Lease]:
    """A lease that can begin; on the database that this run is for."""
    with ExitStack() as opened:
        database = opened.enter_context(database_of(quick_settings())).database.url
        house = LaterHouse(folder, screen=SIZE, sheet_seconds=0.5, patience=8.0, usual_ports=False, database=database)
        opened.enter_context(house)
        there = opened.enter_context(at_records(house))
        there.owned_by_the_landlord(DOOR)
        gates = [opened.enter_context(_gate(house, folder, *each)) for each in GATES]
        clock = PassingClock()
        opened.enter_context(patch("kiosk.composition.SystemClock", lambda: clock))
        walker = opened.enter_context(open_kiosk(house, "lease"))
        walker.out = out / "kiosk"
        if reasons := walker.wait_until_ready():
            raise RuntimeError(f"the kiosk is not ready: {', '.join(reasons)}")
        resident = Resident(walker)
        at_gate = AtGate(resident, out / "gates")
        yield Lease(house, resident, clock, gates, at_gate, there, Timeline(out), out)


@contextmanager
def _gate(
    house: LaterHouse, folder: Path, name: str, called: str, kind: DoorKind, door: tuple[str, str]
) -> Iterator[GateBox]:
    home = folder / "gates" / name
    home.mkdir(parents=True)
    enrolled(house, home, called, kind, door)
    with running(home, name) as box:
        yield box
