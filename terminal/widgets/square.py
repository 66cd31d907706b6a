"""A text as a square that telephones and gates read (QR code, ISO/IEC 18004), dark on white with its quiet zone."""

import numpy as np
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from forms.qr import QUIET_ZONE, modules

_DARK, _LIGHT = 0, 255


class Square(Widget):
    """Draws ``code`` as large as its shorter side, in whole pixels to a module so that every one is alike; an empty one
    draws nothing."""

    code = StringProperty("")

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("pos", "size", "code"):
            self.fbind(name, self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        if not self.code:
            return
        symbol = np.pad(modules(self.code), QUIET_ZONE)
        side = max(int(min(self.size)) // len(symbol), 1) * len(symbol)
        place = int(self.center_x - side / 2), int(self.center_y - side / 2)
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(texture=_texture(symbol), pos=place, size=(side, side))


def _texture(symbol: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> Texture:
    """One texel to a module; textures begin with their lowest row."""
    shades = np.where(symbol[::-1], _DARK, _LIGHT).astype(np.uint8)
    texture = Texture.create(size=symbol.shape[::-1], colorfmt="luminance")
    texture.mag_filter = texture.min_filter = "nearest"
    texture.blit_buffer(shades.tobytes(), colorfmt="luminance", bufferfmt="ubyte")
    return texture
