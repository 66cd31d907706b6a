"""The Kivy application around the gate's window."""

from collections.abc import Callable

from gate.ui.window import GateWindow
from terminal.ui.app import TerminalApp
from terminal.ui.window import TerminalWindow


class GateApp(TerminalApp):
    """terminal.kivy_setup.configure must have been called before this module was imported."""

    def __init__(
        self,
        on_action: Callable[[str], None],
        on_touch: Callable[[], None],
        on_ready: Callable[[TerminalWindow], None],
        on_stopped: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(lambda: GateWindow(on_action, on_touch), on_ready, on_stopped)
