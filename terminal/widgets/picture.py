"""The drawing of what to do. It moves only where moving explains, slowly, and rests between."""

from kivy.clock import Clock
from kivy.graphics import Canvas, PopMatrix, PushMatrix, Translate
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty
from kivy.uix.widget import Widget

from terminal.theme import Palette, theme
from terminal.views import Picture
from terminal.widgets.drawing import SIDE, Place, paint
from terminal.widgets.kv import load_kv
from terminal.widgets.picture_drawings import SCENES, Scene

load_kv(__file__)

COLOURS = {
    "pen": Palette.ink,
    "blue": Palette.blue,
    "tint": Palette.blue_tint,
    "card": Palette.card,
    "line": Palette.line,
    "amber": Palette.amber,
    "glow": Palette.glow,
    "red": Palette.red,
}
_STEPS_PER_S = 12  # enough to be followed; each step redraws the window
_MOVE_S = 1.0
_REST_S = 2.0


class PictureBox(Widget):
    """Draws one Picture as large as its place allows."""

    picture = ObjectProperty(Picture.NONE)
    largest = NumericProperty(720)
    lively = BooleanProperty(defaultvalue=True)  # the theme's, followed by the layout

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._shift: Translate | None = None
        self._moment = 0.0
        self._timer = Clock.create_trigger(self._step, 1 / _STEPS_PER_S, interval=True)
        for name in ("pos", "size", "picture", "largest"):
            self.fbind(name, self._draw)
        self.fbind("parent", self._start_or_stop)
        self.fbind("lively", self._start_or_stop)
        self._draw()

    @property
    def moves(self) -> bool:
        """Whether it is moving now."""
        return bool(self.lively and self.parent is not None and self._scene.moving)

    @property
    def _scene(self) -> Scene:
        return SCENES.get(self.picture, Scene(()))

    def _draw(self, *_: object) -> None:
        side = min(self.width, self.height, theme.px(self.largest))
        place = Place(self.x + (self.width - side) / 2, self.y + (self.height - side) / 2, side)
        scene = self._scene
        self.canvas.clear()
        with self.canvas:
            moving = Canvas()
            with moving:
                PushMatrix()
                self._shift = Translate(0, 0)
                paint(scene.moving, place, COLOURS)
                PopMatrix()
            # a sheet comes out from behind its slot; a card lies in front of its reader
            if self.picture in (Picture.PRINTING, Picture.PRINTING_SLIP):
                paint(scene.still, place, COLOURS)
            else:
                self.canvas.remove(moving)
                paint(scene.still, place, COLOURS)
                self.canvas.add(moving)
        self._start_or_stop()

    def _start_or_stop(self, *_: object) -> None:
        if self.moves:
            self._timer()
        else:
            self._timer.cancel()
            self._place_at(1.0)

    def _step(self, seconds: float) -> None:
        self._moment = (self._moment + seconds) % (_MOVE_S + _REST_S)
        self._place_at(min(1.0, self._moment / _MOVE_S))

    def _place_at(self, progress: float) -> None:
        """Move to a point of the way, quick at first and gentle at its end; nothing is redrawn while it rests."""
        left = (1 - progress) ** 2 * min(self.width, self.height, theme.px(self.largest)) / SIDE
        offset = (self._scene.dx * left, self._scene.dy * left)
        if self._shift is not None and self._shift.xy != offset:
            self._shift.xy = offset
