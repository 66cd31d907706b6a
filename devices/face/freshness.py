"""Whether a stream shows something new, or what it has shown before.

A sensor's noise makes every frame differ from every other, also of an empty room. A stream whose frames are equal, or
all but equal, to the one before, or to one of seconds ago, comes from a file or a stopped program. A frame that comes
late says nothing of the kind.

It sees copies only: whoever re-encodes a film with fresh noise, or films a screen, is not found here.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from devices.camera.api import Image

Points = NDArray[np.uint8]

_STEP = 12  # pixels between those that are compared: a thousand, from the middle half of the picture
_EQUAL = 0.12  # mean difference of copies, in grey levels; a quiet sensor makes 0.5 and more
_FROZEN = 8  # equal frames in a row: a driver that delivers a frame twice does not do so eight times
_REPEATS = 5  # frames that equal one of before, other than the last ones
_MEMORY = 512  # frames: a loop of twenty seconds


@dataclass(slots=True, eq=False, repr=False)
class Freshness:
    """What one stream has shown, in RAM, for one attempt."""

    _seen: list[Points] = field(default_factory=list)
    _frozen: int = 0
    _repeats: int = 0

    def see(self, image: Image) -> bool:
        """Whether the stream, with this frame, has turned out to repeat itself. Only frames with a face are to be
        shown: a covered lens is black again and again."""
        width = image.shape[1]
        points = np.ascontiguousarray(image[::_STEP, width // 4 : width - width // 4 : _STEP, 1]).reshape(-1)
        if self._seen and self._seen[0].size == points.size:
            self._compare(points)
        else:
            self._seen.clear()
        self._seen.append(points)
        del self._seen[:-_MEMORY]
        return self._frozen >= _FROZEN or self._repeats >= _REPEATS

    def _compare(self, points: Points) -> None:
        seen = np.stack(self._seen)
        differences = np.maximum(seen, points) - np.minimum(seen, points)
        equal = differences.mean(axis=1) < _EQUAL
        self._frozen = self._frozen + 1 if equal[-1] else 0
        self._repeats += bool(equal[:-_FROZEN].any()) and not self._frozen
