"""A code to be read aloud to somebody, or shown as a square."""

from kivy.properties import ObjectProperty, StringProperty

from terminal.ui.page import Page
from terminal.views import CodeView, Picture
from terminal.widgets.choices import Choices  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.picture import PictureBox  # noqa: F401 - the layout names it
from terminal.widgets.square import Square  # noqa: F401 - the layout names it

load_kv(__file__)


class CodeScreen(Page[CodeView]):
    """The digits in the largest type; to whom and how below."""

    code = StringProperty("")
    line = StringProperty("")
    you_can = StringProperty("")
    picture = ObjectProperty(Picture.NONE)
    square = StringProperty("")

    def fill(self, view: CodeView) -> None:
        """Show the code and what to do with it."""
        self.code = "  ".join(view.code)
        self.line, self.you_can, self.picture = view.line, view.you_can, view.picture
        self.square = view.square
        self.ids.choices.show(view.choices)
