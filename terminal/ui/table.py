"""The technician's page."""

from kivy.properties import StringProperty

from terminal.ui.page import Bar, Page  # noqa: F401 - the layout names one of them
from terminal.views import TableView
from terminal.widgets.choices import Choices  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.tech_table import TechTable  # noqa: F401 - the layout names it

load_kv(__file__)


class TableScreen(Page[TableView]):
    """Every device and its state on one page, and what one can do."""

    line = StringProperty("")

    def fill(self, view: TableView) -> None:
        """Show the groups and the choices. What is newly said stands at the top, so that is where to look."""
        if view.line != self.line:
            self.ids.pane.to_top()
        self.line = view.line
        self.ids.table.show(view.groups)
        self.ids.forward.size_hint_x = 0  # there is none here: its place is the choices'
        self.ids.choices.show(view.choices, columns=max(1, len(view.choices)))
