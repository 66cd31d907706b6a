"""One run: so many days of life, then a month in which nobody comes, and what became of it."""

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter, process_time

import apsw

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
_DAY_S = 86_400.0
_STATM = Path("/proc/self/statm")  # pages: of the whole, and resident


@dataclass
class Outcome:
    """``done``: what was done how often; ``counts``: what was shown and what became of it; ``wrong``: by gate.
    ``sizes``: bytes of the largest store at the end of each day; ``passes``: in it, then; ``memory``: bytes that this
    process had then, the gates and the records and the judge; ``sqlite``: bytes that the gates' SQLite had;
    ``seconds``: how long it took, ``worked``: of a processor; ``left``: passes that are there after the quiet month."""

    done: Counter[str]
    counts: Counter[str] = field(default_factory=Counter)
    wrong: dict[int, tuple[str, ...]] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    passes: list[int] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    sqlite: list[int] = field(default_factory=list)
    seconds: float = 0.0
    worked: float = 0.0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """``told``: hears how it is at the end of each day. ``most_s``: when this many seconds are over, the day that has
    begun is the last."""

    told: Callable[[str], None] = lambda _: None
    most_s: float = float("inf")


_UNWATCHED = Watch()


def play(
    folder: Path,
    seed: int,
    people: int,
    days: int,
    plan: Sequence[Act],
    gates: Mapping[int, Gate],
    *,
    watch: Watch = _UNWATCHED,
) -> Outcome:
    """A community, its days, an end."""
    began, worked = perf_counter(), process_time()
    with stage(folder, seed, people, gates) as (made, community, desk):
        judge = Judge(community.facts)
        outcome = Outcome(made.done, judge.counts)
        life = Life(made, community, desk, judge, Random(seed))
        for day in range(days):
            if perf_counter() - began < watch.most_s:
                _prepare(made, community, life, day, plan)
                made.run(MIDNIGHT + timedelta(days=day + 1, seconds=-1))
                _measure(made, outcome)
                watch.told(f"day {day + 1}, {process_time() - worked:.0f} s of a processor: {_so_far(judge)}")
        _rest(made, judge, outcome)
        outcome.wrong, outcome.seconds, outcome.worked = judge.said(), perf_counter() - began, process_time() - worked
        return outcome


def _so_far(judge: Judge) -> str:
    said = [f"gate {number}: {each}" for number, wrong in judge.said().items() for each in wrong]
    return "; ".join(said) or "nothing wrong"


def _prepare(made: Stage, community: Community, life: Life, day: int, plan: Sequence[Act]) -> None:
    """What happens on a day; what it is, draws ``life.day`` at its midnight."""
    midnight = MIDNIGHT + timedelta(days=day)
    made.at(midnight, life.day)
    for act in plan:
        if int(act.at // _DAY_S) == day:
            made.at(MIDNIGHT + timedelta(seconds=act.at), partial(made.strike, act, community))
            meanwhile = MIDNIGHT + timedelta(seconds=act.at + act.lasts * 0.4)
            made.at(meanwhile, partial(life.leaves_meanwhile, act))
    for hour in range(0, 24, _LOOK_EVERY):
        tidy = not hour % _TIDY_EVERY
        made.at(midnight + _HOUR * (hour + 0.5), partial(_hourly, made, life.judge, tidy=tidy))


def _hourly(made: Stage, judge: Judge, *, tidy: bool) -> None:
    made.hour(tidy=tidy)
    for box in made.boxes:
        _look(box, judge, made.clock.now())


def _look(box: Box, judge: Judge, now: datetime) -> None:
    """An inspector opens the store."""
    if box.life is not None:
        window = box.outside.window(now)
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


def _measure(made: Stage, outcome: Outcome) -> None:
    """At the end of a day. SQLite's own count is the gates': records use another one."""
    outcome.sizes.append(max(_size(box) for box in made.boxes))
    outcome.passes.append(max((box.life.store.passes.count() for box in made.boxes if box.life is not None), default=0))
    outcome.memory.append(int(_STATM.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE"))
    outcome.sqlite.append(apsw.memory_used())


def _size(box: Box) -> int:
    return sum(each.stat().st_size for each in box.folder.glob("gate.sqlite*"))
