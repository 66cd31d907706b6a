"""A small off-screen window for tests of what is drawn. Import it before anything that imports Kivy."""

import sys

from terminal.kivy_setup import configure

SIZE = (540, 960)  # a quarter of the pixels: software GL is slow

if "kivy.core.window" not in sys.modules:
    configure(SIZE, max_fps=120)

from gate.ui.app import GateApp  # noqa: E402 - only now may Kivy be imported
from kiosk.ui.app import KioskApp  # noqa: E402
from simulators.touch import TouchDriver  # noqa: E402
from terminal.theme import theme  # noqa: E402
from terminal.ui.window import TerminalWindow  # noqa: E402
from terminal.views import Chrome, View  # noqa: E402


class Stage:
    """The real window, driven by touch; ``told`` lists the actions that came back, ``touches`` counts."""

    def __init__(self, app: type[KioskApp | GateApp] = KioskApp) -> None:
        theme.motion = False
        self.told: list[str] = []
        self.touches = 0
        self.app = app(self.told.append, self._touched, lambda _: None)
        self.driver = TouchDriver(self.app)
        self.driver.start()

    @property
    def window(self) -> TerminalWindow:
        """The root widget."""
        window: TerminalWindow = self.app.root
        return window

    def show(self, view: View, chrome: Chrome) -> None:
        """Show a view, let it come to rest, and draw it once."""
        self.window.show(view, chrome)
        self.driver.lay_out()
        self.driver.settle(1)

    def clear(self) -> None:
        """Begin anew for the next test."""
        self.window.forget()
        self.told.clear()
        self.touches = 0

    def _touched(self) -> None:
        self.touches += 1
