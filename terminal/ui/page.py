"""The frame of every working screen: the steps, one question, its answers, 返回 and 下一步 always in one place."""

from typing import ClassVar, Generic, TypeVar

from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    NumericProperty,
    ObjectProperty,
    OptionProperty,
    StringProperty,
)
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.layout import Layout
from kivy.uix.widget import Widget

from terminal.theme import Palette, Rgb, theme
from terminal.views import Choice, Tone, View
from terminal.widgets.button import BigButton
from terminal.widgets.choices import Choices
from terminal.widgets.icon import Icon  # noqa: F401 - the layouts name it
from terminal.widgets.keypad import Keypad
from terminal.widgets.kv import load_kv
from terminal.widgets.scroll import ScrollPane  # noqa: F401 - the layout names it
from terminal.widgets.steps import StepRow  # noqa: F401 - the layout names it
from terminal.widgets.text import TextBlock

load_kv(__file__)

V = TypeVar("V", bound=View)

# tone -> (ground, words, quiet words, strip along the top)
TONES: dict[Tone, tuple[Rgb, Rgb, Rgb, Rgb]] = {
    Tone.CALM: (Palette.paper, Palette.ink, Palette.quiet_ink, Palette.none),
    Tone.ATTENTION: (Palette.amber_tint, Palette.ink, Palette.quiet_ink, Palette.amber),
    Tone.ALARM: (Palette.paper, Palette.ink, Palette.quiet_ink, Palette.red),
    Tone.OPEN: (Palette.green, Palette.white, Palette.white, Palette.none),
    Tone.NIGHT: (Palette.night, Palette.night_ink, Palette.night_quiet, Palette.none),
}


_ARROWS_PX = 120  # the row of arrows of a ScrollPane that overflows, and its gap
_GROWING = (Choices, Keypad)  # they have ``natural`` and ``room``
_ABOVE_ANSWERS = 0.4  # of spare height: answers stand low, within reach, and not far from their question


class Column(BoxLayout):
    """Things one below the other, as high as they are."""


class Lead(Column):
    """The question, and what belongs to it."""


class Aside(Column):
    """More words. On a lying screen they go to the right in large type, where drawings have no room, or by ``side``."""

    side = OptionProperty("", options=["", "left", "right"])


class Middle(Column):
    """A drawing or a table. ``least`` above 0: it fills the room that is left, and needs at least that (px at 1080).

    An ``optional`` one with ``least`` 0 has nothing to show.
    """

    least = NumericProperty(0)
    optional = BooleanProperty(defaultvalue=False)  # goes where there is no room: it helps, and words and answers must


class Answers(Column):
    """The targets."""


class Bar(BoxLayout):
    """Targets side by side that stay in sight: what is held or pressed while a table is read.

    Upright, above 返回 and 下一步; lying, between them.
    """


class OtherBar(Bar):
    """Another way to the same end."""

    act = ObjectProperty(None, allownone=True)
    tight = BooleanProperty(defaultvalue=False)


class Card(Column):
    """Words on a card."""

    ground = ColorProperty(Palette.card)


class Question(TextBlock):
    """The sentence in the largest type."""


class Spread(Layout):
    """Upright: lead, middle, answers from top to bottom, answers low. Lying: two columns, ``right`` on the right; with
    "nothing" there, one column as when upright."""

    right = OptionProperty("answers", options=["answers", "middle", "nothing"])
    room = NumericProperty(0)  # height of the pane it scrolls in, px
    tight = BooleanProperty(defaultvalue=False)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("pos", "width", "children", "room", "right", "tight"):
            self.fbind(name, self._trigger_layout)

    def add_widget(self, widget: Widget, *args: object) -> None:
        """Take a slot, and follow its height."""
        super().add_widget(widget, *args)
        widget.fbind("minimum_height", self._trigger_layout)
        if isinstance(widget, Middle):
            widget.fbind("least", self._trigger_layout)

    def do_layout(self, *_: object) -> None:
        """Place the slots, and be as high as they need."""
        gap = theme.px(24 if self.tight else 56)
        slots = [slot for slot in reversed(self.children) if _need(slot)]
        columns = [self._without_luxury(column, gap) for column in self._columns(slots)]
        for slot in self.children:
            slot.opacity = int(any(slot in column for column in columns))
        self.height = max(self.room, *(_needs(column, gap) for column in columns))
        width = (self.width - gap * (len(columns) - 1)) / max(1, len(columns))
        for index, column in enumerate(columns):
            self._stack(column, self.x + index * (width + gap), width, gap)
        self._tell_room(columns, gap)

    def _without_luxury(self, column: list[Column], gap: float) -> list[Column]:
        """Leave the drawing out where it would make words scroll. Widths stay, so this can't swing to and fro."""
        if _needs(column, gap) <= self.room:
            return column
        return [slot for slot in column if len(column) == 1 or not _is_optional(slot)]

    def _columns(self, slots: list[Column]) -> list[list[Column]]:
        """By the kind of slot alone: what was shown before must not decide where things stand."""
        kind = Middle if self.right == "middle" else Answers
        right = [slot for slot in slots if isinstance(slot, kind) and not (theme.large and _is_optional(slot))]
        side = "right" if theme.large else "left"
        right = [*(slot for slot in slots if isinstance(slot, Aside) and (slot.side or side) == "right"), *right]
        if not theme.landscape or not right or self.right == "nothing":
            return [slots]
        return [[slot for slot in slots if slot not in right], right]

    def _stack(self, column: list[Column], x: float, width: float, gap: float) -> None:
        spare = max(0, self.height - sum(map(_height, column)) - gap * (len(column) - 1))
        top = self.top
        for slot in column:
            height = _height(slot)
            if isinstance(slot, Middle) and slot.least:
                height += spare if len(column) > 1 else self._in_sight() - height
                spare = 0
            elif isinstance(slot, Answers) and len(column) > 1:
                top -= spare * _ABOVE_ANSWERS
            slot.width, slot.height = width, height
            slot.pos = (x, top - height)
            top -= height + gap

    def _in_sight(self) -> float:
        """Return the height that is seen without turning pages: a drawing that stands alone keeps to it."""
        return float(self.room) - (theme.px(_ARROWS_PX) if self.height > self.room else 0)

    def _tell_room(self, columns: list[list[Column]], gap: float) -> None:
        """Let targets grow into the room that nothing else needs."""
        for column in columns:
            others = [slot for slot in column if not isinstance(slot, Answers)]
            room = self.room - sum(map(_need, others)) - gap * len(others)
            for answers in (slot for slot in column if isinstance(slot, Answers)):
                for child in (child for child in answers.children if isinstance(child, _GROWING)):
                    child.room = max(0, room - _need(answers) + child.natural)


def _is_optional(slot: Column) -> bool:
    return isinstance(slot, Middle) and bool(slot.optional)


def _need(slot: Column) -> float:
    """Return the height without which something would be cut, in px: targets may be given more."""
    if isinstance(slot, Middle) and slot.least:
        return max(float(slot.minimum_height), theme.px(slot.least))
    if _is_optional(slot):
        return 0.0  # whatever height its drawing had on the screen before
    # from the children, not from minimum_height: what targets were given must not change what they need
    heights = [float(child.natural if isinstance(child, _GROWING) else child.height) for child in slot.children]
    return sum(heights) + slot.spacing * (len(heights) - 1) if any(heights) else 0.0


def _height(slot: Column) -> float:
    """Return the height that a slot has by now."""
    return max(_need(slot), float(slot.minimum_height))


def _needs(column: list[Column], gap: float) -> float:
    return sum(map(_need, column)) + gap * (len(column) - 1)


class Page(BoxLayout, Generic[V]):
    """A screen. Subclasses name Lead, Middle and Answers in their layout, and fill them in ``fill``."""

    act = ObjectProperty(None, allownone=True)
    right = OptionProperty("answers", options=["answers", "middle", "nothing"])
    question = StringProperty("")
    ground = ColorProperty(Palette.paper)
    ink = ColorProperty(Palette.ink)
    quiet = ColorProperty(Palette.quiet_ink)
    strip = ColorProperty(Palette.none)
    tight = BooleanProperty(defaultvalue=False)  # less room around things, and more for what is typed on
    slots: ClassVar = (Lead, Aside, Middle, Answers)

    def __init__(self, **kwargs: object) -> None:
        self._other: OtherBar | None = None
        super().__init__(**kwargs)

    def add_widget(self, widget: Widget, *args: object) -> None:
        """Put slots into the spread, and everything else where the layout says."""
        if isinstance(widget, self.slots):
            self.ids.spread.add_widget(widget)
        elif isinstance(widget, Bar) and theme.landscape:
            self.ids.ends.add_widget(widget, index=1)
        elif isinstance(widget, Bar):
            super().add_widget(widget, index=self.children.index(self.ids.ends) + 1)
        else:
            super().add_widget(widget, *args)

    def on_kv_post(self, _: object) -> None:
        """Let the spread scroll."""
        spread = self.ids.spread
        self.remove_widget(spread)
        self.ids.pane.put(spread)

    def show(self, view: V) -> None:
        """Show a view of this screen's template."""
        self.ground, self.ink, self.quiet, self.strip = TONES[view.tone]
        self.question = view.question
        self.ids.steps.show(view.steps)
        _show_end(self.ids.back, view.back)
        _show_end(self.ids.forward, view.forward)
        self._show_other(view.other)
        self.fill(view)
        self.ids.pane.look_again()

    def _show_other(self, choice: Choice | None) -> None:
        if choice is None and self._other is not None:
            self._other.parent.remove_widget(self._other)
            self._other = None
        elif choice is not None:
            if self._other is None:
                self._other = OtherBar(act=self.act, tight=self.tight)
                self.fbind("tight", self._other.setter("tight"))
                self.add_widget(self._other)
            self._other.ids.other.show(choice)

    def fill(self, view: V) -> None:
        """Show what this template adds."""

    def begin(self) -> None:
        """Come on: from the top."""
        self.ids.pane.to_top()


def _show_end(button: BigButton, choice: Choice | None) -> None:
    button.opacity = 0 if choice is None else 1
    button.show(choice or Choice("", "", enabled=False))
