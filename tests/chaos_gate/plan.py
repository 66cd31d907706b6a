"""What is done to the community's gates, and when: drawn from the seed before anything starts."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from random import Random

_DAY = 86_400.0
_LINE_EVERY = 2.0 * _DAY  # of each gate, in the mean
_POWER_EVERY = 3.0 * _DAY
_CLOCK_EVERY = 4.0 * _DAY
_RECORDS_EVERY = 2.5 * _DAY
_OUTAGE_EVERY = 6.0 * _DAY  # of all lines at once
_FIRE_EVERY = 6.0 * _DAY
_STEPS = tuple(
    timedelta(seconds=each) for each in (-400 * _DAY, -40 * _DAY, -_DAY, -7200, 7200, _DAY, 40 * _DAY, 4000 * _DAY)
)


class Deed(StrEnum):
    """The closed set."""

    LINE = "a gate's line cut"
    OUTAGE = "all lines cut"
    REBOOT = "a gate restarted"
    POWER = "a gate's power cut"
    CLOCK = "a gate's clock set wrong"
    RECORDS = "records restarted"
    BACKUP = "a backup made"
    RESTORE = "a backup put back"
    FIRE = "a fire alarm"


@dataclass(frozen=True, slots=True)
class Act:
    """``at``: seconds from the beginning; ``lasts``: seconds; ``by``: how far a clock is set wrong."""

    at: float
    deed: Deed
    gate: int = -1
    lasts: float = 0.0
    by: timedelta = timedelta()


def acts(seed: int, gates: Collection[int], days: float) -> list[Act]:
    """All of a run, in order. What befalls a gate ends before the next thing does."""
    chance, seconds = Random(seed), days * _DAY
    drawn = [act for gate in gates for act in _gate(chance, gate, seconds)]
    restarts = [Act(at, Deed.RECORDS) for at in _moments(chance, seconds, _RECORDS_EVERY)]
    drawn += [replace(act, lasts=chance.uniform(5.0, 1800.0)) for act in restarts]
    outages = [Act(at, Deed.OUTAGE) for at in _moments(chance, seconds, _OUTAGE_EVERY)]
    drawn += [replace(act, lasts=chance.uniform(600.0, 20_000.0)) for act in outages]
    drawn += [Act(at, Deed.FIRE, gate, 600.0) for gate in gates for at in _moments(chance, seconds, _FIRE_EVERY)]
    drawn += [Act(seconds * 0.55, Deed.BACKUP), Act(seconds * 0.6, Deed.RESTORE, lasts=1200.0)]
    return in_order(drawn)


def in_order(drawn: Iterable[Act]) -> list[Act]:
    """By their time."""
    return sorted(drawn, key=lambda act: act.at)


def _gate(chance: Random, gate: int, seconds: float) -> Iterator[Act]:
    for at in _moments(chance, seconds, _LINE_EVERY):
        yield Act(at, Deed.LINE, gate, chance.choice((chance.uniform(5, 600), chance.uniform(600, 2.5 * _DAY))))
    for at in _moments(chance, seconds, _POWER_EVERY):
        deed = chance.choice((Deed.REBOOT, Deed.POWER))
        yield Act(at, deed, gate, chance.choice((5.0, chance.uniform(20, 900), chance.uniform(900, 20_000))))
    for at in _moments(chance, seconds, _CLOCK_EVERY):
        yield from _mad(chance, gate, at)


def _mad(chance: Random, gate: int, at: float) -> Iterator[Act]:
    """A clock goes wrong while the line is cut, and mostly the gate starts anew with it."""
    lasts = chance.uniform(3600.0, _DAY)
    yield Act(at, Deed.LINE, gate, lasts)
    yield Act(at + 60, Deed.CLOCK, gate, lasts, chance.choice(_STEPS))
    if chance.random() < 0.7:
        yield Act(at + 120, Deed.POWER, gate, 30.0)


def _moments(chance: Random, seconds: float, every: float) -> Iterator[float]:
    at = chance.expovariate(1 / every)
    while at < seconds:
        yield at
        at += chance.expovariate(1 / every)
