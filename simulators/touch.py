"""Touches the real screen from inside the process: the walker, ``make screens`` and the tests press what people press.

Each touch is a MotionEvent through Kivy's own event loop at the target's centre, so what lies over a target, what is
grey and what is scrolled away behaves as under a finger. Not every frame of it is drawn: the screen is where it is
looked at (``settle``, ``picture``), because drawing without a graphics card is the most that a touch costs.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

from kivy.app import App
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
from kivy.input import MotionEvent
from kivy.lang import Builder
from kivy.uix.widget import Widget
from PIL import Image

from terminal.widgets.pressable import Pressable
from terminal.widgets.scroll import PageArrow

_MOST_PAGES = 20
_REST_S = 1 / 30  # a frame of the kiosk's: while somebody waits, no more is to be seen than these show


class TargetNotFoundError(LookupError):
    """No target that can be touched has this action."""


class _Finger(MotionEvent):  # type: ignore[misc] # Kivy is untyped
    """One finger of a touch screen; ``sx`` and ``sy`` are 0 to 1."""

    def __init__(self, x: float, y: float) -> None:
        super().__init__("simulated", id(self), {"x": x, "y": y}, is_touch=True, type_id="touch")

    def depack(self, args: dict[str, float]) -> None:
        """Take a position."""
        self.sx, self.sy = args["x"], args["y"]
        self.profile = ("pos",)
        super().depack(args)


class TouchDriver:
    """Drives a Kivy application that is not running by itself: ``start`` in place of ``App.run``."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._fingers: list[_Finger] = []

    def start(self) -> None:
        """Build the application and draw the first frames."""
        self.app._run_prepare()  # noqa: SLF001 - what App.run does before its loop
        self.settle()

    def stop(self) -> None:
        """End the application, leaving window and event loop to the next one of this process."""
        self.app.dispatch("on_stop")
        for child in list(Window.children):
            Window.remove_widget(child)

    def pump(self, seconds: float = 0.0) -> None:
        """Let the event loop run for a while; at least once."""
        end = monotonic() + seconds
        _turn()
        while (left := end - monotonic()) > 0:
            _rest(left)
            _turn()

    def settle(self, frames: int = 4) -> None:
        """Let layouts and textures come to rest, and draw them."""
        self.lay_out(frames)
        _draw()

    def lay_out(self, frames: int = 5) -> None:
        """The same as fast as they do, without drawing them: where words stand, and not how they look."""
        for _ in range(frames):
            Clock.schedule_once(_nothing)  # what is due now keeps the clock from waiting for the next frame's time
            _turn()

    def wait_until(self, predicate: Callable[[], bool], timeout: float = 10.0) -> bool:
        """Pump until the predicate is true; False when it is not within ``timeout`` seconds."""
        end = monotonic() + timeout
        while not predicate():
            left = end - monotonic()
            if left < 0:
                return False
            _rest(left)
            _turn()
        self.lay_out(2)
        return True

    # --- targets ---

    def targets(self) -> Iterator[Pressable]:
        """Every target on the screen, grey ones too."""
        for child in Window.children:
            for widget in child.walk(restrict=True):
                if isinstance(widget, Pressable) and widget.opacity:
                    yield widget

    def find(self, action: str) -> Pressable:
        """Return the target of an action. Raises TargetNotFoundError."""
        for target in self.targets():
            if target.action == action:
                return target
        raise TargetNotFoundError(action)

    def shows(self, action: str) -> bool:
        """Whether there is a target for the action that is not grey."""
        return any(target.action == action and target.available for target in self.targets())

    def bring_into_sight(self, target: Pressable) -> None:
        """Turn pages, as a person would, until the target's middle can be touched."""
        for direction in (-1, 1):
            for _ in range(_MOST_PAGES):
                arrow = self._page_arrow(target, direction)
                if arrow is None or _sign(arrow, target, direction):
                    break
                self._touch(*_centre(arrow))

    # --- fingers ---

    def tap(self, action: str) -> None:
        """Touch the target of an action for a moment. Raises TargetNotFoundError."""
        target = self.find(action)
        self.bring_into_sight(target)
        self._touch(*_centre(target))

    def hold(self, action: str, seconds: float) -> None:
        """Rest a finger on a target."""
        target = self.find(action)
        self.bring_into_sight(target)
        self.down(*_centre(target))
        self.pump(seconds)
        self.up()

    def tap_at(self, x: float, y: float) -> None:
        """Touch a place, in px from the lower left corner."""
        self._touch(x, y)

    def down(self, x: float, y: float) -> None:
        """Put a finger down and leave it there."""
        finger = _Finger(x / Window.width, y / Window.height)
        self._fingers.append(finger)
        EventLoop.post_dispatch_input("begin", finger)
        self.lay_out(2)

    def up(self) -> None:
        """Lift the last finger."""
        EventLoop.post_dispatch_input("end", self._fingers.pop())
        self.lay_out(2)

    def key(self, code: int) -> None:
        """Press and let go a key, by SDL's code (9 Tab, 13 Enter, 273 to 276 arrows)."""
        Window.dispatch("on_key_down", code, 0, "", [])
        self.lay_out(2)
        Window.dispatch("on_key_up", code, 0)
        self.lay_out(2)

    # --- pictures ---

    def picture(self) -> Image.Image:
        """Return what the screen shows now."""
        Window.canvas.ask_update()
        EventLoop.idle()
        Window.on_draw()
        pixels = glReadPixels(0, 0, Window.width, Window.height, GL_RGB, GL_UNSIGNED_BYTE)
        image = Image.frombytes("RGB", (Window.width, Window.height), pixels)
        return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)

    def screenshot(self, path: Path) -> None:
        """Write what the screen shows now as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.picture().save(path, compress_level=1)

    def _touch(self, x: float, y: float) -> None:
        self.down(x, y)
        self.up()

    def _page_arrow(self, target: Pressable, direction: int) -> PageArrow | None:
        pane = target.parent
        while pane is not None and pane is not pane.parent:
            arrows = [widget for widget in pane.walk(restrict=True) if isinstance(widget, PageArrow)]
            for arrow in arrows:
                if arrow.direction == direction and arrow.available:
                    return arrow
            pane = pane.parent
        return None


def _rest(longest: float) -> None:
    """Until a thread has something to show, or a frame's time has passed. Kivy's clock does not rest while something
    moves, nor shortly before anything is due: it leaves that to the drawing, which waits for the screen."""
    Clock._event.wait(min(longest, _REST_S))  # noqa: SLF001 - no other way to rest and be woken


def _turn() -> None:
    """Once through Kivy's event loop, without the drawing."""
    Clock.tick()
    EventLoop.dispatch_input()
    Builder.sync()
    Clock.tick_draw()
    Builder.sync()


def _draw() -> None:
    """What has changed since it was last drawn, as Kivy's event loop does."""
    if Window.canvas.needs_redraw:
        Window.dispatch("on_draw")
        Window.dispatch("on_flip")


def _nothing(_: float) -> None:
    """Nothing."""


def _centre(widget: Widget) -> tuple[float, float]:
    x, y = widget.to_window(widget.center_x, widget.center_y)
    return float(x), float(y)


def _sign(arrow: PageArrow, target: Pressable, direction: int) -> bool:
    """Whether the target needs no page turned in this direction."""
    view = arrow.parent.parent.ids.view
    low, high = view.to_window(view.x, view.y)[1], view.to_window(view.x, view.top)[1]
    middle = _centre(target)[1]
    return bool(middle > low if direction < 0 else middle < high)
