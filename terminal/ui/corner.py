"""The technician's way in: five taps in the top left corner within three seconds. Nothing shows that it is there."""

from collections import deque

_TAPS = 5
_WITHIN_S = 3.0


class HiddenCorner:
    """Counts the taps."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_TAPS)

    def tapped(self, time_s: float) -> bool:
        """Take a tap in the corner; True with the fifth in time."""
        self._times.append(time_s)
        if len(self._times) < _TAPS or time_s - self._times[0] > _WITHIN_S:
            return False
        self._times.clear()
        return True
