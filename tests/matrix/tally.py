"""Counting what a verifier says: in a module of its own, so that other processes find it."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import product

from forms.verification import Outcome
from tests.matrix.cases import CHANGED, Bench, Way, Wrong, allowed, handed_in, judged, papers


@dataclass(slots=True)
class Tally:
    """What came out so far."""

    outcomes: dict[tuple[Way, Wrong], Counter[Outcome]] = field(default_factory=lambda: defaultdict(Counter))
    seconds: dict[tuple[Way, bool], list[float]] = field(default_factory=lambda: defaultdict(list))
    dishonest: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """What came out elsewhere."""
        for key, counted in other.outcomes.items():
            self.outcomes[key] += counted
        for each, seconds in other.seconds.items():
            self.seconds[each] += seconds
        self.dishonest += other.dishonest
        self.unsure += other.unsure

    def genuine_altered(self) -> int:
        """Genuine papers that were called altered."""
        return sum(self.outcomes[way, Wrong.UNTOUCHED][Outcome.ALTERED] for way in Way)

    def altered_genuine(self) -> int:
        """Altered papers that were called genuine."""
        return sum(self.outcomes[way, wrong][Outcome.GENUINE] for way in Way for wrong in CHANGED)


def tallied(name: str) -> Tally:
    """One paper, in every way, with everything that can be wrong."""
    bench, paper, tally = Bench.made(), papers()[name], Tally()
    for way, wrong in product(Way, Wrong):
        for file, how in handed_in(way, paper, wrong, bench):
            begun = time.process_time()
            verdict = judged(way, file, paper, wrong, bench)
            tally.seconds[way, wrong in {Wrong.UNTOUCHED, *CHANGED}].append(time.process_time() - begun)
            tally.outcomes[way, wrong][verdict.outcome] += 1
            if verdict.outcome not in allowed(wrong):
                tally.dishonest.append(f"{name}, {way}, {wrong} ({how}): {verdict.outcome}. {verdict.why.english}")
            if wrong is Wrong.UNTOUCHED and verdict.outcome is not Outcome.GENUINE:
                compared = ", ".join(each.chinese for each in verdict.compare)
                tally.unsure.append(f"{name}, {way}: {compared}")
    return tally
