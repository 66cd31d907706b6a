"""Keys for a number, a date, or letters and digits. What is typed stands above them, and never here."""

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, OptionProperty
from kivy.uix.gridlayout import GridLayout

from terminal.theme import theme
from terminal.views import Keys
from terminal.widgets.kv import load_kv
from terminal.widgets.pin_pad import PinKey

load_kv(__file__)

ERASE = "key-erase"
_NUMBER = (*"123456789", "X", "0", ERASE)
_DIGITS = (*"123456789", "", "0", ERASE)
_LETTERS = (*"1234567890", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ", ERASE)
ROWS: dict[Keys, tuple[tuple[str, ...], int]] = {  # the keys, and how many stand side by side
    Keys.NUMBER: (_NUMBER, 3),
    Keys.DIGITS: (_DIGITS, 3),
    Keys.LETTERS: (_LETTERS, 10),
}


class Keypad(GridLayout):
    """As on a telephone; letters in the order of the alphabet, because not everyone knows another."""

    act = ObjectProperty(None, allownone=True)
    keys = OptionProperty(Keys.NUMBER, options=list(Keys))
    letters = BooleanProperty(defaultvalue=False)
    lying = NumericProperty(0)  # a key's height on a lying screen, px at 1080
    upright = NumericProperty(0)  # and on an upright one
    crowded = NumericProperty(0)  # there, where words in large type leave no more: all keys are in sight at once
    lines = NumericProperty(1)
    gaps = NumericProperty(0)  # px, between all of the lines
    least = NumericProperty(0)  # px, what a key can't do without
    largest = NumericProperty(0)
    room = NumericProperty(0)  # px, the height that all of them may grow into
    natural = NumericProperty(0)  # px, what all of them can't do without

    def on_kv_post(self, _: object) -> None:
        """Lay the keys out."""
        self.fbind("keys", self._build)
        self._build()

    def _build(self, *_: object) -> None:
        keys, self.cols = ROWS[self.keys]
        self.lines = -(-len(keys) // self.cols)
        self.clear_widgets()
        for each in keys:
            self.add_widget(self._key(each))

    def _key(self, name: str) -> PinKey:
        action = name if name in (ERASE, "") else f"key:{name}"
        key = PinKey(action=action, act=self.act)
        key.label = "" if name == ERASE else name
        key.icon = "erase" if name == ERASE else ""
        key.available, key.opacity = bool(name), int(bool(name))
        key.padding = theme.px(4)
        key.role = "lead" if self.keys == Keys.LETTERS else "title"
        self.fbind("act", key.setter("act"))
        return key
