"""``make chaos-sync SEED= N=``: kiosks and records live through bad nights (docs/decisions/chaos-sync.md)."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.chaos_sync.bugs import Bug
from tests.chaos_sync.plan import acts
from tests.chaos_sync.run import play
from tests.chaos_sync.table import table
from tests.support.records_server import default_kind


def main() -> int:
    """Play, print the table. 1: something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos_sync", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kiosks", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--pace", type=float, default=12.0, help="seconds between two who come to one kiosk")
    parser.add_argument("--folder", type=Path, help="keep everything here (default: a folder that is removed)")
    parser.add_argument("--bug", type=Bug, default=Bug.NONE, choices=list(Bug), help="a negative control")
    asked = parser.parse_args()
    sick = [-1] if asked.bug.is_of_records else range(asked.kiosks)
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        plan = acts(asked.seed, asked.kiosks, asked.seconds)
        bugs = dict.fromkeys(sick, asked.bug)
        outcome = play(folder, asked.seed, asked.kiosks, plan, pace=asked.pace, bugs=bugs)
    print(f"seed {asked.seed}, {asked.kiosks} kiosks, {asked.seconds:.0f} seconds, {default_kind()}\n")
    print(table(outcome))
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
