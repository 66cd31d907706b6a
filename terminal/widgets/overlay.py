"""A card over the screen: the idle warning, or help. The row below stays free: leaving and the alarm always work."""

from typing import cast

from kivy.input import MotionEvent
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout

from terminal.views import Choice
from terminal.widgets.button import BigButton
from terminal.widgets.icon import Icon  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.scroll import ScrollPane  # noqa: F401 - the layout names it
from terminal.widgets.text import TextBlock  # noqa: F401 - the layout names it

load_kv(__file__)


class Overlay(FloatLayout):
    """A sentence and one large button; what is beneath is dimmed, and can't be touched."""

    content = StringProperty("")
    picture = StringProperty("")  # name of an icon
    attention = BooleanProperty(defaultvalue=False)
    act = ObjectProperty(None, allownone=True)

    def on_kv_post(self, _: object) -> None:
        """Put the words where they can be paged through."""
        body = self.ids.body
        self.remove_widget(body)
        self.ids.pane.put(body)

    def show(self, content: str, choice: Choice) -> None:
        """Say this, and offer this."""
        self.content = content
        self.button.show(choice)

    @property
    def button(self) -> BigButton:
        """Its one target."""
        return cast("BigButton", self.ids.answer)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Let nothing through."""
        super().on_touch_down(touch)
        return bool(self.collide_point(*touch.pos))
