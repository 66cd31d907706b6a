"""A sign: one sentence that is read while walking by, a drawing, and whom to call."""

from kivy.properties import NumericProperty, ObjectProperty, StringProperty

from terminal.ui.page import Page
from terminal.views import Picture, SignView
from terminal.widgets.kv import load_kv
from terminal.widgets.picture import PictureBox  # noqa: F401 - the layout names it

load_kv(__file__)


class SignScreen(Page[SignView]):
    """Where there is a drawing it takes the room; the number stands low, in large figures, on a card."""

    picture = ObjectProperty(Picture.NONE)
    lines = StringProperty("")
    label = StringProperty("")
    number = StringProperty("")
    drawn = NumericProperty(0)  # the least height of the drawing, px at 1080

    def fill(self, view: SignView) -> None:
        """Show the drawing, what is true now, and the number."""
        self.picture, self.lines = view.picture, "\n".join(view.lines)
        self.label, self.number = view.label, view.number
        self.drawn = 320 if view.picture else 0
