"""The technician's PIN."""

from kivy.properties import StringProperty

from terminal.ui.page import Page
from terminal.views import PinView
from terminal.widgets.kv import load_kv
from terminal.widgets.pin_pad import PinPad  # noqa: F401 - the layout names it

load_kv(__file__)


class PinScreen(Page[PinView]):
    """A keypad, and a line that says what was wrong."""

    line = StringProperty("")

    def fill(self, view: PinView) -> None:
        """Show how many digits there are."""
        self.line = view.line
        self.ids.pad.dots, self.ids.pad.available = view.dots, view.enabled
