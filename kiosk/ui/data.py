"""Data, row by row: the resident's own, masked, or what a paper states."""

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from terminal.ui.page import Bar, Page  # noqa: F401 - the layout names one of them
from terminal.views import DataView
from terminal.widgets.choices import Choices  # noqa: F401 - the layout names it
from terminal.widgets.hold import HoldToReveal  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.rows import DataTable  # noqa: F401 - the layout names it

load_kv(__file__)


class DataScreen(Page[DataView]):
    """A table, the hold button that reveals it, and a way to say that something is wrong in it."""

    note = StringProperty("")
    reveal = StringProperty("")
    asks = BooleanProperty(defaultvalue=False)  # there is something to hold or to press
    table = ObjectProperty(None)

    def fill(self, view: DataView) -> None:
        """Show the rows. A finger that still holds the button reveals nothing new."""
        self.ids.hold.key_up()
        self.note, self.reveal = view.note, view.reveal
        self.asks = bool(view.reveal or view.mistake)
        self.ids.table.show(view.rows)
        self.ids.choices.show((view.mistake,) if view.mistake else ())
