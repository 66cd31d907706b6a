"""A lamp left on for you: the screen that waits. Touching it anywhere begins."""

from kivy.properties import StringProperty

from terminal.views import AttractView
from terminal.widgets.glow import Lamp  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.pressable import Pressable
from terminal.widgets.text import TextBlock  # noqa: F401 - the layout names it

load_kv(__file__)


class AttractScreen(Pressable):
    """Time, what works now, and 'touch to begin' under one warm glow."""

    clock = StringProperty("")
    date = StringProperty("")
    greeting = StringProperty("")
    state = StringProperty("")
    notes = StringProperty("")

    def show(self, view: AttractView) -> None:
        """Show the time and what works."""
        self.action = "begin"
        self.clock, self.date, self.greeting = view.clock, view.date, view.question
        self.state, self.notes, self.label = view.state, "\n".join(view.notes), view.begin

    def begin(self) -> None:
        """Come on: there is nothing to reset."""
