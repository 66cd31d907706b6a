"""One run: so many days of life, then a month in which nobody comes, and what became of it."""

import resource
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter

from tests.chaos_gate.box import Box
from tests.chaos_gate.bugs import Bug
from tests.chaos_gate.judge import Judge
from tests.chaos_gate.life import Life
from tests.chaos_gate.people import Community
from tests.chaos_gate.plan import Act
from tests.chaos_gate.stage import MIDNIGHT, Gate, Stage, stage

_QUIET = (10.0, 20.0, 27.0, *(28 + half / 2 for half in range(12)))  # days afterwards: when is looked again
_LOOK_EVERY = 2  # hours
_TIDY_EVERY = 6  # hours; records do it hourly
_HOUR = timedelta(hours=1)


@dataclass
class Outcome:
    """``done``: what was done how often; ``counts``: what was shown and what became of it; ``wrong``: by gate.
    ``sizes``: bytes of the largest store at the end of each day; ``memory``: kB that this process had at most, then;
    ``seconds``: how long it took; ``left``: passes that are there after the quiet month."""

    done: Counter[str]
    counts: Counter[str] = field(default_factory=Counter)
    wrong: dict[int, tuple[str, ...]] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    seconds: float = 0.0
    left: int = 0


def play(
    folder: Path,
    seed: int,
    people: int,
    days: int,
    plan: Sequence[Act],
    gates: Mapping[int, Gate],
) -> Outcome:
    """A community, its days, an end."""
    began = perf_counter()
    with stage(folder, seed, people, gates) as (made, community, desk):
        judge = Judge(community.facts)
        outcome = Outcome(made.done, judge.counts)
        life = Life(made, community, desk, judge, Random(seed))
        _live(made, community, life, days, plan, outcome)
        _rest(made, judge, outcome)
        outcome.wrong, outcome.seconds = judge.said(), perf_counter() - began
        return outcome


def _live(made: Stage, community: Community, life: Life, days: int, plan: Sequence[Act], outcome: Outcome) -> None:
    for act in plan:
        made.after(act.at, partial(made.strike, act, community))
    for hour in range(0, days * 24, _LOOK_EVERY):
        tidy = not hour % _TIDY_EVERY
        made.at(MIDNIGHT + _HOUR * (hour + 0.5), partial(_hourly, made, life.judge, tidy=tidy))
    for day in range(days):
        made.at(MIDNIGHT + timedelta(days=day), life.day)
    for day in range(days):
        made.run(MIDNIGHT + timedelta(days=day + 1, seconds=-1))
        outcome.sizes.append(max(_size(box) for box in made.boxes))
        outcome.memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _hourly(made: Stage, judge: Judge, *, tidy: bool) -> None:
    made.hour(tidy=tidy)
    for box in made.boxes:
        _look(box, judge, made.clock.now())


def _look(box: Box, judge: Judge, now: datetime) -> None:
    """An inspector opens the store."""
    if box.life is not None:
        window = box.outside.window(now)
        judge.heard(box.number, now, window)
        judge.templates(box.number, now, window, iter(box.faces()))
        judge.passes(box.number, window, _oldest(box))


def _rest(made: Stage, judge: Judge, outcome: Outcome) -> None:
    """Nothing happens for a month, but for what was on its way; then no pass may be left."""
    made.mute()
    since = made.clock.now()
    for days in _QUIET:
        made.run(since + timedelta(days=days))
        _hourly(made, judge, tidy=False)
    outcome.left = sum(box.alive.store.passes.count() for box in made.boxes if Bug.PASSES_STAY not in box.bugs)


def _oldest(box: Box) -> datetime | None:
    rows = box.alive.store.database.query("SELECT min(at) FROM pass")
    return datetime.fromisoformat(rows[0][0]) if rows[0][0] else None


def _size(box: Box) -> int:
    return sum(each.stat().st_size for each in box.folder.glob("gate.sqlite*"))
