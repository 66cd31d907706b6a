"""The Kivy application around the window: no settings panel, no way out but the one the program takes."""

from collections.abc import Callable

from kivy.app import App
from kivy.core.window import Window

from terminal.theme import Palette, theme
from terminal.ui.window import TerminalWindow


class TerminalApp(App):
    """Builds the window by ``make``, and hands it to ``on_ready`` once the first frame can be shown.

    terminal.kivy_setup.configure must have been called before this module was imported.
    """

    title = "Lamplight"
    use_kivy_settings = False

    def __init__(
        self,
        make: Callable[[], TerminalWindow],
        on_ready: Callable[[TerminalWindow], None],
        on_stopped: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self._make, self._on_ready, self._on_stopped = make, on_ready, on_stopped
        self._may_close = False

    def build(self) -> TerminalWindow:
        """Make the window."""
        Window.clearcolor = Palette.night
        theme.fit(*Window.size)
        Window.fbind("on_resize", lambda _, width, height: theme.fit(width, height))
        Window.fbind("on_request_close", self._refuse_to_close)
        return self._make()

    def on_start(self) -> None:
        """Hand the window over."""
        self._on_ready(self.root)

    def on_stop(self) -> None:
        """Tell that the loop has ended."""
        self.root.close()
        self._on_stopped()

    def open_settings(self, *_: object) -> bool:
        """Have no settings panel."""
        return False

    def close(self) -> None:
        """End the application: the only way that works."""
        self._may_close = True
        self.stop()

    def _refuse_to_close(self, *_: object, **__: object) -> bool:
        return not self._may_close
