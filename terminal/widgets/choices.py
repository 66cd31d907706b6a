"""A list of answers that keeps its targets while it can, so that nothing flickers when a view comes again."""

from collections.abc import Sequence
from typing import cast

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, OptionProperty
from kivy.uix.gridlayout import GridLayout

from terminal.theme import theme
from terminal.views import Choice
from terminal.widgets.button import RowTile, TallTile, Tile
from terminal.widgets.kv import load_kv

load_kv(__file__)


def _even(needs: Sequence[float], room: float) -> float:
    """Return the height that each may have so that, with those that need more, all keep to the room."""
    left = sorted(needs, reverse=True)
    while left and left[0] > room / len(left):
        room -= left.pop(0)
    return max(0.0, room / len(left)) if left else 0.0


class Choices(GridLayout):
    """Tiles in ``columns``; upright in large type one below the other. ``room`` is the height they may grow into."""

    act = ObjectProperty(None, allownone=True)
    columns = NumericProperty(1)
    room = NumericProperty(0)
    natural = NumericProperty(0)  # px, the height that its words need
    least = NumericProperty(150)  # a target's height at 1080
    largest = NumericProperty(230)
    shape = OptionProperty("", options=["", "tall", "wide"])  # of every tile, in all its columns; "": as it fits best
    equal = BooleanProperty(defaultvalue=False)  # as high as the highest where there is room: equal rank

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("room", "children", "width"):
            self.fbind(name, self._spread)

    def show(self, choices: Sequence[Choice], columns: int = 1) -> None:
        """Stand for these choices."""
        self.columns = columns
        self.cols = 1 if theme.large and not theme.landscape and not self.shape else columns
        tall = self.shape == "tall" if self.shape else self.cols > 1 and not theme.landscape
        kind = TallTile if tall else RowTile
        if len(self.children) != len(choices) or not all(isinstance(tile, kind) for tile in self.children):
            self._build(kind, len(choices))
        for tile, choice in zip(self.tiles, choices, strict=True):
            tile.beside = self.cols > 1
            tile.show(choice)
        self._spread()

    @property
    def tiles(self) -> list[Tile]:
        """The targets in reading order."""
        return cast("list[Tile]", list(reversed(self.children)))

    def _build(self, kind: type[Tile], count: int) -> None:
        self.clear_widgets()
        for _ in range(count):
            tile = kind(act=self.act, least=self.least)
            tile.fbind("needed", self._spread)
            self.add_widget(tile)

    def _spread(self, *_: object) -> None:
        """Share the room out evenly, within limits. Side by side, those of a row are as high as its highest."""
        highest = [float(tile.needed) for tile in self.tiles]
        needs = [max(highest[at : at + self.cols]) for at in range(0, len(highest), self.cols)]
        gaps = self.spacing[1] * max(0, len(needs) - 1)
        share = min(theme.px(self.largest), _even(needs, self.room - gaps))
        if self.equal and needs and max(needs) * len(needs) + gaps <= self.room:
            share = max(share, *needs)
        self.natural = sum(needs) + gaps
        for at, tile in enumerate(self.tiles):
            tile.share = max(0, share, needs[at // self.cols] if self.cols > 1 else 0)
