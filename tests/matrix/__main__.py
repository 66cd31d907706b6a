"""``make matrix``: hand in every paper in every way, print what the verifier says, write out/verification/table.md.

    python -m tests.matrix [PART OF A PAPER'S NAME …]

Exit status 1: an altered paper was genuine, a genuine one altered, or any other answer that is not honest.
"""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from forms.verification import Outcome
from tests.matrix.cases import CHANGED, Bench, Way, Wrong, allowed, handed_in, judged, papers

_OUT = Path("out/verification/table.md")
_SHORT = {
    Outcome.GENUINE: "genuine",
    Outcome.COMPARE: "compare",
    Outcome.ALTERED: "altered",
    Outcome.UNKNOWN_ISSUER: "unknown",
    Outcome.NOT_READABLE: "unread",
}


@dataclass(slots=True)
class Tally:
    """What came out so far."""

    outcomes: dict[tuple[Way, Wrong], Counter[Outcome]] = field(default_factory=lambda: defaultdict(Counter))
    seconds: dict[tuple[Way, bool], list[float]] = field(default_factory=lambda: defaultdict(list))
    dishonest: list[str] = field(default_factory=list)

    def genuine_altered(self) -> int:
        """Genuine papers that were called altered."""
        return sum(self.outcomes[way, Wrong.UNTOUCHED][Outcome.ALTERED] for way in Way)

    def altered_genuine(self) -> int:
        """Altered papers that were called genuine."""
        return sum(self.outcomes[way, wrong][Outcome.GENUINE] for way in Way for wrong in CHANGED)


def main(names: list[str]) -> int:
    """Run and print; the exit status."""
    bench, tally = Bench.made(), Tally()
    chosen = {name: paper for name, paper in papers().items() if not names or any(each in name for each in names)}
    for name, paper in chosen.items():
        for way in Way:
            for wrong in Wrong:
                for file, how in handed_in(way, paper, wrong, bench):
                    begun = time.perf_counter()
                    verdict = judged(file, paper, wrong, bench)
                    tally.seconds[way, wrong in {Wrong.UNTOUCHED, *CHANGED}].append(time.perf_counter() - begun)
                    tally.outcomes[way, wrong][verdict.outcome] += 1
                    if verdict.outcome not in allowed(wrong):
                        tally.dishonest.append(
                            f"{name}, {way}, {wrong} ({how}): {verdict.outcome}. {verdict.why.english}"
                        )
        print(f"{name} …", file=sys.stderr, flush=True)
    table = "\n".join(_table(tally, list(chosen)))
    _OUT.parent.mkdir(parents=True, exist_ok=True)
    _OUT.write_text(table + "\n", "utf-8")
    print(table)
    return 1 if tally.dishonest else 0


def _table(tally: Tally, names: list[str]) -> Iterator[str]:
    yield f"# Verification matrix\n\nPapers: {', '.join(names)}.\n"
    yield "| | " + " | ".join(Wrong) + " | s per check |"
    yield "|---" * (len(Wrong) + 2) + "|"
    for way in Way:
        cells = (_cell(tally.outcomes[way, wrong]) for wrong in Wrong)
        yield f"| {way} | " + " | ".join(cells) + f" | {_mean(tally.seconds[way, True])} |"
    pictures = [way for way in Way if way is not Way.PDF]
    for what, wrongs in (("untouched", (Wrong.UNTOUCHED,)), ("changed", CHANGED)):
        counted = sum((tally.outcomes[way, wrong] for way in pictures for wrong in wrongs), Counter[Outcome]())
        share = counted[Outcome.COMPARE] / max(counted.total(), 1)
        yield f"\nShare of `compare` among {what} pictures: {share:.0%} of {counted.total()}."
    quick = [second for (_, read), each in tally.seconds.items() if not read for second in each]
    yield f"\nAltered papers called genuine: {tally.altered_genuine()}."
    yield f"Genuine ones called altered: {tally.genuine_altered()}."
    yield f"Void, expired and foreign ones take {_mean(quick)} s."
    yield from (f"- NOT HONEST: {each}" for each in tally.dishonest)


def _cell(counted: Counter[Outcome]) -> str:
    return ", ".join(f"{number} {_SHORT.get(outcome, outcome)}" for outcome, number in counted.most_common())


def _mean(seconds: list[float]) -> str:
    return f"{sum(seconds) / max(len(seconds), 1):.2f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
