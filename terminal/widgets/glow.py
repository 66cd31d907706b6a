"""The lamp of the attract screen: one warm glow in the night, drawn once and never animated."""

from functools import cache

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget

from terminal.theme import Palette
from terminal.widgets.drawing import Box, Drawing, Oval, Place, Stroke, arc, paint

_SIDE_PX = 96
_LANTERN: Drawing = (
    Stroke((50, 100, 50, 70), 1.2, "metal"),
    Oval(50, 70, 5, 5, "metal"),
    Stroke((34, 50, *arc(50, 50, 16, 180, 0), 66, 50), 2.2, "metal"),
    Box(31, 47.5, 38, 4, 2, "metal"),
    Oval(50, 45, 13, 13, "light"),
    Oval(50, 45, 7, 7, "heart"),
)
_COLOURS = {"metal": Palette.night_quiet, "light": Palette.glow, "heart": Palette.white}


class Lamp(Widget):
    """A hanging lamp and its glow."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.fbind("pos", self._draw)
        self.fbind("size", self._draw)

    def _draw(self, *_: object) -> None:
        side = min(self.size)
        place = Place(self.x + (self.width - side) / 2, self.y + (self.height - side) / 2, side)
        x, y = place.at(50, 45)
        self.canvas.clear()
        with self.canvas:
            for reach, strength in ((2.4, 0.30), (1.1, 0.55)):
                Color(*Palette.glow[:3], strength)
                Rectangle(texture=_halo(), pos=(x - side * reach / 2, y - side * reach / 2), size=(side * reach,) * 2)
            paint(_LANTERN, place, _COLOURS)


@cache
def _halo() -> Texture:
    """Return a white disc whose opacity falls off to nothing at its edge."""
    middle = (_SIDE_PX - 1) / 2
    pixels = bytearray()
    for row in range(_SIDE_PX):
        for column in range(_SIDE_PX):
            distance = min(1.0, ((row - middle) ** 2 + (column - middle) ** 2) ** 0.5 / middle)
            pixels += bytes((255, 255, 255, round(255 * (1 - distance) ** 2.2)))
    texture = Texture.create(size=(_SIDE_PX, _SIDE_PX), colorfmt="rgba")
    texture.blit_buffer(bytes(pixels), colorfmt="rgba", bufferfmt="ubyte")
    return texture
