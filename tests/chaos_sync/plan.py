"""What is done to a city, and when: drawn from the seed before anything starts.

The same seed is the same plan, not the same run: who gets on first is the kernel's choice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from tests.chaos_sync.lines import Way

_LINE_EVERY_S = 16.0  # of each kiosk, in the mean
_KIOSK_EVERY_S = 90.0
_RECORDS_EVERY_S = 45.0
_OUTAGE_EVERY_S = 150.0  # of all lines at once
_LONGEST_S = {Way.CUT: 12.0, Way.STALLED: 7.0, Way.DEAF: 2.0, Way.SLOW: 15.0}
_FAILS_OVER_AT = 0.5  # of the time


class Deed(StrEnum):
    """The closed set."""

    LINE = "line"
    OUTAGE = "all lines cut"
    KILL = "kiosk killed"
    POWER = "kiosk without power"
    RECORDS_KILLED = "records killed"
    RECORDS_STOPPED = "records stopped"
    FAIL_OVER = "failover"
    END = "end"


@dataclass(frozen=True, slots=True)
class Act:
    """``at`` and ``lasts``: seconds. ``way``: of a line."""

    at: float
    deed: Deed
    kiosk: int = -1
    lasts: float = 0.0
    way: Way = Way.OPEN

    @property
    def at_records(self) -> bool:
        """Whether it is not about kiosks and their lines: then it takes seconds itself."""
        return self.deed in {Deed.RECORDS_KILLED, Deed.RECORDS_STOPPED, Deed.FAIL_OVER}


def acts(seed: int, kiosks: int, seconds: float, speed: float = 1.0) -> list[Act]:
    """All of a run, in order. ``speed``: below 1, things happen so much more often, and are over the sooner."""
    chance = Random(seed)
    drawn = [
        *_lines(chance, kiosks, seconds, speed),
        *_kiosks(chance, kiosks, seconds, speed),
        *_records(chance, seconds, speed),
        Act(seconds * _FAILS_OVER_AT, Deed.FAIL_OVER, lasts=chance.uniform(0.2, 3.0) * speed),
        Act(seconds, Deed.END),
    ]
    return in_order(drawn)


def in_order(drawn: Iterable[Act]) -> list[Act]:
    """By their time."""
    return sorted(drawn, key=lambda act: act.at)


def _lines(chance: Random, kiosks: int, seconds: float, speed: float) -> Iterator[Act]:
    for at in _moments(chance, seconds, _LINE_EVERY_S * speed / kiosks):
        way = chance.choice(list(_LONGEST_S))
        yield Act(at, Deed.LINE, chance.randrange(kiosks), chance.uniform(0.0, _LONGEST_S[way]) * speed, way)
    for at in _moments(chance, seconds, _OUTAGE_EVERY_S * speed):
        yield Act(at, Deed.OUTAGE, lasts=chance.uniform(2.0, 12.0) * speed)


def _kiosks(chance: Random, kiosks: int, seconds: float, speed: float) -> Iterator[Act]:
    for at in _moments(chance, seconds, _KIOSK_EVERY_S * speed / kiosks):
        deed = chance.choice((Deed.KILL, Deed.POWER))
        yield Act(at, deed, chance.randrange(kiosks), chance.uniform(0.0, 10.0) * speed)


def _records(chance: Random, seconds: float, speed: float) -> Iterator[Act]:
    """The first soon, so that a short run has one."""
    early = seconds * 0.25
    for at in (early, *(early + each for each in _moments(chance, seconds - early, _RECORDS_EVERY_S))):
        deed = chance.choice((Deed.RECORDS_KILLED, Deed.RECORDS_KILLED, Deed.RECORDS_STOPPED)) if at > early else _FIRST
        yield Act(at, deed, lasts=chance.uniform(0.0, 5.0) * speed)


_FIRST = Deed.RECORDS_KILLED


def _moments(chance: Random, seconds: float, every: float) -> Iterator[float]:
    at = chance.expovariate(1 / every)
    while at < seconds:
        yield at
        at += chance.expovariate(1 / every)
