"""python -m simulators.door [--folder var/sim] [--address 0]: an OSDP door controller, until a signal ends it."""

import argparse
import signal
import time
from pathlib import Path

from simulators.door.controller import DoorController
from simulators.state import DEFAULT_FOLDER, SimulatedState

_TURN_S = 0.01


def main() -> int:
    """Be a door until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m simulators.door", description=__doc__)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="where door.json is (default: %(default)s)")
    parser.add_argument("--address", type=int, default=0, help="on the bus (default: %(default)s)")
    asked = parser.parse_args()
    told: list[int] = []  # no Event: its lock may be held where the signal comes
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda number, _: told.append(number))
    door = DoorController(SimulatedState(asked.folder), asked.address)
    while not told:
        door.turn()
        time.sleep(_TURN_S)
    door.bus.unplug()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
