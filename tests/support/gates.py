"""Gates at which jobs wait until a test opens them."""

from collections import defaultdict
from threading import Condition, Event

PATIENCE_S = 5.0


class Gates:
    """Where jobs stop. ``hold`` a name, and each job that comes there waits for its own turn to be let on."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._held: set[str] = set()
        self._waiting: dict[str, list[Event]] = defaultdict(list)
        self._passed: dict[str, int] = defaultdict(int)
        self.breaks: dict[str, Exception] = {}

    def hold(self, name: str) -> None:
        """From now on nobody passes here by themselves."""
        self._held.add(name)

    def come(self, name: str) -> None:
        """A job comes to the gate."""
        if name in self.breaks:
            raise self.breaks[name]
        if name in self._held:
            turn = Event()
            with self._changed:
                self._waiting[name].append(turn)
                self._changed.notify_all()
            assert turn.wait(PATIENCE_S)
        with self._changed:
            self._passed[name] += 1
            self._changed.notify_all()

    def await_at(self, name: str, count: int = 1) -> None:
        """Return once so many jobs came to a held gate."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._waiting[name]) >= count, PATIENCE_S)

    def let_on(self, name: str, which: int = 0) -> None:
        """Let one of those that came on."""
        self._waiting[name][which].set()

    def let_all_on(self) -> None:
        """The test is over."""
        self._held.clear()
        for turns in self._waiting.values():
            for turn in turns:
                turn.set()
