"""The one design system, as data: colours, sizes, spacing. docs/decisions/design-system.md says why.

Sizes are for a screen 1080 px on its short side; ``theme.unit`` scales them to the real one. Widgets bind to
``theme``, so a change of type size or language reaches all of them at once.
"""

from typing import Final

from kivy.event import EventDispatcher
from kivy.properties import AliasProperty, BooleanProperty, NumericProperty, OptionProperty

Rgb = tuple[float, float, float, float]

SHORT_SIDE_PX: Final = 1080
PIXEL_PITCH_MM: Final = 0.37  # a 32-inch portrait panel
GATE_PIXEL_PITCH_MM: Final = 0.17  # a 10-inch panel of 800 by 1280
SMALLEST_TARGET_MM: Final = 20
LONGEST_HOLD_S: Final = 2.0


def rgb(code: str) -> Rgb:
    """'#1F4E9E' -> the four numbers Kivy wants, each 0 to 1."""
    return (int(code[1:3], 16) / 255, int(code[3:5], 16) / 255, int(code[5:7], 16) / 255, 1.0)


class Palette:
    """Ink on paper, one blue for the next step, amber where attention is due, red for the alarm alone."""

    ink = rgb("#1C2530")
    quiet_ink = rgb("#4A5563")
    paper = rgb("#FBF8F2")
    card = rgb("#FFFFFF")
    line = rgb("#D9D2C5")
    blue = rgb("#1B4F9C")
    blue_pressed = rgb("#143B76")
    blue_tint = rgb("#E6EEF9")
    amber = rgb("#E09A1A")
    amber_ink = rgb("#7A4300")
    amber_tint = rgb("#FFF3DA")
    red = rgb("#B3261E")
    red_pressed = rgb("#8C1D17")
    green = rgb("#2E7D4F")
    off = rgb("#ECE8DF")
    off_ink = rgb("#5C6470")
    night = rgb("#0B1533")
    night_card = rgb("#16224A")
    night_ink = rgb("#F4EFE4")
    night_quiet = rgb("#A9B4D0")
    glow = rgb("#FFC86B")
    white = rgb("#FFFFFF")
    none = (0.0, 0.0, 0.0, 0.0)


# every (text, ground) pair that a screen uses; a test computes their contrast
TEXT_ON_GROUND: Final = {
    "text": (Palette.ink, Palette.paper),
    "text on a card": (Palette.ink, Palette.card),
    "quiet text": (Palette.quiet_ink, Palette.paper),
    "quiet text on a card": (Palette.quiet_ink, Palette.card),
    "the next step": (Palette.white, Palette.blue),
    "the next step, pressed": (Palette.white, Palette.blue_pressed),
    "the step now": (Palette.blue, Palette.paper),
    "a link's words on a card": (Palette.blue, Palette.card),
    "chosen": (Palette.blue, Palette.blue_tint),
    "text on a tint": (Palette.ink, Palette.blue_tint),
    "attention": (Palette.amber_ink, Palette.amber_tint),
    "attention on a card": (Palette.amber_ink, Palette.card),
    "text where attention is due": (Palette.ink, Palette.amber_tint),
    "quiet text where attention is due": (Palette.quiet_ink, Palette.amber_tint),
    "alarm": (Palette.white, Palette.red),
    "alarm, pressed": (Palette.white, Palette.red_pressed),
    "good": (Palette.green, Palette.card),
    "bad": (Palette.red, Palette.card),
    "grey": (Palette.off_ink, Palette.off),
    "a grey target's reason": (Palette.ink, Palette.off),
    "a way is free": (Palette.white, Palette.green),
    "night": (Palette.night_ink, Palette.night),
    "night, quiet": (Palette.night_quiet, Palette.night),
    "night, glow": (Palette.glow, Palette.night),
    "night row": (Palette.night_quiet, Palette.night_card),
}


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgb) -> float:
    dark_limit = 0.04045
    red, green, blue = (c / 12.92 if c <= dark_limit else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# role -> (normal, large), px at 1080: the smaller a type, the more it grows; 34 px are 12.6 mm high already
TYPE: Final = {
    "label": (34, 48),  # the row of helps and the steps: single words
    "small": (34, 56),
    "body": (44, 64),
    "lead": (56, 72),
    "title": (72, 88),
    "sign": (120, 144),
    "clock": (208, 208),
}
# what a text that must fit its place may shrink to, largest first; few sizes, because each opens its font anew
SHRINK: Final = (144, 120, 88, 72, 64, 56, 48, 44, 34, 28, 24)


class Theme(EventDispatcher):  # type: ignore[misc] # Kivy is untyped
    """How this person, on this screen, is shown everything."""

    language = OptionProperty("zh", options=["zh", "en"])
    large = BooleanProperty(defaultvalue=False)
    landscape = BooleanProperty(defaultvalue=False)
    motion = BooleanProperty(defaultvalue=True)
    unit = NumericProperty(1.0)
    pixel_pitch_mm = NumericProperty(PIXEL_PITCH_MM)  # of the real panel, from the configuration

    def fit(self, width: float, height: float) -> None:
        """Scale to a window of this size in px."""
        self.landscape = width > height
        self.unit = min(width, height) / SHORT_SIDE_PX

    def type_px(self, role: str) -> int:
        """Return the type size of a role (see TYPE) on this screen."""
        return self.px(TYPE[role][int(self.large)])

    def px(self, size: float) -> int:
        """Scale a size at 1080 to this screen."""
        return max(1, round(size * float(self.unit)))

    def _spacing(self) -> int:
        return self.px(24)

    def _target(self) -> int:
        return round(SMALLEST_TARGET_MM / float(self.pixel_pitch_mm))

    gap = AliasProperty(_spacing, bind=("unit",), cache=True)
    target = AliasProperty(_target, bind=("pixel_pitch_mm",), cache=True)  # px, the least; most are far larger


theme = Theme()
