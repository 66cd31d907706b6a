"""From which similarity a face counts as one of many, and when no threshold would do: then a face is not offered.

The rate that matters at a gate is ISO/IEC 19795-1's false-positive identification rate (FPIR): of the strangers who
ask, how many are taken for somebody. A stranger is compared with each of N vectors. If comparisons are independent,

    FPIR = 1 - (1 - FMR)^N        so        FMR = 1 - (1 - FPIR)^(1/N)

is the false-match rate that one comparison may have. They are not quite independent (who is like one brother is like
the other), but no dependence makes it worse than N x FMR, which for the rates in use is the same to one part in a
hundred. What the formula can't see is a gallery whose members are more alike than the people of the measurement.

The threshold for that rate comes from rates that were measured with the same models (``OperatingPoints``). Between two
of them the logarithm of the rate is taken to fall in a line; **below the smallest measured rate nothing is assumed**,
and a gallery that needs less is told so. Pure.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from devices.errors import DeviceError

_THREE = 3.0  # errors that a rate needs to have had the chance of, to be stated: the rule of three
_STEP = 1000  # thresholds have three digits


class OperatingPointsError(DeviceError):
    """These measured points contradict themselves or claim more than was measured. ``detail`` says which."""

    code = "operating-points"
    temporary = False


@dataclass(frozen=True, slots=True)
class Point:
    """A similarity, and the false-match rate measured from there on. ``misses``: for each set of the measurement, the
    part of the genuine pairs below it (1 - TAR); None: not measured."""

    false_match_rate: float
    similarity: float
    misses: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class OperatingPoints:
    """What one pack was measured at, the largest rate first. ``pairs``: of impostors that were compared (None: unknown
    here, ``source`` answers for it); ``source``: by whom and on what; ``sets``: names of those that ``misses`` are of.
    Raises OperatingPointsError."""

    points: tuple[Point, ...]
    pairs: int | None
    source: str
    sets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problem = _problem(self)
        if problem:
            raise OperatingPointsError(problem)

    @property
    def smallest_rate(self) -> float:
        """Below it nothing was measured."""
        return self.points[-1].false_match_rate


class Why(StrEnum):
    """Why a face is not offered. For the technician; who stands there sees the other ways."""

    NOT_HERE = "not-here"  # whoever runs the site does not want it at this door
    NO_POINTS = "no-points"  # nothing was measured with this pack
    NOBODY = "nobody"  # no one has given a face
    TOO_MANY = "too-many"  # the gallery needs a smaller rate than was measured
    RESTING = "resting"  # too many strangers have asked just now


@dataclass(frozen=True, slots=True)
class Offer:
    """A face may be compared. ``similarity``: from which on it counts; ``false_match_rate``: of one comparison, that
    this was chosen for; ``fpir``: of one ask; ``vectors``: in the gallery."""

    similarity: float
    false_match_rate: float
    fpir: float
    vectors: int


@dataclass(frozen=True, slots=True)
class NotOffered:
    """It may not."""

    why: Why


@dataclass(frozen=True, slots=True)
class Missed:
    """How many members are not recognised in one picture. ``at_least``: the true part is unmeasured here, and can't be
    less than this."""

    of: str
    rate: float
    at_least: bool


def offered(measured: OperatingPoints | None, fpir: float | None, vectors: int) -> Offer | NotOffered:
    """Whether a face is offered before a gallery of so many vectors. ``fpir``: the policy's, between 0 and 1; None: not
    at this door."""
    if fpir is None:
        return NotOffered(Why.NOT_HERE)
    if measured is None:
        return NotOffered(Why.NO_POINTS)
    if vectors < 1:
        return NotOffered(Why.NOBODY)
    rate = required_rate(fpir, vectors)
    similarity = similarity_for(measured, rate)
    return NotOffered(Why.TOO_MANY) if similarity is None else Offer(similarity, rate, fpir, vectors)


def required_rate(fpir: float, vectors: int) -> float:
    """The false-match rate of one comparison at which ``vectors`` of them give ``fpir``."""
    return -math.expm1(math.log1p(-fpir) / vectors)


def fpir_of(rate: float, vectors: int) -> float:
    """And back."""
    return -math.expm1(vectors * math.log1p(-rate))


def largest_gallery(measured: OperatingPoints, fpir: float) -> int:
    """The most vectors for which a face is offered."""
    return math.floor(math.log1p(-fpir) / math.log1p(-measured.smallest_rate))


def similarity_for(measured: OperatingPoints, rate: float) -> float | None:
    """The threshold for a false-match rate, rounded up to three digits; None: so small a rate was not measured. A rate
    above the largest measured gets the threshold of that one."""
    points = measured.points
    if rate >= points[0].false_match_rate:
        return points[0].similarity
    for loose, strict in pairwise(points):
        if rate >= strict.false_match_rate:
            part = math.log(loose.false_match_rate / rate) / math.log(loose.false_match_rate / strict.false_match_rate)
            return _rounded_up(loose.similarity + part * (strict.similarity - loose.similarity))
    return None


def misses(measured: OperatingPoints, similarity: float) -> tuple[Missed, ...]:
    """What a threshold costs, for each set of the measurement: a line between the points at both sides of it."""
    return tuple(_missed(measured, index, similarity) for index in range(len(measured.sets)))


def _missed(measured: OperatingPoints, index: int, similarity: float) -> Missed:
    """Misses never fall with the threshold: where the next point has none measured, the last one is a lower bound."""
    below = [point for point in measured.points if point.similarity <= similarity] or [measured.points[0]]
    above = [point for point in measured.points if point.similarity > similarity]
    known = [value for point in below if (value := point.misses[index]) is not None]
    last, first = below[-1], above[0] if above else None
    low = last.misses[index]
    if low is not None and last.similarity == similarity:
        return Missed(measured.sets[index], low, at_least=False)
    high = first.misses[index] if first else None
    if low is None or high is None or first is None:
        return Missed(measured.sets[index], max(known, default=0.0), at_least=True)
    part = (similarity - last.similarity) / (first.similarity - last.similarity)
    return Missed(measured.sets[index], low + part * (high - low), at_least=False)


def _rounded_up(similarity: float) -> float:
    return math.ceil(round(similarity * _STEP, 6)) / _STEP


def _problem(measured: OperatingPoints) -> str:
    points = measured.points
    if not points:
        return "none"
    if not all(0 < point.false_match_rate < 1 and -1 < point.similarity < 1 for point in points):
        return "out of range"
    falling = all(one.false_match_rate > two.false_match_rate for one, two in pairwise(points))
    if not falling or not all(one.similarity < two.similarity for one, two in pairwise(points)):
        return "not in order"
    if any(len(point.misses) != len(measured.sets) for point in points):
        return "misses without a set"
    # With fewer pairs a rate is a guess, however small it is written (docs/face-calibration.md).
    unearned = measured.pairs is not None and measured.pairs * points[-1].false_match_rate < _THREE
    return "too few pairs" if unearned else ""
