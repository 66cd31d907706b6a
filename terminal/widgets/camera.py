"""The live picture, mirrored as in a mirror. One texture for the whole day: a new one per frame grows the process."""

from typing import Protocol

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty
from kivy.uix.widget import Widget

from terminal.theme import Palette

_FRAMES_A_SECOND = 15  # each draws the whole window anew, which without a graphics card is a processor's work


class Frame(Protocol):
    """A picture of height x width x 3 bytes, blue first (what cv2 gives)."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Height, width, channels."""
        ...

    def tobytes(self) -> bytes:
        """Return the pixels row by row, from the top."""
        ...

    def __getitem__(self, part: tuple[slice, slice], /) -> "Frame":
        """Return some of the rows and columns."""
        ...


class CameraPane(Widget):
    """Shows the latest frame, cut to its place without distortion. ``lit`` once there is one."""

    lit = BooleanProperty(defaultvalue=False)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._texture: Texture | None = None
        self._newest: Frame | None = None
        self._resting = Clock.create_trigger(lambda _: self._draw(), 1 / _FRAMES_A_SECOND)
        with self.canvas:
            self._colour = Color(*Palette.off)
            self._ground = Rectangle()
        self.fbind("pos", self._place)
        self.fbind("size", self._place)

    def show_frame(self, image: Frame | None) -> None:
        """Show a frame, or nothing. Of those that come too fast the newest is shown."""
        if image is None:
            self.forget()
            return
        self._newest = image
        if not self._resting.is_triggered:
            self._draw()

    def _draw(self) -> None:
        image, self._newest = self._newest, None
        if image is None:
            return
        image = self._as_fine_as_seen(image)
        self._texture_of(*image.shape[1::-1]).blit_buffer(image.tobytes(), colorfmt="bgr", bufferfmt="ubyte")
        self._colour.rgba, self.lit = Palette.white, True
        self.canvas.ask_update()
        self._resting()

    def _as_fine_as_seen(self, image: Frame) -> Frame:
        """Every n-th pixel of every n-th row, where the place is less than 1/n of the frame: no more can be seen."""
        height, width = image.shape[:2]
        nth = int(min(width / max(1, self.width), height / max(1, self.height)))
        return image[::nth, ::nth] if nth > 1 else image

    def _texture_of(self, width: int, height: int) -> Texture:
        if self._texture is None or self._texture.size != (width, height):
            self._let_go()
            self._texture = Texture.create(size=(width, height), colorfmt="bgr")
            self._ground.texture = self._texture
            self._place()
        return self._texture

    def forget(self) -> None:
        """Overwrite the last frame, and let the texture go."""
        self._newest = None
        self._let_go()
        self._colour.rgba, self.lit = Palette.off, False

    def _let_go(self) -> None:
        if self._texture is not None:
            width, height = self._texture.size
            self._texture.blit_buffer(bytes(width * height * 3), colorfmt="bgr", bufferfmt="ubyte")
        self._texture = self._ground.texture = None

    def _place(self, *_: object) -> None:
        self._ground.pos, self._ground.size = self.pos, self.size
        if self._texture is None or not all(self.size):
            return
        width, height = self._texture.size
        scale = max(self.width / width, self.height / height)
        across, along = self.width / scale / width / 2, self.height / scale / height / 2
        left, right, low, high = 0.5 + across, 0.5 - across, 0.5 + along, 0.5 - along
        self._ground.tex_coords = (left, low, right, low, right, high, left, high)
