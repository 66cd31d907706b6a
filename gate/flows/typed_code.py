"""How often a code may be typed wrongly, by whomever. What is shown to the reader or the scanner never waits."""

from dataclasses import dataclass, replace

CODE_DIGITS = 8
MOST_WRONG = 5
WITHIN_S = 60.0
PAUSE_S = 60.0


@dataclass(frozen=True, slots=True)
class Tries:
    """``ages``: seconds since each wrong code; ``pause``: seconds that typing still waits."""

    ages: tuple[float, ...] = ()
    pause: float = 0.0

    @property
    def paused(self) -> bool:
        """Whether typing waits."""
        return self.pause > 0

    def wrong(self) -> "Tries":
        """One more wrong code, now."""
        ages = (*self.ages, 0.0)
        return Tries(pause=PAUSE_S) if len(ages) >= MOST_WRONG else replace(self, ages=ages)

    def later(self, seconds: float) -> "Tries":
        """The same, so many seconds on."""
        older = tuple(age + seconds for age in self.ages)
        return Tries(tuple(age for age in older if age < WITHIN_S), max(0.0, self.pause - seconds))
