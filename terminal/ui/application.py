"""A terminal's application: its window, and from the first frame on what is composed behind it.

Kivy reads its settings when it is first imported, so everything of Kivy's is imported after ``configure``.
"""

import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, Protocol, TypeAlias, TypeVar

from terminal.configuration import ScreenSettings
from terminal.kivy_setup import configure

if TYPE_CHECKING:
    from terminal.ui.window import TerminalWindow

_TICK_S = 1.0


class Conducting(Protocol):
    """What the window tells, on its own thread."""

    def act(self, action: str) -> None:
        """A target was pressed."""

    def touch(self) -> None:
        """Somebody touched the screen, anywhere."""

    def drain(self) -> None:
        """Something waits to be shown."""

    def tick(self) -> None:
        """A second has passed."""


class Composed(Protocol):
    """A terminal without its window."""

    @property
    def conductor(self) -> Conducting:
        """Who is told what happens."""

    def start(self) -> None:
        """Show the first screen, and begin."""

    def close(self) -> None:
        """End everything."""


C = TypeVar("C", bound=Composed)
Window: TypeAlias = "Callable[[Callable[[str], None], Callable[[], None]], TerminalWindow]"
"""A window's class: it is made of ``on_action`` and ``on_touch``."""


class TerminalApplication(Generic[C]):
    """``app`` is Kivy's, ``composed`` there from the first frame on. ``window``: imports the window's class and returns
    it; ``compose``: is given the window, and what is to be called when something waits to be drained."""

    def __init__(
        self,
        screen: ScreenSettings,
        window: Callable[[], Window],
        compose: "Callable[[TerminalWindow, Callable[[], None]], C]",
    ) -> None:
        configure((screen.width, screen.height), whole_screen=screen.fullscreen)
        made = window()
        from terminal.theme import theme  # noqa: PLC0415
        from terminal.ui.app import TerminalApp  # noqa: PLC0415

        theme.pixel_pitch_mm = screen.pixel_pitch_mm
        self.composed: C | None = None
        self.first_frame: Callable[[], None] = lambda: None  # hears that there is one
        self._compose = compose
        self._told_to_stop = False
        self.app = TerminalApp(lambda: made(self._act, self._touch), self._ready)

    def serve(self) -> int:
        """Open the window and serve until the process is told to stop (SIGTERM, as a service manager sends it)."""
        signal.signal(signal.SIGTERM, self.stop)
        try:
            self.app.run()
        finally:
            self.close()
        return 0

    def stop(self, *_: object) -> None:
        """End the application within a second. A signal may call this, so it touches nothing of Kivy's."""
        self._told_to_stop = True

    def close(self) -> None:
        """End what was composed."""
        if self.composed is not None:
            self.composed.close()
            self.composed = None

    def _ready(self, window: "TerminalWindow") -> None:
        from kivy.clock import Clock  # noqa: PLC0415

        self.composed = self._compose(window, Clock.create_trigger(self._drain))
        self.composed.start()
        Clock.schedule_interval(self._tick, _TICK_S)
        Clock.schedule_once(lambda _: self.first_frame(), 0)  # behind the frame that is drawn now

    def _act(self, action: str) -> None:
        if self.composed is not None:
            self.composed.conductor.act(action)

    def _touch(self) -> None:
        if self.composed is not None:
            self.composed.conductor.touch()

    def _drain(self, _: float) -> None:
        if self.composed is not None:
            self.composed.conductor.drain()

    def _tick(self, _: float) -> None:
        if self._told_to_stop:
            self.app.close()
        elif self.composed is not None:
            self.composed.conductor.tick()
