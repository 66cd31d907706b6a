"""Everything that the story needs, started side by side: the house with its kiosk, and two gates."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from backend_client.contract.gates import DoorKind
from simulators.house import House
from tests.lease.gates import enrolled, running
from tests.lease.resident import Resident
from tests.lease.story import DOOR, Lease, owned_by_the_landlord
from tests.lease.timeline import Timeline
from tests.support.records_server import database_of, quick_settings
from tests.support.story import SIZE, open_kiosk

GATES = (("compound", DoorKind.COMPOUND, ("", "")), ("unit", DoorKind.UNIT, DOOR[:2]))


@contextmanager
def stage(folder: Path, out: Path) -> Iterator[Lease]:
    """A lease that can begin; on the database that this run is for."""
    with ExitStack() as opened:
        database = opened.enter_context(database_of(quick_settings())).database.url
        made = House(folder, screen=SIZE, sheet_seconds=0.5, patience=8.0, usual_ports=False, database=database)
        house = opened.enter_context(made)
        owned_by_the_landlord(house)
        gates = []
        for name, kind, door in GATES:
            home = folder / "gates" / name
            home.mkdir(parents=True)
            enrolled(house, home, name, kind, door)
            gates.append(opened.enter_context(running(home, name)))
        walker = opened.enter_context(open_kiosk(house, "lease"))
        walker.out = out / "kiosk"
        if reasons := walker.wait_until_ready():
            raise RuntimeError(f"the kiosk is not ready: {', '.join(reasons)}")
        yield Lease(house, Resident(walker), gates, Timeline(out), out)
