"""What a line of print says, character by character: an ONNX text recogniser (PaddleOCR's, CTC), held to the alphabet
of machine-readable zones.

The network gives a probability for each of thousands of characters in each narrow column of the line; where the first
of them, the blank, is not the likeliest, a character stands. Zones are printed at a fixed pitch, so a gap of two or
more pitches means that faint fillers were overlooked, and they are put back.
"""

import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]  # height x width
Scores = NDArray[np.float32]  # characters x len(ALPHABET)

LINE_HEIGHT = 48  # pixels: what the network was trained on
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
_FILLER = ALPHABET.index("<")
_LOOKALIKES = {"«": "<", "‹": "<", "〈": "<", "《": "<", "く": "<", "З": "3", "О": "O"}
_THREADS = 1  # per inference: two take more of the processor and no less of the clock's time
_ONE_STEP = 1.5  # medians: a longer step leads over a gap
_FEWEST = 8  # characters: less is no line of a zone


class Recogniser:
    """``model``: the network's file, whose metadata list its characters. Loading takes a tenth of a second."""

    def __init__(self, model: Path) -> None:
        """Raises what onnxruntime raises, or ValueError for a network of another kind."""
        import onnxruntime  # noqa: PLC0415 - it takes a moment, and the screen should not wait for it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        options.log_severity_level = 3  # errors
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # leave the cores alone between frames
        self._session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        listed = self._session.get_modelmeta().custom_metadata_map.get("character", "").splitlines()
        if not listed:
            raise ValueError("the network does not say which characters it knows")
        self._columns = _columns_of(["", *listed])  # the blank comes first
        self._input = self._session.get_inputs()[0].name

    def read(self, line: Grey) -> Scores:
        """The characters of a level line (LINE_HEIGHT high), left to right: each one's score per letter of ALPHABET."""
        scaled = line.astype(np.float32) / 127.5 - 1
        answer = self._session.run(None, {self._input: np.repeat(scaled[None, None], 3, axis=1)})[0][0]
        scores = np.stack([answer[:, columns].max(axis=1) for columns in self._columns], axis=1)
        return spaced(*_characters(scores, answer[:, 0]))


def _columns_of(characters: list[str]) -> list[NDArray[np.intp]]:
    """For each letter of ALPHABET, the network's outputs that mean it: lower case and full width too."""
    folded = [_LOOKALIKES.get(c, unicodedata.normalize("NFKC", c).upper()) for c in characters]
    return [np.flatnonzero([one == letter for one in folded]) for letter in ALPHABET]


def _characters(scores: Scores, blank: NDArray[np.float32]) -> tuple[Scores, NDArray[np.float64]]:
    """One row for each run of columns that mean the same character, and where it stands, in columns."""
    best = np.where(scores.max(axis=1) >= blank, scores.argmax(axis=1), -1)
    ends = [0, *(np.flatnonzero(np.diff(best)) + 1), len(best)]
    runs = [(start, end) for start, end in pairwise(ends) if best[start] >= 0]
    rows = [scores[start:end].max(axis=0) for start, end in runs]
    places = [(start + end - 1) / 2 for start, end in runs]
    return np.array(rows, np.float32).reshape(-1, len(ALPHABET)), np.array(places, np.float64)


def spaced(scores: Scores, places: NDArray[np.float64]) -> Scores:
    """The same characters with the fillers that were overlooked between them."""
    if len(places) < _FEWEST:
        return scores
    steps = np.diff(places)
    pitch = steps[steps <= _ONE_STEP * np.median(steps)].mean()
    missing = np.maximum(np.rint(steps / pitch).astype(int) - 1, 0)
    filler = np.zeros((1, len(ALPHABET)), np.float32)
    filler[0, _FILLER] = 1
    rows = [scores[:1]]
    for row, gap in zip(scores[1:], missing, strict=True):
        rows += [filler] * int(gap) + [row[None]]
    return cast("Scores", np.concatenate(rows))
