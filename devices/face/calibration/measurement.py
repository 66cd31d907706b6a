"""Runs the kiosk's own engine and passive check over recordings, and keeps numbers.

A trial is looked at as an attempt is: the first five frames that are good enough to be compared give one mean vector
and one mean passive score. A trial without such a frame got no response. Pictures and vectors stay in RAM, and end with
the run.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from devices.camera.api import Image
from devices.face.api import Face, FaceEngine, PassiveCheck, PortraitProblem, Vector, similarity
from devices.face.calibration.rates import PairScores
from devices.face.calibration.recordings import Person, RecordingError, Recordings, frames
from devices.face.calibration.results import Comparisons, Measurement, Presentations

_LOOK = 5  # good frames: as many as one look of an attempt has
_PROBLEMS = {
    PortraitProblem.UNREADABLE: "it can't be read as a picture. Save it as JPEG",
    PortraitProblem.NO_FACE: "no face is found in it. Use a portrait as records keep it: straight, evenly lit",
    PortraitProblem.SEVERAL_FACES: "there are several faces in it. Cut it to the one person",
}


@dataclass(frozen=True, slots=True)
class _Look:
    vector: Vector
    passive: float | None


@dataclass(frozen=True, slots=True)
class Examiner:
    """What looks at the trials. ``usable``: whether a frame's face is good enough, by the kiosk's own rules."""

    engine: FaceEngine
    passive: PassiveCheck | None
    usable: Callable[[Image, Sequence[Face]], bool]

    def measure(self, recordings: Recordings, tell: Callable[[str], None]) -> Measurement:
        """Everything, person by person; ``tell`` hears a line for each. Raises RecordingError."""
        references = [self._reference(person) for person in recordings.genuine]
        looks = list(self._each(recordings.genuine, "genuine", tell))
        attacks = {
            species: _presentations(persons, list(self._each(persons, species, tell)))
            for species, persons in recordings.attacks.items()
        }
        return Measurement(_presentations(recordings.genuine, looks), attacks, _compared(references, looks))

    def _each(self, persons: Sequence[Person], kind: str, tell: Callable[[str], None]) -> Iterator[list[_Look | None]]:
        for number, person in enumerate(persons, start=1):
            looks = [self._look(trial) for trial in person.trials]
            usable = sum(look is not None for look in looks)
            tell(f"{kind}: person {number} of {len(persons)}, {usable} of {len(looks)} trials with a usable face")
            yield looks

    def _look(self, trial: Path) -> _Look | None:
        good = list(itertools.islice(self._good(trial), _LOOK))
        if not good:
            return None
        mean = np.sum([self.engine.vector(image, face) for image, face, _ in good], axis=0)
        passive = float(np.mean([score for *_, score in good])) if self.passive else None
        return _Look(cast("Vector", mean / np.linalg.norm(mean)), passive)

    def _good(self, trial: Path) -> Iterator[tuple[Image, Face, float]]:
        """As in an attempt, a face that the passive check can't judge is no good one."""
        for image in frames(trial):
            faces = self.engine.find_faces(image)
            if not self.usable(image, faces):
                continue
            score = self.passive.score(image, faces[0]) if self.passive else 0.0
            if score is not None:
                yield image, faces[0], score

    def _reference(self, person: Person) -> Vector:
        if person.reference is None:
            raise ValueError("an attack has no reference")
        vector = self.engine.portrait_vector(person.reference.read_bytes())
        if isinstance(vector, PortraitProblem):
            where = "/".join(person.reference.parts[-3:])
            raise RecordingError(f"{where}: {_PROBLEMS[vector]}.")
        return vector


def _presentations(persons: Sequence[Person], looks: list[list[_Look | None]]) -> Presentations:
    usable = [look for of_one in looks for look in of_one if look is not None]
    scores = [look.passive for look in usable if look.passive is not None]
    return Presentations(len(persons), sum(map(len, looks)), len(usable), np.array(scores, np.float64))


def _compared(references: list[Vector], looks: list[list[_Look | None]]) -> Comparisons:
    genuine, impostors, highest = [], [], dict[tuple[int, int], float]()
    for person, of_one in enumerate(looks):
        for look in filter(None, of_one):
            for other, reference in enumerate(references):
                likeness = similarity(look.vector, reference)
                if other == person:
                    genuine.append(likeness)
                    continue
                impostors.append(likeness)
                pair = (min(person, other), max(person, other))
                highest[pair] = max(likeness, highest.get(pair, -1.0))
    pairs = PairScores(np.array(list(highest.values()), np.float64))
    return Comparisons(np.array(genuine, np.float64), np.array(impostors, np.float64), pairs)
