"""python -m simulators.message_gateway [--folder var/sim] [--port 8445]: until a signal ends it."""

import argparse
import signal
from pathlib import Path
from threading import Event

from simulators.message_gateway.end import PORT, Gateway
from simulators.state import DEFAULT_FOLDER, SimulatedState


def main() -> int:
    """Serve until a signal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="the state files (default: %(default)s)")
    parser.add_argument("--port", type=int, default=PORT, help="on this machine alone (default: %(default)s)")
    asked = parser.parse_args()
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    with Gateway(SimulatedState(asked.folder)).serving(asked.port):
        ended.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
