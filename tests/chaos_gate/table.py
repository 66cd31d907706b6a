"""What was done to a community's gates, who came, and what became of it."""

from collections.abc import Iterable, Iterator, Sequence

from tests.chaos_gate.life import MISS_RATE
from tests.chaos_gate.run import Outcome

_WIDTH = 60
_MIB = 2**20


def table(outcome: Outcome) -> str:
    """For whoever reads the terminal."""
    done = [_line(what, count) for what, count in sorted(outcome.done.items())]
    shown = [_line(what, count) for what, count in sorted(outcome.counts.items())]
    return "\n".join(
        ["what happened", *done, "", "at the doors", *shown, "", *_figures(outcome), "", *_verdict(outcome)]
    )


def _line(what: str, count: int) -> str:
    return f"  {what:{_WIDTH}}{count:8}"


def _figures(outcome: Outcome) -> Iterator[str]:
    yield "figures"
    yield f"  {_faces(outcome)}"
    yield f"  the largest store, MiB, by day: {_by_day(outcome.sizes)}"
    yield f"  passes in it: {' '.join(map(str, outcome.passes))}"
    yield f"  memory of all gates' SQLite, MiB, by day: {_by_day(outcome.sqlite)}"
    yield f"  memory of this process, MiB, by day: {_by_day(outcome.memory)}"
    yield f"  passes left after a quiet month: {outcome.left}"
    yield f"  it took {outcome.seconds:.0f} s, {outcome.worked:.0f} s of a processor"


def _by_day(sizes: Sequence[int]) -> str:
    """Each, and by how much it grew on a day of the second half, when what is needed once is there."""
    half = sizes[len(sizes) // 2 :]
    growth = f"; {(half[-1] - half[0]) / _MIB / (len(half) - 1):+.2f} a day at last" if len(half) > 1 else ""
    return f"{_joined(size / _MIB for size in sizes)}{growth}"


def _joined(sizes: Iterable[float]) -> str:
    return " ".join(f"{size:.1f}" for size in sizes)


def _faces(outcome: Outcome) -> str:
    """A known face that was asked for, and by chance not found: nothing else may refuse somebody."""
    missed = outcome.counts["a face that was not found (by chance)"]
    asked = outcome.counts["a face that was asked for"]
    rate = f"{100 * missed / asked:.1f}" if asked else "-"
    return f"known faces not found: {missed} of {asked}, {rate} in 100; stated: {100 * MISS_RATE:.1f}"


def _verdict(outcome: Outcome) -> list[str]:
    if not outcome.wrong and not outcome.left:
        return ["Nobody in without a right, nobody with a right kept out, nobody kept in."]
    return [f"WRONG, gate {number}: {each}" for number, wrong in outcome.wrong.items() for each in wrong]
