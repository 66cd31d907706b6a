"""What was measured, and the rates that follow from it, as ISO/IEC 30107-3:2023 and ISO/IEC 19795-1 name them.

Classification errors (APCER, BPCER) are counted among the trials that got a response, non-responses (APNRR, BPNRR)
among all. For attacks that is the stricter way: a trial without a response does not make APCER smaller.
"""

from dataclasses import dataclass

import numpy as np

from devices.face.calibration.rates import PairScores, Rate, Scores, Stated
from devices.face.calibration.recordings import RecordingNote


@dataclass(frozen=True, slots=True)
class Presentations:
    """Trials of one kind. ``usable``: those with a face that is good enough. ``scores``: the passive score of each that
    got one."""

    persons: int
    trials: int
    usable: int
    scores: Scores

    def accepted(self, threshold: float) -> Rate:
        """Taken for live: of attacks, that is APCER."""
        return Rate(int(np.count_nonzero(self.scores >= threshold)), len(self.scores))

    def rejected(self, threshold: float) -> Rate:
        """Taken for an attack: of genuine trials, that is BPCER."""
        return Rate(int(np.count_nonzero(self.scores < threshold)), len(self.scores))

    @property
    def silent(self) -> Rate:
        """No response: APNRR of attacks, BPNRR of genuine trials."""
        return Rate(self.trials - len(self.scores), self.trials)


@dataclass(frozen=True, slots=True)
class Comparisons:
    """``genuine``: similarity of each usable trial to its own person's reference. ``impostors``: to those of others.
    ``pairs``: the highest of the latter for each two persons."""

    genuine: Scores
    impostors: Scores
    pairs: PairScores

    def matched(self, threshold: float) -> Rate:
        """The false-match rate (FMR)."""
        return Rate(int(np.count_nonzero(self.impostors >= threshold)), len(self.impostors))

    def missed(self, threshold: float) -> Rate:
        """The false-non-match rate (FNMR)."""
        return Rate(int(np.count_nonzero(self.genuine < threshold)), len(self.genuine))


@dataclass(frozen=True, slots=True)
class Measurement:
    """All that is left of the recordings. ``attacks``: by species of attack instrument."""

    genuine: Presentations
    attacks: dict[str, Presentations]
    comparisons: Comparisons

    def worst(self, threshold: float) -> tuple[str, Rate] | None:
        """The species with the highest APCER; of equal ones that of which less is known. None: none got a response."""
        found = [(species, shown.accepted(threshold)) for species, shown in self.attacks.items() if len(shown.scores)]
        return max(found, key=lambda each: (each[1].errors / each[1].trials, each[1].upper)) if found else None


@dataclass(frozen=True, slots=True)
class Settings:
    """What it was measured with. ``model``: of the pack. ``rate``: the false-match rate that a threshold is wanted for.
    ``passive_model`` "": there was none."""

    model: str
    rate: float
    passive_model: str
    passive_threshold: float


@dataclass(frozen=True, slots=True)
class Run:
    """One run over one folder. Nothing of it belongs to a person."""

    note: RecordingNote
    settings: Settings
    measured: Measurement

    @property
    def stated(self) -> Stated | None:
        """The threshold for the wanted rate. None: it can't be stated, or nothing can, the recordings being made up."""
        return None if self.note.synthetic else self.measured.comparisons.pairs.stated(self.settings.rate)

    @property
    def has_passive(self) -> bool:
        """Whether there are rates of the passive check, of attacks and of genuine trials."""
        judged = len(self.measured.genuine.scores) > 0 and self.measured.worst(self.settings.passive_threshold)
        return bool(judged) and not self.note.synthetic
