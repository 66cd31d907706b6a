"""Room for more than the screen holds, with large arrows that say so. Nobody has to know how to swipe.

A line of words that the fold would cut is hidden whole: half a line reads as a fault, a whole one as the next page.
"""

from collections.abc import Iterator

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ColorProperty, ListProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.label import Label
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from terminal.theme import Palette, theme
from terminal.widgets.kv import load_kv
from terminal.widgets.pressable import Pressable

load_kv(__file__)

_PAGE = 0.8  # of the visible height; what was last stays in sight
_MOST_VEILED = 0.4  # of the visible height
_SLACK_PX = 2.0  # rounding


class PageArrow(Pressable):
    """Turns a page up or down; grey at the end."""

    direction = NumericProperty(1)


class BarlessView(ScrollView):
    """What moves. It has no bar, so none fades: each step of that would draw the whole window anew."""

    def _bind_inactive_bar_color(self, *_: object) -> None:
        """Nothing fades."""


class ScrollPane(BoxLayout):
    """Shows ``content``; where it is higher than the pane, a row with two arrows appears below it."""

    overflowing = BooleanProperty(defaultvalue=False)
    at_top = BooleanProperty(defaultvalue=True)
    at_end = BooleanProperty(defaultvalue=False)
    ground = ColorProperty(Palette.none)  # what hides a line that the fold would cut
    veils = ListProperty([0, 0, 0, 0])  # px hidden: left and right half, at the lower edge; then at the upper one

    def __init__(self, **kwargs: object) -> None:
        self._veil_soon = Clock.create_trigger(self._veil, 0)  # after layouts, before the frame is drawn
        super().__init__(**kwargs)

    def put(self, content: Widget) -> None:
        """Show this widget; its height is its own."""
        self.ids.view.add_widget(content)
        content.fbind("height", self._measure)
        self.fbind("height", self._measure)
        for name in ("scroll_y", "pos", "size"):
            self.ids.view.fbind(name, self._measure)

    def look_again(self) -> None:
        """Other words are shown."""
        self._veil_soon()

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
        self._veil_soon()

    def _veil(self, *_: object) -> None:
        self.veils = list(self._hidden()) if self.overflowing else [0, 0, 0, 0]

    def _hidden(self) -> Iterator[float]:
        view = self.ids.view
        begin, low = view.to_window(view.x, view.y)
        middle, high = begin + view.width / 2, low + view.height
        lines = list(lines_of(view.children[0]))
        apart = not any(line[0] < middle < line[1] for line in lines)  # two columns: each has a fold of its own
        halves = [[line for line in lines if not apart or (line[0] < middle) is left] for left in (True, False)]
        for half in halves:
            yield _kept(_lowest_whole(half, low) - low, view.height)
        for half in halves:
            yield _kept(high - _highest_whole(half, high), view.height)


Line = tuple[float, float, float, float]  # left, right, bottom, top in px of the window


def _kept(veiled: float, height: float) -> float:
    """Rather half a line than a page of nothing."""
    return veiled if veiled <= height * _MOST_VEILED else 0


def lines_of(content: Widget) -> Iterator[Line]:
    """Yield every line of words."""
    for label in content.walk(restrict=True):
        if isinstance(label, Label) and label.text and label.opacity:
            count = label.text.count("\n") + 1
            high = label.texture_size[1] / count
            left, bottom = label.to_window(*label.pos)
            bottom += (label.height - label.texture_size[1]) / 2
            yield from ((left, left + label.width, bottom + high * at, bottom + high * (at + 1)) for at in range(count))


def _lowest_whole(lines: list[Line], edge: float) -> float:
    """Return the lowest fold at or above the edge that cuts no line."""
    while cut := [top for _, _, bottom, top in lines if bottom < edge - _SLACK_PX and top > edge + _SLACK_PX]:
        edge = max(cut)
    return edge


def _highest_whole(lines: list[Line], edge: float) -> float:
    while cut := [bottom for _, _, bottom, top in lines if bottom < edge - _SLACK_PX and top > edge + _SLACK_PX]:
        edge = min(cut)
    return edge
