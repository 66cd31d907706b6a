"""Large targets: the next step, a way back, answers of equal rank, and tiles with an icon and a reason when grey."""

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from terminal.theme import Palette, Rgb
from terminal.views import Choice
from terminal.widgets.icon import Icon  # noqa: F401 - the layout names it
from terminal.widgets.kv import load_kv
from terminal.widgets.pressable import Pressable
from terminal.widgets.text import TextBlock  # noqa: F401 - the layout names it

load_kv(__file__)

# rank -> (ground, pressed ground, words, edge)
LOOKS: dict[str, tuple[Rgb, Rgb, Rgb, Rgb]] = {
    "primary": (Palette.blue, Palette.blue_pressed, Palette.white, Palette.none),
    "plain": (Palette.card, Palette.blue_tint, Palette.ink, Palette.line),
    "quiet": (Palette.none, Palette.blue_tint, Palette.blue, Palette.blue),
    "off": (Palette.off, Palette.off, Palette.off_ink, Palette.none),
}


class Target(Pressable, BoxLayout):
    """A pressable with words; ``rank`` gives its look."""

    rank = OptionProperty("plain", options=["primary", "plain", "quiet"])
    note = StringProperty("")
    icon = StringProperty("")
    ground = ColorProperty(Palette.card)
    ink = ColorProperty(Palette.ink)
    edge = ColorProperty(Palette.none)
    least = NumericProperty(150)  # height at 1080, at the least

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("rank", "available", "pressed"):
            self.fbind(name, self._colour)
        self._colour()

    def show(self, choice: Choice) -> None:
        """Stand for a choice."""
        self.action, self.label, self.note = choice.action, choice.label, choice.note
        self.icon, self.available = choice.icon, choice.enabled

    def _colour(self, *_: object) -> None:
        ground, pressed, self.ink, self.edge = LOOKS[self.rank if self.available else "off"]
        self.ground = pressed if self.pressed else ground


class BigButton(Target):
    """One line of large words, centred."""


class Tile(Target):
    """An icon, a label and a note under it. Grey, the note is its reason."""

    needed = NumericProperty(0)  # px, so that its words fit
    beside = BooleanProperty(defaultvalue=False)  # another one stands in its row
    share = NumericProperty(0)  # px, of the room that its list has


class RowTile(Tile):
    """Wide: the icon stands before the words."""


class TallTile(Tile):
    """One of several side by side: the icon stands above the words."""
