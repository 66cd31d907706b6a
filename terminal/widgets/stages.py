"""The stages of a piece of work, by name, with what is done, what is running and what failed."""

from collections.abc import Sequence

from kivy.properties import OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from terminal.views import StageState
from terminal.widgets.icon import Icon  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.text import TextBlock  # noqa: F401 - the layout names it

load_kv(__file__)

ICON = {StageState.DONE: "tick", StageState.RUNNING: "wait", StageState.FAILED: "cross", StageState.WAITING: ""}


class StageRow(BoxLayout):
    """One stage."""

    name = StringProperty("")
    state = OptionProperty(StageState.WAITING, options=list(StageState))
    icon = StringProperty("")


class ProgressList(BoxLayout):
    """All stages, one below the other."""

    def show(self, stages: Sequence[tuple[str, StageState]]) -> None:
        """Show how far the work is."""
        if len(self.children) != len(stages):
            self.clear_widgets()
            for _ in stages:
                self.add_widget(StageRow())
        for row, (name, state) in zip(reversed(self.children), stages, strict=True):
            row.name, row.state, row.icon = name, state, ICON[state]
