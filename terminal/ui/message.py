"""What happened, what is true now, what you can do."""

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from terminal.ui.page import Page
from terminal.views import MessageView, Picture
from terminal.widgets.choices import Choices  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.picture import PictureBox  # noqa: F401 - the layout names it

load_kv(__file__)


class MessageScreen(Page[MessageView]):
    """Good news and faults, in the same calm voice."""

    true_now = StringProperty("")
    you_can = StringProperty("")
    picture = ObjectProperty(Picture.NONE)
    answers = BooleanProperty(defaultvalue=False)

    def fill(self, view: MessageView) -> None:
        """Show the sentences and the choices."""
        self.true_now, self.you_can, self.picture = view.true_now, view.you_can, view.picture
        self.answers = bool(view.choices)
        self.ids.choices.show(view.choices)
