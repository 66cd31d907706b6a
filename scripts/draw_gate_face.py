"""Write the tables of docs/face-at-the-gate.md from the threshold rule, and print them: ``python -m
scripts.draw_gate_face``.

A test fails where the committed page differs. What stands around the tables is written by hand.
"""

import math
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from devices.face.identification import (
    Missed,
    NotOffered,
    OperatingPoints,
    Point,
    fpir_of,
    largest_gallery,
    misses,
    offered,
    required_rate,
)
from devices.face.operating_points import SFACE

PAGE = Path(__file__).resolve().parent.parent / "docs" / "face-at-the-gate.md"
BEGINS, ENDS = "<!-- drawn: {} -->\n", "<!-- end -->\n"

_SIZES = (10, 30, 100, 300, 1_005, 3_000, 12_000)
_FPIRS = (0.01, 0.001)
_LAST = (1e-5, 1e-6, 1e-7, 1e-8)
_THREE = 3
_TAIL = 0.025  # outside of a 95 % interval, at each end


def draw() -> str:
    """The page, with the tables as the code has them."""
    page = PAGE.read_text("utf-8")
    for name, table in (("sizes", sizes()), ("sure", sure()), ("largest", largest())):
        head, begins, rest = page.partition(BEGINS.format(name))
        _, ends, tail = rest.partition(ENDS)
        page = head + begins + "".join(table) + ends + tail
    return page


def sizes() -> Iterator[str]:
    """What the default pack makes of a gallery: threshold, misses, whether a face is offered."""
    yield _row("FPIR", "vectors", "FMR needed", "threshold", *(f"missed, {name}" for name in SFACE.sets), "offered")
    yield _row(*["---"] * (5 + len(SFACE.sets)))
    for fpir in _FPIRS:
        for size in _SIZES:
            yield _row(_percent(fpir), f"{size:,}", f"{required_rate(fpir, size):.1e}", *_answer(fpir, size))


def sure() -> Iterator[str]:
    """How well each rate is known, by the pairs it was counted from; and what that makes of the largest gallery."""
    yield _row("rate measured", "pairs that reached the threshold", "95 % interval of the rate", "vectors", "true FPIR")
    yield _row(*["---"] * 5)
    for point in SFACE.points:
        count = round(point.false_match_rate * (SFACE.pairs or 0))
        low, high = (expected / (SFACE.pairs or 1) for expected in interval(count))
        most = _largest(point.false_match_rate, _FPIRS[0])
        fpirs = f"{_percent(fpir_of(low, most))} to {_percent(fpir_of(high, most))}"
        yield _row(f"{point.false_match_rate:.0e}", f"{count:,}", f"{low:.1e} to {high:.1e}", f"{most:,}", fpirs)


@cache
def interval(count: int) -> tuple[float, float]:
    """What was to be expected, with 95 % confidence, where ``count`` was seen: Garwood's, exact of a Poisson mean."""
    low = _crossing(lambda mean: 1 - _at_most(count - 1, mean) - _TAIL, count)
    return low, _crossing(lambda mean: _TAIL - _at_most(count, mean), 2 * count + 10)


def _at_most(count: int, mean: float) -> float:
    """P(X <= count) of a Poisson variable."""
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))


def _crossing(rising: Callable[[float], float], high: float) -> float:
    """Where it is zero, between 0 and ``high``."""
    low = 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return high


def largest() -> Iterator[str]:
    """How large a gallery may be, by the smallest false-match rate that a pack was measured at."""
    yield _row("smallest rate measured", "pairs that takes at least", *(f"at FPIR {_percent(fpir)}" for fpir in _FPIRS))
    yield _row(*["---"] * (2 + len(_FPIRS)))
    for rate in _LAST:
        most = (f"{_largest(rate, fpir):,}" for fpir in _FPIRS)
        yield _row(f"{rate:.0e}", f"{round(_THREE / rate):,}", *most)


def _largest(rate: float, fpir: float) -> int:
    """Of a pack with this one point; from which similarity on, does not matter."""
    return largest_gallery(OperatingPoints((Point(rate, 0.5),), None, "any"), fpir)


def _answer(fpir: float, size: int) -> tuple[str, ...]:
    answer = offered(SFACE, fpir, size)
    if isinstance(answer, NotOffered):
        last = SFACE.points[-1]
        instead = f"no: at {last.similarity:.3f} it would be {_percent(fpir_of(last.false_match_rate, size))}"
        return ("-", *("-" for _ in SFACE.sets), instead)
    return f"{answer.similarity:.3f}", *(_missed(each) for each in misses(SFACE, answer.similarity)), "yes"


def _missed(each: Missed) -> str:
    return f"{'over ' if each.at_least else ''}{100 * each.rate:.3g} %"


def _percent(part: float) -> str:
    return f"{100 * part:.2g} %"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    print("".join(sizes()))
    print("".join(sure()))
    print("".join(largest()))
    PAGE.write_text(draw(), "utf-8")
