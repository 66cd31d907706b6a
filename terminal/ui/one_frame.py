"""One view, drawn once: how a terminal's self-check sees that the screen works."""

from collections.abc import Callable

from kivy.clock import Clock

from terminal.ui.app import TerminalApp
from terminal.ui.window import TerminalWindow
from terminal.views import Chrome, View

_SECONDS = 0.5


def draw(
    window: Callable[[Callable[[str], None], Callable[[], None]], TerminalWindow], view: View, chrome: Chrome
) -> None:
    """Open the window of this class, show the view, close. terminal.kivy_setup.configure comes first."""

    def show(made: TerminalWindow) -> None:
        made.show(view, chrome)
        Clock.schedule_once(lambda _: app.close(), _SECONDS)

    app = TerminalApp(lambda: window(lambda _: None, lambda: None), show)
    app.run()
