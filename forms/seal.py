"""The red seal of a household register: circle, star, the authority's name on the arc, and what the seal is for.

Vector outlines on the page itself, so that it prints everywhere and adds no words to the page's text. A specimen seal
reads 样张 where a real one reads 户口专用章. It is a picture: what proves a paper is the signature and the code.
"""

import math

from reportlab.pdfgen.canvas import Canvas

from forms.fonts import Weight
from forms.layout import SEAL_RED, Square
from forms.outlines import add_glyph, add_line, advance, fill

PURPOSE_LINE, SPECIMEN_LINE = "户口专用章", "样张"

# in parts of the seal's radius
_RIM, _RIM_WEIGHT = 0.972, 0.056
_STAR, _STAR_Y = 0.27, 0.0
_BASELINE = 0.66  # of the arc's letters
_LETTER_HEIGHT, _WIDEST_LETTER = 0.235, 0.20
_WIDEST_ARC = math.radians(210)
_LINE_Y, _LINE_HEIGHT, _LINE_WIDTH = -0.735, 0.17, 0.98


def draw_seal(canvas: Canvas, place: Square, authority: str, *, specimen: bool) -> None:
    """Draw the seal of ``authority`` into ``place``. Raises MissingGlyphError."""
    left, bottom, right, top = place.box()
    canvas.saveState()
    canvas.translate((left + right) / 2, (bottom + top) / 2)
    radius = (right - left) / 2
    canvas.setStrokeColorRGB(*SEAL_RED)
    canvas.setFillColorRGB(*SEAL_RED)
    canvas.setLineWidth(_RIM_WEIGHT * radius)
    canvas.circle(0, 0, _RIM * radius, stroke=1, fill=0)
    _star(canvas, radius)
    _arc(canvas, radius, authority)
    _purpose(canvas, radius, SPECIMEN_LINE if specimen else PURPOSE_LINE)
    canvas.restoreState()


def _star(canvas: Canvas, radius: float) -> None:
    """The five-pointed star, drawn as a pentagram: the non-zero rule fills its middle."""
    path = canvas.beginPath()
    for point in range(5):
        angle = math.pi / 2 + point * 4 * math.pi / 5
        x, y = math.cos(angle) * _STAR * radius, (math.sin(angle) * _STAR + _STAR_Y) * radius
        (path.lineTo if point else path.moveTo)(x, y)
    path.close()
    fill(canvas, path)


def _arc(canvas: Canvas, radius: float, text: str) -> None:
    """The name from left to right over the top, upright to the rim; long names get narrower letters."""
    step = min(_WIDEST_ARC / max(len(text) - 1, 1), math.radians(24))
    pitch = step * (_BASELINE + _LETTER_HEIGHT / 2)  # the room of one letter at its middle
    narrow = min(_WIDEST_LETTER, pitch * 0.92) * radius
    height = _LETTER_HEIGHT * radius
    path = canvas.beginPath()
    for index, letter in enumerate(text):
        angle = step * ((len(text) - 1) / 2 - index)
        cos, sin = math.cos(angle), math.sin(angle)
        back = -advance(letter, Weight.BOLD) * narrow / 2
        up = _BASELINE * radius + 0.12 * height
        x, y = cos * back - sin * up, sin * back + cos * up
        add_glyph(path, letter, Weight.BOLD, (narrow * cos, narrow * sin, -height * sin, height * cos, x, y))
    fill(canvas, path)


def _purpose(canvas: Canvas, radius: float, text: str) -> None:
    size = min(_LINE_HEIGHT, _LINE_WIDTH / advance(text, Weight.BOLD)) * radius
    canvas.translate(0, _LINE_Y * radius)
    path = canvas.beginPath()
    add_line(path, text, Weight.BOLD, size, tracking=size * 0.06)
    fill(canvas, path)
