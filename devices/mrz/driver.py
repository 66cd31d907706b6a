"""Reading travel documents' pages with a text recogniser that runs on this machine."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from civic.clock import Clock, SystemClock
from civic.mrz import InvalidMrzError, MrzKey
from devices.camera.api import Image
from devices.errors import DeviceMisconfiguredError
from devices.health import Health, Level
from devices.mrz.api import PageInstruction
from devices.mrz.reading import zone_of
from devices.mrz.recogniser import Recogniser

if TYPE_CHECKING:
    from devices.mrz.finder import FoundZone

MODEL = "recogniser.onnx"  # in the model's folder
_DARK = 45.0  # mean grey level (0 to 255) below which print can't be told from paper
_SMALL = 9.0  # pixels: a line's height below which its characters run into one another
_BURNT_ZONE, _BURNT_FRAME = 0.03, 0.02  # parts of the pixels
_BURNT = 250  # grey level


class OnnxMrzEngine:
    """``folder`` holds ``recogniser.onnx``. ``clock`` tells the centuries of printed dates."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self._model = folder / MODEL
        self._clock = clock or SystemClock()
        self._recogniser: Recogniser | None = None
        self._failure = ""
        self._loading = threading.Lock()

    def health(self) -> Health:
        """Never raises. Reasons: ok, loading, no-model, broken-model."""
        if self._recogniser:
            return Health("mrz", Level.READY)
        reason = self._failure or ("loading" if self._model.is_file() else "no-model")
        return Health("mrz", Level.UNKNOWN if reason == "loading" else Level.DOWN, reason)

    def load(self) -> None:
        """Load the model, once. Raises DeviceMisconfiguredError when it is missing or broken."""
        with self._loading:
            if self._recogniser:
                return
            if not self._model.is_file():
                self._failure = "no-model"
                raise DeviceMisconfiguredError("no-model")
            try:
                self._recogniser = Recogniser(self._model)
            except Exception as error:  # onnxruntime's errors share no public base class
                self._failure = "broken-model"
                raise DeviceMisconfiguredError("broken-model") from error
            self._failure = ""

    def read(self, image: Image) -> MrzKey | PageInstruction:
        """The zone in one frame (height x width x 3, BGR), or what is to be done about it. Raises
        DeviceMisconfiguredError where ``load`` does; loads if that was not done."""
        from devices.mrz.finder import find_zone  # noqa: PLC0415 - OpenCV: the screen should not wait for it

        self.load()
        found = find_zone(image)
        key = self._key(found) if found else None
        return key or _advice(image, found)

    def _key(self, found: "FoundZone") -> MrzKey | None:
        if self._recogniser is None:
            return None
        zone = zone_of([self._recogniser.read(line) for line in found.lines])
        try:
            return zone.key(self._clock.now().date()) if zone else None
        except InvalidMrzError:  # a birth date with unknown parts opens no chip
            return None


def _advice(image: Image, found: "FoundZone | None") -> PageInstruction:
    """What most likely keeps this frame from being read. Light comes first: without it the rest can't be judged."""
    sample = image[::4, ::4]
    if float(np.mean(sample)) < _DARK:
        return PageInstruction.TOO_DARK
    burnt = found.burnt > _BURNT_ZONE if found else float(np.mean(sample.min(axis=2) >= _BURNT)) > _BURNT_FRAME
    if burnt:
        return PageInstruction.GLARE
    if found is None:
        return PageInstruction.SHOW_PAGE
    return PageInstruction.COME_CLOSER if found.height < _SMALL else PageInstruction.HOLD_STILL
