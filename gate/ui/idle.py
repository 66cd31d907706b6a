"""The gate waits: the hour, a warning, and the ways in."""

from kivy.properties import StringProperty

from terminal.ui.page import Page
from terminal.views import GateIdleView
from terminal.widgets.choices import Choices  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv

load_kv(__file__)

_BESIDE = 2  # targets in a row


class GateIdleScreen(Page[GateIdleView]):
    """Night blue, as at the kiosk; the warning in the lamp's colour."""

    clock = StringProperty("")
    door = StringProperty("")
    warning = StringProperty("")
    hint = StringProperty("")
    notice = StringProperty("")
    sign = StringProperty("")

    def fill(self, view: GateIdleView) -> None:
        """Show the hour, the warning and the ways."""
        self.clock, self.door, self.warning = view.clock, view.door, view.warning
        self.hint, self.notice, self.sign = view.hint, view.notice, view.sign
        self.ids.choices.show(view.choices, _BESIDE)
