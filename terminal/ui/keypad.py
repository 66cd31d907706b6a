"""Typing a number, a date, or what stands on a page."""

from kivy.properties import BooleanProperty, StringProperty

from terminal.ui.page import Page
from terminal.views import KeypadView
from terminal.widgets.choices import Choices  # noqa: F401 - the layout names it
from terminal.widgets.keypad import Keypad  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv

load_kv(__file__)

_PLACE = "_"
_GAP = "  "  # between groups, as wide as people leave it when they read a number aloud


class KeypadScreen(Page[KeypadView]):
    """What was typed, in groups with the empty places drawn, above the keys."""

    entry = StringProperty("")
    line = StringProperty("")
    wrong = BooleanProperty(defaultvalue=False)

    def fill(self, view: KeypadView) -> None:
        """Show what was typed, and what is wrong with it."""
        self.entry = _GAP.join(group.ljust(size, _PLACE) for group, size in zip(view.groups, view.sizes, strict=True))
        self.line, self.wrong = view.line, view.wrong
        self.ids.pad.keys = view.keys
        self.ids.choices.show(view.choices)
