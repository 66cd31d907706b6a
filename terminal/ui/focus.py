"""The keypad's way through a screen: Tab and the arrows walk, Enter presses."""

from collections.abc import Callable, Sequence

from terminal.widgets.pressable import Pressable

_FORWARD = {9, 274, 275}  # Tab, down, right (SDL key codes, as Kivy's Window gives them)
_BACK = {273, 276}  # up, left
_PRESS = {13, 271, 32}  # Enter, keypad's Enter, space


class FocusWalk:
    """Which target has the focus. There is none until the first key, so touch users see no ring."""

    def __init__(self, order: Callable[[], Sequence[str]], find: Callable[[str], Pressable | None]) -> None:
        self._order = order
        self._find = find
        self._held: Pressable | None = None
        self.action = ""

    def key_down(self, key: int, *, shift: bool = False) -> bool:
        """Take a key; False when it is none of ours. A held key presses once."""
        if key in _PRESS:
            return self._press()
        if key in _FORWARD | _BACK:
            self._move(-1 if key in _BACK or shift else 1)
            return True
        return False

    def key_up(self, key: int) -> bool:
        """Take the end of a key."""
        if key not in _PRESS or self._held is None:
            return False
        held, self._held = self._held, None
        held.key_up()
        return True

    def clear(self) -> None:
        """Show no ring."""
        self._mark(focused=False)
        self.action = ""

    def restore(self) -> None:
        """Show the ring again where it was, if that target is still there."""
        self._mark(focused=True)

    def _press(self) -> bool:
        target = self._find(self.action) if self.action else None
        if target is None or self._held is not None:
            return target is not None
        self._held = target
        target.key_down()
        return True

    def _move(self, step: int) -> None:
        actions = [action for action in self._order() if self._find(action) is not None]
        if not actions:
            return
        self._mark(focused=False)
        here = actions.index(self.action) + step if self.action in actions else min(0, step)
        self.action = actions[here % len(actions)]
        self._mark(focused=True)

    def _mark(self, *, focused: bool) -> None:
        target = self._find(self.action) if self.action else None
        if target is not None:
            target.focused = focused
