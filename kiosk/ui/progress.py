"""Work that takes a while: its stages, and which one is running."""

from kivy.properties import ObjectProperty, StringProperty

from terminal.ui.page import Page
from terminal.views import Picture, ProgressView
from terminal.widgets.kv import load_kv
from terminal.widgets.picture import PictureBox  # noqa: F401 - the layout names it
from terminal.widgets.stages import ProgressList  # noqa: F401 - the layout names it

load_kv(__file__)


class ProgressScreen(Page[ProgressView]):
    """The stages over a drawing of what the machine does."""

    picture = ObjectProperty(Picture.NONE)
    line = StringProperty("")

    def fill(self, view: ProgressView) -> None:
        """Show how far it is."""
        self.picture, self.line = view.picture, view.line
        self.ids.stages.show(view.stages)
