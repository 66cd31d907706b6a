"""An authority's round seal: circle, star, its name on the arc, and below the star what the seal is for, if it says so.

Vector outlines on the page itself, so that it prints everywhere and adds no words to the page's text. A specimen seal
reads 样张 there. It is a picture: what proves a paper is the signature and the code.
"""

import math
import re
from functools import cache

from reportlab.pdfgen.canvas import Canvas

from forms.fonts import Weight
from forms.layout import Colour, Points
from forms.outlines import advance, outlined_glyph, outlined_line, points

SPECIMEN_LINE = "样张"

_REMARK = re.compile(r"\s*[(\uff08][^()\uff08\uff09]*[)\uff09]\s*$")  # in brackets after the name

# in parts of the seal's radius
_RIM, _RIM_WEIGHT = 0.972, 0.056
_STAR = 0.27
_BASELINE = 0.69  # of the arc's letters
_LETTER_HEIGHT, _WIDEST_LETTER = 0.235, 0.20
_WIDEST_ARC, _WIDEST_STEP = math.radians(210), math.radians(24)
_LINE_Y, _LINE_HEIGHT, _LINE_WIDTH = -0.735, 0.17, 0.98


def draw_seal(canvas: Canvas, place: Points, colour: Colour, authority: str, line: str) -> None:
    """Draw the seal of ``authority`` into the square ``place``; ``line`` below its star. Raises MissingGlyphError."""
    left, bottom, right, top = place
    radius = (right - left) / 2
    canvas.saveState()
    canvas.translate((left + right) / 2, (bottom + top) / 2)
    canvas.setStrokeColorRGB(*colour)
    canvas.setFillColorRGB(*colour)
    canvas.setLineWidth(_RIM_WEIGHT * radius)
    canvas.circle(0, 0, _RIM * radius, stroke=1, fill=0)
    canvas.addLiteral(_figures(radius, authority, line))
    canvas.restoreState()


@cache
def _figures(radius: float, authority: str, line: str) -> str:
    """Star, arc and line as path operators around the seal's middle."""
    name = _arc(radius, _REMARK.sub("", authority))
    return f"{_star(radius)} f {name} f {_line(radius, line)}"


def _line(radius: float, text: str) -> str:
    if not text:
        return ""
    size = min(_LINE_HEIGHT, _LINE_WIDTH / advance(text, Weight.BOLD)) * radius
    outlines = outlined_line(text, Weight.BOLD, size, size * 0.06)
    return f"q 1 0 0 1 {points(0, _LINE_Y * radius)} cm {outlines} f Q"


def _star(radius: float) -> str:
    """The five-pointed star, drawn as a pentagram: the non-zero rule fills its middle."""
    angles = [math.pi / 2 + tip * 4 * math.pi / 5 for tip in range(5)]
    first, *others = (points(math.cos(a) * _STAR * radius, math.sin(a) * _STAR * radius) for a in angles)
    return f"{first} m " + " ".join(f"{tip} l" for tip in others) + " h"


def _arc(radius: float, text: str) -> str:
    """The name from left to right over the top, upright to the rim; long names get narrower letters."""
    step = min(_WIDEST_ARC / max(len(text) - 1, 1), _WIDEST_STEP)
    room = step * (_BASELINE + _LETTER_HEIGHT / 2)  # of one letter at its middle
    wide, high = min(_WIDEST_LETTER, room * 0.92) * radius, _LETTER_HEIGHT * radius
    letters = []
    for index, letter in enumerate(text):
        angle = step * ((len(text) - 1) / 2 - index)
        cos, sin = math.cos(angle), math.sin(angle)
        back, up = -advance(letter, Weight.BOLD) * wide / 2, _BASELINE * radius
        matrix = (wide * cos, wide * sin, -high * sin, high * cos, cos * back - sin * up, sin * back + cos * up)
        letters.append(outlined_glyph(letter, Weight.BOLD, matrix))
    return "\n".join(letters)
