"""The technician's page: groups of lines, each with a name, a state with its level's mark, and what else is known."""

from collections.abc import Sequence

from kivy.properties import ColorProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from terminal.theme import Palette
from terminal.views import TableRow
from terminal.widgets.icon import Icon  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.text import TextBlock  # noqa: F401 - the layout names it

load_kv(__file__)

# level (devices.health) -> (icon, colour): a level is never told by colour alone
MARKS = {
    "ready": ("tick", Palette.green),
    "degraded": ("wait", Palette.amber_ink),
    "down": ("cross", Palette.red),
    "unknown": ("other", Palette.quiet_ink),
}


class TechRow(BoxLayout):
    """One line."""

    name = StringProperty("")
    state = StringProperty("")
    detail = StringProperty("")
    mark = StringProperty("")
    colour = ColorProperty(Palette.ink)

    def show(self, row: TableRow) -> None:
        """Show this line."""
        self.name, self.state, self.detail = row.name, row.state, row.detail
        self.mark, self.colour = MARKS.get(row.level, MARKS["unknown"])


class TechGroup(BoxLayout):
    """A title and its lines, on one card."""


class TechTable(BoxLayout):
    """All groups."""

    def show(self, groups: Sequence[tuple[str, Sequence[TableRow]]]) -> None:
        """Show these groups; the lines stay where the page keeps its form."""
        form = [len(rows) for _, rows in groups]
        if form != [len(group.ids.rows.children) for group in reversed(self.children)]:
            self._build(form)
        for group, (title, rows) in zip(reversed(self.children), groups, strict=True):
            group.ids.title.content = title
            for line, row in zip(reversed(group.ids.rows.children), rows, strict=True):
                line.show(row)

    def _build(self, form: Sequence[int]) -> None:
        self.clear_widgets()
        for count in form:
            group = TechGroup()
            for _ in range(count):
                group.ids.rows.add_widget(TechRow())
            self.add_widget(group)
