"""The one label of the product: Chinese line ends, fonts for rare characters, and type that fits its place."""

from functools import lru_cache, partial
from typing import cast

from kivy.clock import Clock
from kivy.core.text import Label as CoreLabel
from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.label import Label
from kivy.utils import escape_markup

from terminal.fonts import SCREEN_FONT, register, runs
from terminal.line_breaking import balance_lines, break_lines, widest_piece
from terminal.theme import SHRINK, TYPE, theme
from terminal.widgets.kv import load_kv

register()
load_kv(__file__)


class TextBlock(Label):
    """Text that is never cut: it takes the height it needs, or, where ``limit`` gives a height, shrinks to fit it.

    Set ``content``; ``text`` is what was made of it. ``role`` is one of theme.TYPE.
    """

    content = StringProperty("")
    role = OptionProperty("body", options=list(TYPE))
    limit = NumericProperty(0.0)  # px; 0: as high as it needs
    balanced = BooleanProperty(defaultvalue=False)
    # the theme's, followed by the layout: what a layout binds ends with its widget, and the theme outlives every screen
    unit = NumericProperty(1.0)
    large = BooleanProperty(defaultvalue=False)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        # once before the next frame, however many of these change
        self._soon = Clock.create_trigger(self._lay_out, -1)
        for name in ("content", "role", "limit", "balanced", "width", "bold", "unit", "large"):
            self.fbind(name, self._changed)
        self._changed()

    def forget(self) -> None:
        """Blank what was made of the text, and its picture."""
        self.text = ""
        self._label.text = ""
        self._label.refresh()
        self.texture = None

    def _changed(self, *_: object) -> None:
        self._soon()

    def _lay_out(self, *_: object) -> None:
        size = next((size for size in self._sizes() if self._fits(size)), self._sizes()[-1])
        lines = self._lines(size) if self.content else []
        self.markup = any(font != SCREEN_FONT for font, _ in runs(self.content))
        self.font_size, self.text_size = size, (self.width, None)
        self.text = "\n".join(map(_marked_up, lines)) if self.markup else "\n".join(lines)
        self.texture_update()
        if self.size_hint_y is None:
            self.height = self.texture_size[1] if self.content else 0

    def _sizes(self) -> list[int]:
        wanted = TYPE[self.role][int(theme.large)]
        return [theme.px(wanted), *(theme.px(size) for size in SHRINK if size < wanted)]

    def _lines(self, size: int) -> list[str]:
        breaker = balance_lines if self.balanced else break_lines
        return breaker(self.content, self.width, partial(self._measure, size))

    def _fits(self, size: int) -> bool:
        """Whether no word is cut at this size and, where there is a limit, the lines keep it."""
        measure = partial(self._measure, size)
        if measure(self.content) <= self.width and not self.limit:
            return True
        if widest_piece(self.content, measure) > self.width:
            return False
        if not self.limit:
            return True
        line = self._core(size, SCREEN_FONT).get_extents("国")[1]
        return len(break_lines(self.content, self.width, measure)) * line <= self.limit

    def _measure(self, size: int, text: str) -> float:
        """Return the width in px. Nothing is remembered: what was measured may be a name."""
        return sum(self._core(size, font).get_extents(part)[0] for font, part in runs(text))

    def _core(self, size: int, font: str) -> CoreLabel:
        return _measuring(font, size, bold=bool(self.bold) and font == SCREEN_FONT)


@lru_cache(64)
def _measuring(font: str, size: int, *, bold: bool) -> CoreLabel:
    """Return what measures a font: it is asked for the width of words, and never holds them."""
    return CoreLabel(font_name=font, font_size=size, bold=bold)


def _marked_up(line: str) -> str:
    return "".join(
        cast("str", escape_markup(text)) if font == SCREEN_FONT else f"[font={font}]{escape_markup(text)}[/font]"
        for font, text in runs(line)
    )
