"""What a line of print says: an ONNX text recogniser (PaddleOCR's PP-OCRv6, CTC), the one that reads passports too.

It answers with a probability for each of 18,708 characters in each narrow column of the line; where the first of its
outputs, the blank, is not the likeliest, a character stands. What it has never seen, it takes for something that it
knows: a reading is a proposal, and forms.scan.shapes looks at the ink again.
"""

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from civic.assets import third_party
from forms.errors import AssetsMissingError
from forms.scan.registration import Grey

MODEL: Final = "mrz/recogniser.onnx"
LINE_HEIGHT: Final = 48  # pixels: what the network was trained on
_INK_SHARE = 0.72  # of that height
_NARROWEST, _WIDEST = 48, 2400
_COLUMN = 8  # pixels of the line to one column of the answer
_CHOICES = 4  # how many readings of a character are kept


@dataclass(frozen=True, slots=True, repr=False)
class Character:
    """One character of a line. ``place``: its middle, from 0 to 1 along the line; ``others``: what else it might be."""

    text: str
    certainty: float
    place: float
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """A line as it was read, without white space."""

    characters: tuple[Character, ...] = ()

    @property
    def text(self) -> str:
        """The likeliest text."""
        return "".join(each.text for each in self.characters)

    @property
    def certainty(self) -> float:
        """That of the least certain character; 0 where nothing was read."""
        return min((each.certainty for each in self.characters), default=0.0)


class Recogniser:
    """The network, loaded: a tenth of a second. Thread-safe."""

    def __init__(self, model: Path) -> None:
        """Raises AssetsMissingError when the file is missing or is of another kind."""
        import onnxruntime  # noqa: PLC0415 # it takes a moment, and codes are read without it

        if not model.is_file():
            raise AssetsMissingError(model.name)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = (
            1  # two take half as much time again of the processor, and no less of the clock's
        )
        options.log_severity_level = 3  # errors
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors share no public base class
            raise AssetsMissingError(model.name) from error
        listed = self._session.get_modelmeta().custom_metadata_map.get("character", "").splitlines()
        self._characters = ["", *listed, " "]
        self._input = self._session.get_inputs()[0].name

    def knows(self, character: str) -> bool:
        """Whether it could read that character at all."""
        return character in self._known()

    def read(self, line: Grey) -> Reading:
        """What a line (grey, dark on light) says. One by one: together, each would be as long as the longest."""
        made, padding = _fitted(line)
        batch = np.repeat(made.astype(np.float32)[None, None] / 127.5 - 1, 3, axis=1)
        scores = self._session.run(None, {self._input: batch})[0]
        return _unpadded(self._decoded(scores[0], made.shape[1]), padding)

    def _decoded(self, scores: NDArray[np.float32], width: int) -> Reading:
        columns = min(len(scores), -(-width // _COLUMN) + 1)
        best = scores[:columns].argmax(axis=1)
        starts = np.r_[0, np.flatnonzero(np.diff(best)) + 1, columns]
        found = []
        for start, end in pairwise(starts.tolist()):
            if best[start] == 0 or not self._characters[best[start]].strip():
                continue
            top = start + int(scores[start:end, best[start]].argmax())
            order = np.argpartition(scores[top], -_CHOICES)[-_CHOICES:]
            others = tuple(self._characters[each] for each in order if each not in (0, best[start]))
            place = ((start + end) / 2) * _COLUMN / width
            found.append(Character(self._characters[best[start]], float(scores[top, best[start]]), place, others))
        return Reading(tuple(found))

    @cache  # noqa: B019 # one recogniser lives as long as the process
    def _known(self) -> frozenset[str]:
        return frozenset(self._characters)


@cache
def recogniser() -> Recogniser:
    """The recogniser of this installation. Raises AssetsMissingError."""
    return Recogniser(third_party(MODEL))


def _unpadded(reading: Reading, padding: float) -> Reading:
    """The places along the line alone; ``padding``: on each side, as a share of the padded line."""
    share = 1 - 2 * padding
    return Reading(tuple(replace(each, place=(each.place - padding) / share) for each in reading.characters))


def _fitted(line: Grey) -> tuple[Grey, float]:
    """The line at the height of the network, its ink as high as in what the network learned from, paper white; and what
    share of its length was put before and behind it."""
    margin = round(line.shape[0] * (1 / _INK_SHARE - 1) / 2)
    ground = max(int(np.percentile(line, 90)), 1)
    white = np.clip(line.astype(np.float32) * 255 / ground, 0, 255).astype(np.uint8)
    height = line.shape[0] + 2 * margin
    missing = _NARROWEST * height / LINE_HEIGHT - line.shape[1] - 2 * margin
    beside = margin + max(0, round(missing / 2))
    padded = np.pad(white, ((margin, margin), (beside, beside)), constant_values=255)
    width = min(round(padded.shape[1] * LINE_HEIGHT / height), _WIDEST)
    made = Image.fromarray(padded).resize((width, LINE_HEIGHT), Image.Resampling.LANCZOS)
    return np.asarray(made), beside / padded.shape[1]
