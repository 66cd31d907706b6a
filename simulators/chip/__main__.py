"""The far end of the travel-document reader: a chip in the field of the virtual reader of a private pcscd (vpcd).

vpcd speaks first and the chip answers; every message is two bytes of length and what they count. A message of one byte
is a command of the reader itself. The connection is the document lying there; closing it lifts the document.
"""

import argparse
import signal
import sys
from pathlib import Path

from simulators.chip.field import SimulatedChip
from simulators.chip.personalise import Press
from simulators.state import DEFAULT_FOLDER, SimulatedState

AUTHORITIES = "authorities"


def main() -> int:
    """Be whatever document the state file names, until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m simulators.chip", description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="where travel_document.json is")
    parser.add_argument("--port", type=int, required=True, help="where vpcd listens")
    asked = parser.parse_args()
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before the chip's thread begins, so that only we are told
    press = Press()
    press.fill_store(asked.folder / AUTHORITIES)
    with SimulatedChip(SimulatedState(asked.folder), asked.port, press):
        print(f"travel documents: port {asked.port}, authorities: {asked.folder / AUTHORITIES}", flush=True)
        signal.sigwait(ends)
    return 0


if __name__ == "__main__":
    sys.exit(main())
