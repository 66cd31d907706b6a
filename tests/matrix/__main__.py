"""``make matrix``: hand in every paper in every way, print what the verifier says, write out/verification/table.md.

    python -m tests.matrix [PART OF A PAPER'S NAME …]

Exit status 1: an altered paper was genuine, a genuine one altered, or any other answer that is not honest.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from forms.verification import Outcome
from tests.matrix.cases import CHANGED, Way, Wrong, papers
from tests.matrix.tally import Tally, tallied

_OUT = Path("out/verification/table.md")
_AT_ONCE = 2  # papers
_SCANS = (Way.SCAN_300, Way.SCAN_200)
_SHORT = {
    Outcome.GENUINE: "genuine",
    Outcome.COMPARE: "compare",
    Outcome.ALTERED: "altered",
    Outcome.UNKNOWN_ISSUER: "unknown",
    Outcome.NOT_READABLE: "unread",
}


def main(names: list[str]) -> int:
    """Run and print; the exit status."""
    tally = Tally()
    chosen = [name for name in papers() if not names or any(each in name for each in names)]
    with ProcessPoolExecutor(_AT_ONCE, get_context("spawn")) as pool:
        for name, counted in zip(chosen, pool.map(tallied, chosen), strict=True):
            tally.add(counted)
            print(f"{name} …", file=sys.stderr, flush=True)
    table = "\n".join(_table(tally, chosen))
    _OUT.parent.mkdir(parents=True, exist_ok=True)
    _OUT.write_text(table + "\n", "utf-8")
    print(table)
    return 1 if tally.dishonest else 0


def _table(tally: Tally, names: list[str]) -> Iterator[str]:
    yield f"# Verification matrix\n\nPapers: {', '.join(names)}.\n"
    yield "| | " + " | ".join(Wrong) + " | CPU-s per check |"
    yield "|---" * (len(Wrong) + 2) + "|"
    for way in Way:
        cells = (_cell(tally.outcomes[way, wrong]) for wrong in Wrong)
        yield f"| {way} | " + " | ".join(cells) + f" | {_mean(tally.seconds[way, True])} |"
    pictures = [way for way in Way if way is not Way.PDF]
    for what, ways, wrongs in (
        ("untouched pictures", pictures, (Wrong.UNTOUCHED,)),
        ("untouched scans", _SCANS, (Wrong.UNTOUCHED,)),
        ("changed pictures", pictures, CHANGED),
    ):
        counted = sum((tally.outcomes[way, wrong] for way in ways for wrong in wrongs), Counter[Outcome]())
        share = counted[Outcome.COMPARE] / max(counted.total(), 1)
        yield f"\nShare of `compare` among {what}: {share:.0%} of {counted.total()}."
    quick = [second for (_, read), each in tally.seconds.items() if not read for second in each]
    yield f"\nAltered papers called genuine: {tally.altered_genuine()}."
    yield f"Genuine ones called altered: {tally.genuine_altered()}."
    yield f"Void, expired and foreign ones take {_mean(quick)} s."
    yield "\nUntouched pictures that are for a person to compare:\n"
    yield from (f"- {each}" for each in tally.unsure)
    yield from (f"- NOT HONEST: {each}" for each in tally.dishonest)


def _cell(counted: Counter[Outcome]) -> str:
    return ", ".join(f"{number} {_SHORT.get(outcome, outcome)}" for outcome, number in counted.most_common())


def _mean(seconds: list[float]) -> str:
    return f"{sum(seconds) / max(len(seconds), 1):.2f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
