"""How often this gate has found nobody lately, of one way in. Whoever tries a hundred times is right a hundred times as
often; after a few misses that way rests, and the others do not."""

from collections import deque
from dataclasses import dataclass, field
from threading import Lock

from civic.clock import Clock


@dataclass(slots=True, eq=False)
class Refusals:
    """After ``most`` within ``seconds`` it rests until the first of them is that long ago. Usable from any thread."""

    clock: Clock
    most: int = 10
    seconds: float = 600.0
    _times: deque[float] = field(default_factory=deque)
    _lock: Lock = field(default_factory=Lock)

    def note(self) -> None:
        """One more."""
        with self._lock:
            self._times.append(self.clock.monotonic())

    def resting(self) -> bool:
        """Whether there were too many."""
        with self._lock:
            while self._times and self.clock.monotonic() - self._times[0] >= self.seconds:
                self._times.popleft()
            return len(self._times) >= self.most
