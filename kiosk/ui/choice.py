"""A question and at most eight large answers."""

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from terminal.ui.page import Page
from terminal.views import ChoiceView, Picture
from terminal.widgets.choices import Choices  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.picture import PictureBox  # noqa: F401 - the layout names it

load_kv(__file__)

_FEW = 2  # answers that may be larger than those of a list


class ChoiceScreen(Page[ChoiceView]):
    """Home, purposes, and every question with a few answers."""

    paragraph = StringProperty("")
    picture = ObjectProperty(Picture.NONE)
    few = BooleanProperty(defaultvalue=False)

    def fill(self, view: ChoiceView) -> None:
        """Show the picture, the paragraph and the answers."""
        self.paragraph, self.picture = view.paragraph, view.picture
        self.few = len(view.choices) <= _FEW
        self.right = "nothing" if view.columns > 1 else "answers"
        self.ids.choices.show(view.choices, view.columns)
