"""The live picture, one short instruction and its arrow."""

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from terminal.ui.page import Page
from terminal.views import CameraView, Picture
from terminal.widgets.camera import CameraPane, Frame
from terminal.widgets.choices import Choices  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.picture import PictureBox  # noqa: F401 - the layout names it

load_kv(__file__)


class CameraScreen(Page[CameraView]):
    """The preview beside the drawing of what to do: at most half of the width, because each frame redraws it."""

    picture = ObjectProperty(Picture.NONE)
    simulated = StringProperty("")
    progress = NumericProperty(0.0)
    measured = BooleanProperty(defaultvalue=False)

    def fill(self, view: CameraView) -> None:
        """Show which way to look, and how far the checks are."""
        self.picture, self.simulated = view.picture, view.simulated
        self.measured, self.progress = view.progress is not None, view.progress or 0.0
        self.ids.choices.show(view.choices)

    def show_frame(self, image: Frame | None) -> None:
        """Show the latest frame."""
        pane: CameraPane = self.ids.pane_of_camera
        pane.show_frame(image)
