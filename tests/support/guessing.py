"""Somebody at a kiosk who types numbers that are not theirs, at the kiosk's own desks and a real records process.

The face is a vector of somebody else; all from the moment a live face was found is real: portrait, comparison with the
models, statement, answer.
"""

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from typing import Any

import requests

from backend_client.session import RecordsSession
from civic.id_number import check_character
from kiosk.flows import identity as who
from kiosk.services.memory import VisitMemory
from tests.support.identification import Counter
from tests.support.moved_clock import MovedClock

_CHANGING = frozenset({"date", "x-request-id"})  # of an answer's headers


@dataclass
class Guess:
    """One wrong guess. ``waits``: what the kiosk said before it got through; ``at``: seconds from the first guess."""

    waits: list[int]
    at: float


@dataclass
class Guesser:
    """Stays at one kiosk, and tries again the very second it lets them."""

    desk: Counter
    clock: MovedClock
    guesses: list[Guess] = field(default_factory=list)
    _began: datetime | None = None

    def guess(self, number: str) -> Guess:
        """One guess gets through, whatever it has to wait."""
        self._began = self._began or self.clock.now()
        memory, waits = VisitMemory(), []
        while isinstance(answer := self.desk.come(memory, number), who.Slowed):
            waits.append(answer.seconds)
            self.clock.pass_by(answer.seconds)
        assert isinstance(answer, who.Identified)
        assert self.desk.face(memory) == who.FaceDecided(who.FaceResult.NOT_CONFIRMED)
        memory.forget()
        self.guesses.append(Guess(waits, (self.clock.now() - self._began).total_seconds()))
        return self.guesses[-1]

    def per_hour(self) -> list[int]:
        """How many got through in each hour."""
        hours = [int(guess.at // 3600) for guess in self.guesses]
        return [hours.count(hour) for hour in range(hours[-1] + 1)]


class Patience(Event):
    """What a desk waits with: remembers for how long, and when; ``real``: waits indeed."""

    def __init__(self, now: Callable[[], float], *, real: bool) -> None:
        super().__init__()
        self._now = now
        self.real = real
        self.began_at = 0.0
        self.asked = 0.0

    def wait(self, timeout: float | None = None) -> bool:
        """Wait, or only say so."""
        self.began_at, self.asked = self._now(), timeout or 0.0
        return super().wait(timeout) if self.real else False


@dataclass(frozen=True)
class Heard:
    """All that can be told apart in an answer of records but its moment."""

    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    size: int


class Wire:
    """What records answered, in order."""

    def __init__(self, session: RecordsSession) -> None:
        self.heard: list[Heard] = []
        session._transport._session.hooks["response"].append(self._listen)

    def take(self) -> tuple[Heard, ...]:
        """What was heard since the last time."""
        taken = tuple(self.heard)
        self.heard.clear()
        return taken

    def _listen(self, answer: requests.Response, *_: Any, **__: Any) -> None:
        headers = tuple(sorted((name.lower(), value) for name, value in answer.headers.items()))
        kept = tuple(each for each in headers if each[0] not in _CHANGING)
        path = answer.request.path_url.rpartition("/")[2]
        self.heard.append(Heard(path, answer.status_code, kept, len(answer.content)))


def made_up_number(serial: int) -> str:
    """A number that keeps its own rules and that nobody has."""
    digits = f"99010119700101{serial:03}"
    return digits + check_character(digits)


def rank_z(first: list[float], second: list[float]) -> float:
    """Mann and Whitney's statistic in standard deviations; within -2 and 2 the two can't be told apart."""
    ranked = sorted((*((each, True) for each in first), *((each, False) for each in second)))
    ranks = sum(rank for rank, (_, of_first) in enumerate(ranked, start=1) if of_first)
    n, m = len(first), len(second)
    mean, deviation = n * (n + m + 1) / 2, math.sqrt(n * m * (n + m + 1) / 12)
    return (ranks - mean) / deviation


def in_ms(times: list[float]) -> str:
    """Median and the middle half."""
    low, _, high = statistics.quantiles(times, n=4)
    return f"{statistics.median(times) * 1000:7.1f} ms ({low * 1000:.1f} to {high * 1000:.1f})"
