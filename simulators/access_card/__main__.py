"""The far end of the access card reader: a card in the second slot of the virtual reader of a private pcscd (vpcd)."""

import argparse
import signal
import sys
from pathlib import Path

from simulators.access_card.field import SimulatedAccessReader
from simulators.state import DEFAULT_FOLDER, SimulatedState


def main() -> int:
    """Be whatever card the state file names, until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m simulators.access_card", description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="where access_card.json is")
    parser.add_argument("--port", type=int, required=True, help="where vpcd's slot listens")
    asked = parser.parse_args()
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before the card's thread begins, so that only we are told
    with SimulatedAccessReader(SimulatedState(asked.folder), asked.port):
        print(f"access cards: port {asked.port}", flush=True)
        signal.sigwait(ends)
    return 0


if __name__ == "__main__":
    sys.exit(main())
