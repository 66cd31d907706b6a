"""``make chaos-gate SEED= N= DAYS=``: two weeks behind a community's gates (docs/decisions/chaos-gate.md)."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.chaos_gate.bugs import Bug
from tests.chaos_gate.plan import acts
from tests.chaos_gate.run import Watch, play
from tests.chaos_gate.stage import Gate
from tests.chaos_gate.table import table

PLACES = (None, None, ("101", "1"), ("101", "2"), ("102", "1"))


def main() -> int:
    """Play, print the table. 1: something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos_gate", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=12_000)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no day after so many")
    parser.add_argument("--folder", type=Path, help="keep everything here (default: a folder that is removed)")
    parser.add_argument("--bug", type=Bug, choices=list(Bug), help="a negative control, of gate 0")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        bugs = frozenset({asked.bug} if asked.bug else ())
        gates = {number: Gate(place, frozenset() if number else bugs) for number, place in enumerate(PLACES)}
        plan = acts(asked.seed, gates, asked.days)
        folder = asked.folder or Path(temporary)
        watch = Watch(lambda said: print(said, file=sys.stderr, flush=True), asked.seconds)
        outcome = play(folder, asked.seed, asked.people, asked.days, plan, gates, watch=watch)
    lived = len(outcome.sizes)
    print(f"seed {asked.seed}, {asked.people} people, {lived} of {asked.days} days, {len(PLACES)} gates\n")
    print(table(outcome))
    return 1 if outcome.wrong or outcome.left else 0


if __name__ == "__main__":
    sys.exit(main())
