"""``make chaos SEED= N=``: papers are issued while everything fails (docs/decisions/chaos.md)."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock

from tests.chaos.bugs import Bug
from tests.chaos.plan import Round, rounds
from tests.chaos.run import Chaos
from tests.chaos.surroundings import World, world
from tests.chaos.table import Played, summary, table

_STARTING = Lock()


def play(folder: Path, seed: int, count: int, *, jobs: int = 1, bug: Bug = Bug.NONE, aloud: bool = True) -> Played:
    """Every round of a plan. ``jobs``: so many kiosks side by side, each with its own surroundings, share the rounds.
    With a ``bug`` rounds go wrong."""
    plans, over = rounds(seed, count), Event()
    with ThreadPoolExecutor(jobs) as pool:
        shares = [
            pool.submit(_play_some, folder / f"kiosk-{job}", plans[job::jobs], over, bug, aloud=aloud)
            for job in range(min(jobs, count))
        ]
        played = [each for share in shares for each in share.result()]
    return sorted(played, key=lambda each: each[0].number)


def _play_some(folder: Path, plans: list[Round], over: Event, bug: Bug, *, aloud: bool) -> Played:
    played: Played = []
    folder.mkdir(parents=True)
    try:
        with _alone(world(folder)) as around:
            chaos = Chaos(around, bug)
            chaos.measure(plans[0])
            while len(played) < len(plans) and not over.is_set():
                plan, began = plans[len(played)], time.monotonic()
                played.append((plan, chaos.play(plan)))
                if aloud:
                    _say(played, time.monotonic() - began, chaos.said)
            plan, verdict = played[-1]
            played[-1] = plan, replace(verdict, wrong=(*verdict.wrong, *chaos.look_again()))
    except BaseException:
        over.set()  # the others need not go on
        raise
    return played


@contextmanager
def _alone(around: AbstractContextManager[World]) -> Iterator[World]:
    """Started one after the other: two could choose one port."""
    with ExitStack() as opened:
        with _STARTING:
            started = opened.enter_context(around)
        yield started


def _say(played: Played, seconds: float, said: str) -> None:
    plan, verdict = played[-1]
    happened = f"{plan.medium}, {plan.fault}, {plan.interruption}, line {plan.line}, {plan.answer}"
    lines = [f"{plan.number:4} {seconds:5.1f} s  {happened:64} {said:28} {verdict.outcome}"]
    print("\n".join([*lines, *(f"     WRONG: {each}" for each in verdict.wrong)]), flush=True)


def main() -> int:
    """Play, print the table. 1: something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=1, help="kiosks side by side; the plan is the same")
    parser.add_argument("--folder", type=Path, help="keep everything here (default: a folder that is removed)")
    parser.add_argument(
        "--bug", type=Bug, default=Bug.NONE, choices=list(Bug), help="a negative control: has to go wrong"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        played = play(folder, asked.seed, asked.count, jobs=asked.jobs, bug=asked.bug)
    print(f"\nseed {asked.seed}\n\n{table(played)}\n{summary(played)}")
    return 1 if any(verdict.wrong for _, verdict in played) else 0


if __name__ == "__main__":
    sys.exit(main())
