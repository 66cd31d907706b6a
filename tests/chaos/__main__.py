"""``make chaos SEED= N=``: papers are issued while everything fails (docs/decisions/chaos.md)."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.plan import rounds
from tests.chaos.run import Chaos
from tests.chaos.surroundings import world
from tests.chaos.table import Played, summary, table


def play(folder: Path, seed: int, count: int, *, aloud: bool = True, syncs: bool = True) -> Played:
    """Every round of a plan. Without ``syncs`` the kiosk's disk is waited for by nobody, and rounds go wrong."""
    plans, played = rounds(seed, count), []
    with world(folder) as around:
        chaos = Chaos(around, syncs=syncs)
        chaos.measure(plans[0])
        for plan in plans:
            began = time.monotonic()
            played.append((plan, chaos.play(plan)))
            if aloud:
                _say(played, time.monotonic() - began, chaos.said)
    return played


def _say(played: Played, seconds: float, said: str) -> None:
    plan, verdict = played[-1]
    happened = f"{plan.medium}, {plan.fault}, {plan.interruption}, line {plan.line}, {plan.answer}"
    print(f"{plan.number:4} {seconds:5.1f} s  {happened:64} {said:28} {verdict.outcome}", flush=True)
    for each in verdict.wrong:
        print(f"     WRONG: {each}", flush=True)


def main() -> int:
    """Play, print the table. 1: something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--folder", type=Path, help="keep everything here (default: a folder that is removed)")
    parser.add_argument("--without-syncs", action="store_true", help="the negative control: rounds are to go wrong")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        played = play(folder, asked.seed, asked.count, syncs=not asked.without_syncs)
    print(f"\nseed {asked.seed}\n\n{table(played)}\n{summary(played)}")
    return 1 if any(verdict.wrong for _, verdict in played) else 0


if __name__ == "__main__":
    sys.exit(main())
