"""Room for more than the screen holds, with large arrows that say so. Nobody has to know how to swipe."""

from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from terminal.theme import theme
from terminal.widgets.kv import load_kv
from terminal.widgets.pressable import Pressable

load_kv(__file__)

_PAGE = 0.8  # of the visible height; what was last stays in sight


class PageArrow(Pressable):
    """Turns a page up or down; grey at the end."""

    direction = NumericProperty(1)


class ScrollPane(BoxLayout):
    """Shows ``content``; where it is higher than the pane, a row with two arrows appears below it."""

    overflowing = BooleanProperty(defaultvalue=False)
    at_top = BooleanProperty(defaultvalue=True)
    at_end = BooleanProperty(defaultvalue=False)

    def put(self, content: Widget) -> None:
        """Show this widget; its height is its own."""
        self.ids.view.add_widget(content)
        content.fbind("height", self._measure)
        self.fbind("height", self._measure)
        self.ids.view.fbind("scroll_y", self._measure)

    @property
    def room(self) -> float:
        """The height of the pane without the arrows, in px."""
        return float(self.height)

    def turn(self, direction: int) -> None:
        """Turn a page: 1 up, -1 down."""
        view = self.ids.view
        hidden = view.children[0].height - view.height
        if hidden > 0:
            view.scroll_y = min(1.0, max(0.0, view.scroll_y + direction * _PAGE * view.height / hidden))

    def bring_into_sight(self, widget: Widget) -> None:
        """Scroll so that a widget of the content is wholly seen."""
        if self.overflowing:
            self.ids.view.scroll_to(widget, padding=theme.gap, animate=False)

    def to_top(self) -> None:
        """Begin at the top again."""
        self.ids.view.scroll_y = 1

    def _measure(self, *_: object) -> None:
        view = self.ids.view
        content = view.children[0].height if view.children else 0
        self.overflowing = content > self.height + 1
        self.at_top = not self.overflowing or view.scroll_y > 1 - 1e-3
        self.at_end = not self.overflowing or view.scroll_y < 1e-3  # noqa: PLR2004 - a rounding error's width
