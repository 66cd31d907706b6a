"""Targets that are held: the guarded alarm, whose ring fills, and the reveal of masked data."""

from kivy.clock import Clock
from kivy.input import MotionEvent
from kivy.properties import BooleanProperty, NumericProperty

from terminal.theme import LONGEST_HOLD_S
from terminal.widgets.button import Target
from terminal.widgets.kv import load_kv

load_kv(__file__)

_STEPS_PER_S = 20


class HoldTarget(Target):
    """Something is done while, or after, a finger rests on it."""

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Begin to hold."""
        if not super().on_touch_down(touch):
            return False
        self.key_down()
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """Let go when the finger slides off."""
        if not super().on_touch_move(touch):
            return False
        if not self.pressed:
            self.key_up()
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Let go. Lifting the finger is no press."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self.pressed = False
        self.key_up()
        return True


class AlarmTarget(HoldTarget):
    """Held for two seconds while its ring fills; then, and only then, it tells its action."""

    filled = NumericProperty(0.0)  # 0 to 1
    seconds = NumericProperty(LONGEST_HOLD_S)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._timer = Clock.create_trigger(self._fill, 1 / _STEPS_PER_S, interval=True)

    def key_down(self) -> None:
        """Begin to fill the ring."""
        if self.available:
            self.pressed = True
            self._timer()

    def key_up(self) -> None:
        """Empty the ring."""
        self._timer.cancel()
        self.pressed = False
        self.filled = 0.0

    def _colour(self, *_: object) -> None:
        """Stay red: its layout says so."""

    def _fill(self, seconds: float) -> None:
        self.filled = min(1.0, self.filled + seconds / self.seconds)
        if self.filled >= 1.0:
            self.key_up()
            self.press()


class HoldToReveal(HoldTarget):
    """``revealing`` is True as long as it is held."""

    revealing = BooleanProperty(defaultvalue=False)

    def key_down(self) -> None:
        """Show."""
        self.revealing = self.pressed = True

    def key_up(self) -> None:
        """Mask again."""
        self.revealing = self.pressed = False
