"""One thing to do with the hands, drawn."""

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from terminal.ui.page import Page
from terminal.views import Picture, PictureView
from terminal.widgets.choices import Choices  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.picture import PictureBox  # noqa: F401 - the layout names it

load_kv(__file__)


class PictureScreen(Page[PictureView]):
    """A large drawing, and one line that says what is true now."""

    picture = ObjectProperty(Picture.NONE)
    line = StringProperty("")
    busy = BooleanProperty(defaultvalue=False)
    progress = NumericProperty(0.0)
    measured = BooleanProperty(defaultvalue=False)

    def fill(self, view: PictureView) -> None:
        """Show the drawing, the line and the answers."""
        self.picture, self.line, self.busy = view.picture, view.line, view.busy
        self.measured, self.progress = view.progress is not None, view.progress or 0.0
        self.ids.choices.show(view.choices)
