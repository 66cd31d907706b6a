"""What was done to a community's gates, who came, and what became of it."""

from tests.chaos_gate.run import Outcome

_WIDTH = 60


def table(outcome: Outcome) -> str:
    """For whoever reads the terminal."""
    done = [_line(what, count) for what, count in sorted(outcome.done.items())]
    shown = [_line(what, count) for what, count in sorted(outcome.counts.items())]
    return "\n".join(
        ["what happened", *done, "", "at the doors", *shown, "", *_figures(outcome), "", *_verdict(outcome)]
    )


def _line(what: str, count: int) -> str:
    return f"  {what:{_WIDTH}}{count:8}"


def _figures(outcome: Outcome) -> list[str]:
    sizes = [f"{size / 2**20:.1f}" for size in outcome.sizes]
    memory = [f"{size / 2**10:.0f}" for size in outcome.memory]
    return [
        "figures",
        f"  the largest store, MiB, by day: {' '.join(sizes)}",
        f"  this process at most, MiB, by day: {' '.join(memory)}",
        f"  passes left after a quiet month: {outcome.left}",
        f"  it took {outcome.seconds:.0f} s",
    ]


def _verdict(outcome: Outcome) -> list[str]:
    if not outcome.wrong and not outcome.left:
        return ["Nobody in without a right, nobody with a right kept out."]
    return [f"WRONG, gate {number}: {each}" for number, wrong in outcome.wrong.items() for each in wrong]
