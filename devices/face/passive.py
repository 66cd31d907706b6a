"""Passive anti-spoofing: one frame, one probability that it shows skin and not paper or a screen.

The model is the operator's own ONNX file, under InsightFace's contract for liveness models (insightface 2.x,
``insightface.addons.Liveness``): float32 [N, 3, 80, 80], RGB from 0 to 1, aligned by five landmarks -> float32 [N],
the probability of a live face. The adapter refuses a face of whose crop more than 30 % lies outside the picture.
InsightFace can also fetch a model of its own; that is never asked for, so nothing is downloaded here.

What such a model is worth is measured by the operator (devices.face.calibration). It is a second signal beside the
active challenge, never instead of it.
"""

import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devices.camera.api import Image
from devices.errors import DeviceMisconfiguredError
from devices.face.api import Face, PassiveCheck

DEFAULT_THRESHOLD = 0.8  # the adapter's own
BROKEN = "broken-passive-model"
_THREADS = 1  # a model of this size is not quicker on more
_APART = 1.0  # pixels; nearer, the eyes are one point, and align nothing
_TRIAL = np.array([[140, 140], [180, 140], [160, 163], [144, 186], [176, 186]], np.float32)


class InsightFacePassiveCheck:
    """A PassiveCheck. ``model_file``: the operator's. ``threshold``: from which score on a face counts as live."""

    def __init__(self, model_file: Path, threshold: float = DEFAULT_THRESHOLD) -> None:
        self.threshold = threshold
        self.model = model_file.stem
        self._file = model_file
        self._adapter: Any = None
        self._loading = threading.Lock()

    def load(self) -> None:
        """Load and try the model, once. Raises DeviceMisconfiguredError (``broken-passive-model``) when it is missing,
        no model, or not under the contract; a model that is put right is loaded by the next call."""
        with self._loading:
            if self._adapter is None:
                self._adapter = self._loaded()

    def score(self, image: Image, face: Face) -> float | None:
        """0 to 1, higher is more alive; None when this face can't be judged. Loads the model if nobody did.

        ``image`` height x width x 3, BGR. Raises DeviceMisconfiguredError (``broken-passive-model``): its answer is
        no probability.
        """
        self.load()
        if not _can_be_aligned(face.landmarks):
            return None
        return _predict(self._adapter, image, face.landmarks)

    def _loaded(self) -> Any:  # noqa: ANN401 - InsightFace has no types
        # Imported here: they take a second, and the screen should not wait for them.
        import onnxruntime  # noqa: PLC0415
        from insightface.addons import Liveness  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        options.log_severity_level = 4  # what it would print, we raise
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            adapter = Liveness(
                model_file=self._file,
                threshold=self.threshold,
                providers=["CPUExecutionProvider"],
                sess_options=options,
            )
        except Exception as error:  # onnxruntime's errors share no base class with the adapter's
            raise DeviceMisconfiguredError(BROKEN) from error
        _predict(adapter, np.full((320, 320, 3), 128, np.uint8), _TRIAL)
        return adapter


def passive_facts(passive: PassiveCheck | None) -> tuple[tuple[str, str], ...]:
    """What the technician's page says of the passive check, also that there is none."""
    if passive is None:
        return (("passive", "no model"),)
    return (("passive", passive.model), ("passive-threshold", f"{passive.threshold:.2f}"))


def _can_be_aligned(landmarks: NDArray[np.float32]) -> bool:
    return bool(np.isfinite(landmarks).all() and np.ptp(landmarks, axis=0).max() >= _APART)


def _predict(adapter: Any, image: Image, landmarks: NDArray[np.float32]) -> float | None:  # noqa: ANN401 - no types
    try:
        answer = adapter.predict(image, landmarks)
    except Exception as error:  # as in InsightFacePassiveCheck._loaded
        raise DeviceMisconfiguredError(BROKEN) from error
    return None if answer["live_score"] is None else float(answer["live_score"])
