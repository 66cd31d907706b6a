"""Whether a stream shows something new, or what it has shown before.

A sensor's noise makes every frame differ from every other. Where a camera's own processing has removed the noise,
somebody who sits still looks the same from one frame to the next, and no longer a second later: nobody holds their
breath and their head for that. A stream whose frames are equal, or all but equal, for longer, or equal to those of
seconds ago, comes from a file or a stopped program. A frame that comes late says nothing of the kind.

It sees copies only: whoever re-encodes a film with fresh noise, or films a screen, is not found here.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from devices.camera.api import Image

Points = NDArray[np.uint8]

_STEP = 12  # pixels between those that are compared: a thousand, from the middle half of the picture
_EQUAL = 0.06  # mean difference of copies, in grey levels; a quiet sensor makes 0.5 and more, a breath 0.3 in a second
_SAME = 0.005  # and of a copy of long ago: heads pass near where they were before, and never leave no trace of it
_FROZEN = 8  # frames equal to the first of them: a driver that delivers a frame twice does not do so eight times ...
_STILL = 1.5  # ... and for so many seconds
_REPEATS, _LATELY = 5, 25  # so many of so many frames equal one of at least as long ago
_MEMORY = 512  # frames: a loop of twenty seconds


@dataclass(slots=True, eq=False, repr=False)
class Freshness:
    """What one stream has shown, in RAM, for one attempt."""

    _seen: list[Points] = field(default_factory=list)
    _times: list[float] = field(default_factory=list)
    _first: Points | None = None  # of those that are equal now, and when it came
    _since: float = 0.0
    _frozen: int = 0
    _repeats: deque[bool] = field(default_factory=lambda: deque(maxlen=_LATELY))

    def see(self, image: Image, at: float) -> bool:
        """Whether the stream, with this frame of the time ``at`` (seconds), has turned out to repeat itself. Only
        frames with a face are to be shown: a covered lens is black again and again."""
        width = image.shape[1]
        points = np.ascontiguousarray(image[::_STEP, width // 4 : width - width // 4 : _STEP, 1]).reshape(-1)
        if self._seen and self._seen[0].size != points.size:
            self._seen.clear()
            self._times.clear()
            self._first = None
        self._compare_first(points, at)
        self._compare_older(points, at)
        self._seen.append(points)
        self._times.append(at)
        del self._seen[:-_MEMORY], self._times[:-_MEMORY]
        return (self._frozen >= _FROZEN and at - self._since >= _STILL) or sum(self._repeats) >= _REPEATS

    def _compare_first(self, points: Points, at: float) -> None:
        if self._first is not None and _least(self._first[None], points) < _EQUAL:
            self._frozen += 1
        else:
            self._first, self._since, self._frozen = points, at, 0

    def _compare_older(self, points: Points, at: float) -> None:
        older = sum(time <= at - _STILL for time in self._times)
        again = older > 0 and not self._frozen and _least(np.stack(self._seen[:older]), points) < _SAME
        self._repeats.append(again)


def _least(seen: Points, points: Points) -> float:
    """The mean difference from whichever row is most alike."""
    differences = np.maximum(seen, points) - np.minimum(seen, points)
    return float(differences.mean(axis=1).min())
