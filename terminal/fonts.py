"""Which font draws which character, so that no resident ever reads a box instead of a name.

Kivy has no font fallback: a run of characters that the screen font lacks is wrapped in ``[font=...]`` markup. What is
in no font at all is shown as its code point, which an officer can look up; a box tells nobody anything. So are private
code points: a font's own picture there is nobody's name.
"""

import unicodedata
from functools import cache

from civic.assets import third_party

SCREEN_FONT = "Lamplight"
_REGULAR = "fonts/NotoSansSC-Regular.ttf"
_BOLD = "fonts/NotoSansSC-Bold.ttf"
FALLBACKS = {"LamplightRare": "fonts/BabelStoneHan.ttf", "LamplightRarest": "fonts/HanaMinB.ttf"}
_IN_NO_FONT = "?"


@cache
def register() -> None:
    """Make the fonts known to Kivy. Opens nothing yet."""
    from kivy.core.text import LabelBase  # noqa: PLC0415 - coverage is asked where no Kivy is

    LabelBase.register(SCREEN_FONT, str(third_party(_REGULAR)), fn_bold=str(third_party(_BOLD)))
    for name, path in FALLBACKS.items():
        LabelBase.register(name, str(third_party(path)))


def runs(text: str) -> list[tuple[str, str]]:
    """Cut a text into (font, text) runs. Characters in no font come as their code point in the screen font."""
    if text and _is_everyday(text):
        return [(SCREEN_FONT, text)]  # nearly all that is shown, and this is asked a hundred times a screen
    result: list[tuple[str, str]] = []
    for character in text:
        font = _font_of(character)
        shown, font = (f"[U+{ord(character):04X}]", SCREEN_FONT) if font == _IN_NO_FONT else (character, font)
        if result and result[-1][0] == font:
            result[-1] = (font, result[-1][1] + shown)
        else:
            result.append((font, shown))
    return result


def _font_of(character: str) -> str:
    if _is_everyday(character) or ord(character) in coverage(_REGULAR):
        return SCREEN_FONT
    if unicodedata.category(character) == "Co":
        return _IN_NO_FONT
    return next((name for name, path in FALLBACKS.items() if ord(character) in coverage(path)), _IN_NO_FONT)


def _is_everyday(text: str) -> bool:
    """Whether GB 2312 has all of it. The screen font covers that set (a test says so), and its tables stay unread.
    Control characters can be encoded too, and no font has them."""
    if any(each < " " and each != "\n" for each in text) or "\x7f" in text:
        return False
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def coverage(path: str) -> frozenset[int]:
    """Return the code points that a font has glyphs for."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - half a second that most days never need

    with TTFont(third_party(path), lazy=True) as font:
        return frozenset(font.getBestCmap())
