"""What every target shares: an action, being there or grey, a focus ring for the keypad, and a press told once."""

from collections.abc import Callable
from typing import cast

from kivy.input import MotionEvent
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from terminal.theme import theme
from terminal.widgets.kv import load_kv

load_kv(__file__)

Act = Callable[[str], None]


class Pressable(Widget):
    """A target. A touch that begins and ends on it, or Enter while it has the focus, tells ``act`` its ``action``."""

    action = StringProperty("")
    label = StringProperty("")
    available = BooleanProperty(defaultvalue=True)
    pressed = BooleanProperty(defaultvalue=False)
    focused = BooleanProperty(defaultvalue=False)
    act = ObjectProperty(None, allownone=True)
    theme = ObjectProperty(theme)

    def press(self) -> None:
        """Tell the action, as a touch would. Grey targets tell nothing."""
        if self.available and self.act is not None:
            cast("Act", self.act)(self.action)

    def key_down(self) -> None:
        """Enter went down on it."""
        self.press()

    def key_up(self) -> None:
        """Enter was let go; only targets that are held care."""

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Begin a press."""
        if not self.available or not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        self.pressed = True
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """Follow a finger that slides off, or back."""
        if touch.grab_current is not self:
            return False
        self.pressed = self.collide_point(*touch.pos)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """End a press; only a finger that is still there counts."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        was_pressed, self.pressed = self.pressed, False
        if was_pressed:
            self.press()
        return True
