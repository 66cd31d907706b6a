"""One view, drawn once: how the self-check sees that the screen works."""

from kivy.clock import Clock

from kiosk.ui.app import KioskApp
from terminal.ui.window import TerminalWindow
from terminal.views import Chrome, View

_SECONDS = 0.5


def draw(view: View, chrome: Chrome) -> None:
    """Open the window, show the view, close. terminal.kivy_setup.configure comes first."""

    def show(window: TerminalWindow) -> None:
        window.show(view, chrome)
        Clock.schedule_once(lambda _: app.close(), _SECONDS)

    app = KioskApp(lambda _: None, lambda: None, show)
    app.run()
