"""One press, one action: a second tap on the same view says nothing new."""

from collections.abc import Callable

_WAIT_S = 1.5  # after which a view that did not change may be pressed again, so that no screen is ever dead
_REPEATABLE = ("digit-", "erase", "key:", "key-erase", "alarm", "corner")


class Once:
    """Lets one action through per shown view. Characters are typed fast, and the alarm is never held back."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._until = 0.0

    def renew(self) -> None:
        """Another view is shown."""
        self._until = 0.0

    def allows(self, action: str) -> bool:
        """Tell whether this press counts; if so, the next one on this view won't."""
        if action.startswith(_REPEATABLE):
            return True
        if self._now() < self._until:
            return False
        self._until = self._now() + _WAIT_S
        return True
