"""One icon in one colour."""

from kivy.properties import ColorProperty, StringProperty
from kivy.uix.widget import Widget

from terminal.theme import Palette
from terminal.widgets.drawing import Place, paint
from terminal.widgets.icon_drawings import ICONS


class Icon(Widget):
    """Draws ``name`` of ICONS as large as its shorter side; an unknown name draws nothing."""

    name = StringProperty("")
    colour = ColorProperty(Palette.ink)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("pos", "size", "name", "colour"):
            self.fbind(name, self._draw)
        self._draw()

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        side = min(self.size)
        place = Place(self.x + (self.width - side) / 2, self.y + (self.height - side) / 2, side)
        with self.canvas:
            paint(ICONS.get(self.name, ()), place, {"pen": tuple(self.colour)})
