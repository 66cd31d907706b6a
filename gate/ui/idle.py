"""The gate waits: the hour, a warning, and the ways in."""

from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from terminal.views import GateIdleView
from terminal.widgets.choices import Choices  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.text import TextBlock  # noqa: F401 - the layout names it

load_kv(__file__)


class GateIdleScreen(BoxLayout):
    """Night blue, as at the kiosk; the warning in the lamp's colour. The ways in stay where they are."""

    act = ObjectProperty(None, allownone=True)
    clock = StringProperty("")
    door = StringProperty("")
    title = StringProperty("")
    warning = StringProperty("")
    hint = StringProperty("")
    notice = StringProperty("")

    def show(self, view: GateIdleView) -> None:
        """Show the hour, the warning and the ways."""
        self.clock, self.title, self.warning = view.clock, view.question, view.warning
        self.door = "\n".join(filter(None, (view.door, view.sign)))
        self.hint, self.notice = view.hint, view.notice
        self.ids.ways.show(view.choices, len(view.choices))
        self.ids.others.show(view.others, len(view.others))

    def begin(self) -> None:
        """Come on: there is nothing to reset."""
