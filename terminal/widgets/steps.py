"""Where the resident is: the named steps, and which one is now."""

from kivy.properties import NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from terminal.views import Steps
from terminal.widgets.icon import Icon  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.text import TextBlock  # noqa: F401 - the layout names it

load_kv(__file__)


class StepMark(BoxLayout):
    """One step: behind us, now, or to come."""

    name = StringProperty("")
    place = NumericProperty(0)  # -1 behind, 0 now, 1 to come


class StepRow(BoxLayout):
    """All steps in one row. Empty, it takes no room."""

    def show(self, steps: Steps) -> None:
        """Show the way and the place on it."""
        if len(self.children) != len(steps.names):
            self.clear_widgets()
            for _ in steps.names:
                self.add_widget(StepMark())
        for index, (mark, name) in enumerate(zip(reversed(self.children), steps.names, strict=True)):
            mark.name, mark.place = name, (index > steps.now) - (index < steps.now)
