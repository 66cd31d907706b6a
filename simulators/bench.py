"""The bench panel beside a terminal's window: lay cards, stand before the camera, pull plugs, with a finger or a mouse.

python -m simulators.bench                    on the state files of var/sim
python -m simulators.bench --left 548         so far from the screen's left edge, px
python -m simulators.bench --devices door     these devices alone
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from simulators.state import DEFAULT_FOLDER, MODELS, SimulatedState
from terminal.kivy_setup import configure

SIZE = (640, 960)


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the panel until its window is closed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="the state files (default: %(default)s)")
    parser.add_argument("--left", type=int, default=0, help="place of the window, px (default: %(default)s)")
    parser.add_argument("--devices", nargs="+", choices=tuple(MODELS), default=tuple(MODELS), help="default: all")
    asked = parser.parse_args(arguments)
    configure(SIZE, whole_screen=False, left=asked.left)
    from simulators.bench_panel import BenchApp  # noqa: PLC0415 - Kivy is configured only now

    with suppress(KeyboardInterrupt):  # Ctrl-C reaches it together with the kiosk
        BenchApp(SimulatedState(asked.folder), tuple(asked.devices)).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
