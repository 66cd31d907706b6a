"""The resident's own data, row by row, masked unless the hold button is held."""

from collections.abc import Sequence

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from terminal.views import DataRow
from terminal.widgets.kv import load_kv
from terminal.widgets.text import TextBlock  # noqa: F401 - the layout names it

load_kv(__file__)


class FieldRow(BoxLayout):
    """A label and its value. ``value`` is masked; ``revealed`` replaces it while the table reveals."""

    label = StringProperty("")
    value = StringProperty("")
    revealed = StringProperty("")
    revealing = BooleanProperty(defaultvalue=False)


class DataTable(BoxLayout):
    """The rows on one card."""

    revealing = BooleanProperty(defaultvalue=False)

    def show(self, rows: Sequence[DataRow]) -> None:
        """Show these rows."""
        if len(self.children) != len(rows):
            self.clear_widgets()
            for _ in rows:
                self.add_widget(FieldRow())
        for field, row in zip(reversed(self.children), rows, strict=True):
            field.label, field.value, field.revealed = row.label, row.value, row.revealed

    def on_revealing(self, _: object, revealing: bool) -> None:  # noqa: FBT001 - Kivy calls it
        """Mask or reveal every row."""
        for field in self.children:
            field.revealing = revealing
