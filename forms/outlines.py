"""Text as filled outlines: for the seal and the watermark, which are pictures and must not be found as words.

reportlab fills by the even-odd rule unless told otherwise; overlapping TrueType contours need the non-zero rule
(ISO 32000-1, 8.5.3.3).
"""

from functools import cache
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from forms.errors import MissingGlyphError
from forms.fonts import Weight, font_file, runs

_NON_ZERO = 1  # reportlab.pdfgen.canvas.FILL_NON_ZERO, which its type stubs lack

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]  # a b c d e f of a PDF transformation


class _PathPen(BasePen):  # type: ignore[misc, unused-ignore]
    """Draws glyph contours into a PDF path. The methods' names are those of fontTools."""

    def __init__(self, path: PDFPathObject) -> None:
        super().__init__(None)
        self._path = path

    def _moveTo(self, pt: Point) -> None:  # noqa: N802
        self._path.moveTo(*pt)

    def _lineTo(self, pt: Point) -> None:  # noqa: N802
        self._path.lineTo(*pt)

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:  # noqa: N802
        self._path.curveTo(*pt1, *pt2, *pt3)

    def _closePath(self) -> None:  # noqa: N802
        self._path.close()


@cache
def _font(name: str) -> TTFont:
    return TTFont(font_file(name), lazy=True)


@cache
def _glyph(character: str, weight: Weight) -> tuple[DecomposingRecordingPen, float]:
    """The contours of a character in an em of 1, and its advance. Raises MissingGlyphError."""
    run = next(runs(character, weight), None)
    if run is None:
        raise MissingGlyphError("blank")
    font = _font(run.font)
    glyphs, name = font.getGlyphSet(), font.getBestCmap()[ord(character)]
    pen, scale = DecomposingRecordingPen(glyphs), 1 / font["head"].unitsPerEm
    glyphs[name].draw(TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
    return pen, glyphs[name].width * scale


def advance(text: str, weight: Weight) -> float:
    """The width of ``text`` in ems; a blank is half an em."""
    return sum(0.5 if character == " " else _glyph(character, weight)[1] for character in text)


def add_glyph(path: PDFPathObject, character: str, weight: Weight, matrix: Matrix) -> None:
    """Add one character's contours, in an em of 1, moved by ``matrix``."""
    pen: Any = TransformPen(_PathPen(path), matrix)
    _glyph(character, weight)[0].replay(pen)


def add_line(path: PDFPathObject, text: str, weight: Weight, size: float, tracking: float = 0.0) -> None:
    """Add a line of text, its middle at the origin's baseline, ``size`` and ``tracking`` in points."""
    x = -(advance(text, weight) * size + tracking * (len(text) - 1)) / 2
    for character in text:
        if character != " ":
            add_glyph(path, character, weight, (size, 0, 0, size, x, 0))
        x += advance(character, weight) * size + tracking


def fill(canvas: Canvas, path: PDFPathObject) -> None:
    """Fill a path in the canvas's colour by the non-zero rule."""
    canvas.drawPath(path, stroke=0, fill=1, fillMode=_NON_ZERO)
