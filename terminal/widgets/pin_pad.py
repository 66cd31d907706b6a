"""A keypad for the technician's PIN. What is typed never comes here: only how many digits there are."""

from kivy.graphics import Color, Rectangle, SmoothEllipse
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, OptionProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from terminal.theme import TYPE, Palette, theme
from terminal.widgets.button import Target
from terminal.widgets.kv import load_kv

load_kv(__file__)

KEYS = (*(f"digit-{digit}" for digit in "123456789"), "erase", "digit-0", "enter")


class PinKey(Target):
    """A digit, a letter, or the icon of erase and enter."""

    role = OptionProperty("title", options=list(TYPE))


class DotRow(Widget):
    """As many dots as digits were typed, on a line."""

    dots = NumericProperty(0)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("dots", "pos", "size"):
            self.fbind(name, self._draw)

    def _draw(self, *_: object) -> None:
        side, count = theme.px(28), int(self.dots)
        middle = self.x + self.width / 2
        left = middle - (2 * count - 1) * side / 2
        self.canvas.clear()
        with self.canvas:
            Color(*Palette.line)
            Rectangle(pos=(middle - theme.px(300), self.y), size=(theme.px(600), theme.px(3)))
            Color(*Palette.ink)
            for place in range(count):
                SmoothEllipse(pos=(left + 2 * side * place, self.y + self.height - side), size=(side, side))


class PinPad(BoxLayout):
    """Dots above twelve keys."""

    act = ObjectProperty(None, allownone=True)
    dots = NumericProperty(0)
    available = BooleanProperty(defaultvalue=True)

    def on_kv_post(self, _: object) -> None:
        """Lay the keys out as on a telephone."""
        for action in KEYS:
            key = PinKey(action=action, act=self.act)
            key.label = action.removeprefix("digit-") if action.startswith("digit-") else ""
            key.icon = {"erase": "erase", "enter": "tick"}.get(action, "")
            key.rank = "primary" if action == "enter" else "plain"
            self.fbind("available", key.setter("available"))
            self.fbind("act", key.setter("act"))
            self.ids.twelve.add_widget(key)
