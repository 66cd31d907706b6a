"""The outcomes as a table."""

from collections import Counter
from collections.abc import Callable, Iterable

from tests.chaos.judge import Verdict
from tests.chaos.plan import Round

Played = list[tuple[Round, Verdict]]
OUTCOMES = ("no serial", "void, no paper", "void, paper out", "delivered")


def table(played: Played) -> str:
    """By how the kiosk ended, by the printer's fault, by what became of the line, by the medium."""
    parts = (
        ("the kiosk's end", lambda plan: str(plan.interruption)),
        ("its printer", lambda plan: f"{plan.medium}: {plan.fault}"),
        ("the line", lambda plan: str(plan.line)),
        ("paper", lambda plan: f"{plan.kind}{', later' * plan.later}"),
    )
    return "\n".join(_part(title, played, name) for title, name in parts)


def summary(played: Played) -> str:
    """What must be zero, and the longest exposure."""
    wrong = [(plan, each) for plan, verdict in played for each in verdict.wrong]
    lines = [f"round {plan.number}: {each}" for plan, each in wrong]
    worst, at = max(((verdict.exposed_s, plan.number) for plan, verdict in played), default=(0.0, 0))
    lines.append(
        f"{len(played)} rounds, {len(wrong)} of them wrong." if wrong else f"{len(played)} rounds, none wrong."
    )
    lines.append(
        f"Longest time from a void paper coming out to records calling it void: {worst:.2f} real seconds (round {at}); "
        "the kiosk is started again at once, so this is its start, the line's return and one round of sync."
    )
    return "\n".join(lines)


def _part(title: str, played: Played, name: Callable[[Round], str]) -> str:
    counts: dict[str, Counter[str]] = {}
    for plan, verdict in played:
        counts.setdefault(name(plan), Counter())[verdict.outcome] += 1
    head = f"{title:32}" + "".join(f"{outcome:>17}" for outcome in OUTCOMES)
    return "\n".join([head, *_rows(counts.items())]) + "\n"


def _rows(counts: Iterable[tuple[str, Counter[str]]]) -> list[str]:
    return [f"  {what:30}" + "".join(f"{found[each]:17}" for each in OUTCOMES) for what, found in sorted(counts)]
