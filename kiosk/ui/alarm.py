"""The alarm: the visit is hidden, the number to call is large, and whether anyone was reached is said truthfully."""

from kivy.properties import StringProperty

from terminal.ui.page import Page
from terminal.views import AlarmView
from terminal.widgets.choices import Choices  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv

load_kv(__file__)


class AlarmScreen(Page[AlarmView]):
    """Nothing of the visit is on it."""

    number = StringProperty("")
    reached = StringProperty("")
    desk = StringProperty("")

    def fill(self, view: AlarmView) -> None:
        """Show the number, the truth, and the desk."""
        self.number, self.reached, self.desk = view.number, view.reached, "\n".join(view.desk)
        self.ids.choices.show(view.choices)
