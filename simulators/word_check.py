"""Whether all words on the screen can be read: none cut, none outside of the window, none over others."""

from collections.abc import Iterator
from itertools import combinations

from kivy.core.window import Window
from kivy.uix.label import Label
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from terminal.widgets.overlay import Overlay

_SLACK_PX = 2.0  # rounding
Box = tuple[float, float, float, float]  # left, bottom, right, top in px of the window


def labels(root: Widget) -> Iterator[Label]:
    """Every label with words on it that can be seen."""
    for widget in root.walk(restrict=True):
        if isinstance(widget, Label) and widget.text and not _hidden(widget, root):
            yield widget


def cut_words(root: Widget) -> Iterator[str]:
    """Words that are larger than their place."""
    for label in labels(root):
        width, height = label.texture_size
        if width > label.width + _SLACK_PX or height > label.height + _SLACK_PX:
            yield f"cut: {label.text!r} {label.texture_size} in {label.size}"


def outside(root: Widget) -> Iterator[str]:
    """Words beyond the window's edges; above and below a pane that scrolls they may be."""
    for label in labels(root):
        left, bottom, right, top = _words(label)
        across = left < -_SLACK_PX or right > Window.width + _SLACK_PX
        along = bottom < -_SLACK_PX or top > Window.height + _SLACK_PX
        if across or (along and _pane(label, root) is None):
            yield f"outside: {label.text!r}"


def overlaps(root: Widget) -> Iterator[str]:
    """Pairs of words that lie over each other in the same layer."""
    layers: dict[bool, list[tuple[Label, Box]]] = {False: [], True: []}
    for label in labels(root):
        box = _clipped(_words(label), _pane(label, root))
        if box is not None:
            layers[_in_overlay(label, root)].append((label, box))
    for layer in layers.values():
        for (one, first), (other, second) in combinations(layer, 2):
            if _meet(first, second):
                yield f"over each other: {one.text!r} and {other.text!r}"


def _words(label: Label) -> Box:
    """Where the words themselves are: a label may be larger."""
    x, y = label.to_window(label.x, label.y)
    width, height = label.texture_size
    bottom = y + (label.height - height) / 2
    return x, bottom, x + width, bottom + height


def _clipped(box: Box, pane: ScrollView | None) -> Box | None:
    if pane is None:
        return box
    bottom, top = pane.to_window(pane.x, pane.y)[1], pane.to_window(pane.x, pane.top)[1]
    low, high = max(box[1], bottom), min(box[3], top)
    return (box[0], low, box[2], high) if high > low else None


def _meet(one: Box, other: Box) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    along = min(one[3], other[3]) - max(one[1], other[1])
    return across > _SLACK_PX and along > _SLACK_PX


def _ancestors(widget: Widget, root: Widget) -> Iterator[Widget]:
    while widget is not root and widget.parent is not widget:
        yield widget
        widget = widget.parent


def _hidden(widget: Widget, root: Widget) -> bool:
    return any(not ancestor.opacity for ancestor in _ancestors(widget, root))


def _pane(widget: Widget, root: Widget) -> ScrollView | None:
    return next((ancestor for ancestor in _ancestors(widget, root) if isinstance(ancestor, ScrollView)), None)


def _in_overlay(widget: Widget, root: Widget) -> bool:
    return any(isinstance(ancestor, Overlay) for ancestor in _ancestors(widget, root))
