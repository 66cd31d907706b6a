"""Text as filled outlines: for the seal and the watermark, which are pictures and must not be found as words.

The outlines are PDF path operators (ISO 32000-1, 8.5) to be filled with ``f``, the non-zero rule, as overlapping
TrueType contours need. They are the same for every paper of an authority, so they are made once.
"""

from functools import cache
from threading import Lock

from fontTools.pens.basePen import BasePen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from forms.errors import MissingGlyphError
from forms.fonts import Weight, font_file, runs

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]  # a b c d e f of a PDF transformation

BLANK = " "
_BLANK_WIDTH = 0.5  # ems
_READING = Lock()  # a font that is read as it is needed stands in the middle of something for any second thread


class _OperatorPen(BasePen):  # type: ignore[misc]
    """Writes glyph contours as path operators. The methods' names are those of fontTools."""

    def __init__(self) -> None:
        super().__init__(None)
        self.operators: list[str] = []

    def _moveTo(self, pt: Point) -> None:  # noqa: N802
        self.operators.append(f"{points(*pt)} m")

    def _lineTo(self, pt: Point) -> None:  # noqa: N802
        self.operators.append(f"{points(*pt)} l")

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:  # noqa: N802
        self.operators.append(f"{points(*pt1, *pt2, *pt3)} c")

    def _closePath(self) -> None:  # noqa: N802
        self.operators.append("h")


def points(*numbers: float) -> str:
    """Coordinates as operands, to a hundredth of a point."""
    return " ".join(f"{number:.2f}" for number in numbers)


@cache
def _font(name: str) -> TTFont:
    return TTFont(font_file(name), lazy=True)


@cache
def _glyph(character: str, weight: Weight) -> tuple[DecomposingRecordingPen, float]:
    """The contours of a character in an em of 1, and its advance. Raises MissingGlyphError."""
    run = next(runs(character, weight), None)
    if run is None:
        raise MissingGlyphError("blank")
    with _READING:
        font = _font(run.font)
        glyphs, name = font.getGlyphSet(), font.getBestCmap()[ord(character)]
        pen, scale = DecomposingRecordingPen(glyphs), 1 / font["head"].unitsPerEm
        glyphs[name].draw(TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
        return pen, glyphs[name].width * scale


def advance(text: str, weight: Weight) -> float:
    """The width of ``text`` in ems."""
    return sum(_BLANK_WIDTH if character == BLANK else _glyph(character, weight)[1] for character in text)


def outlined_glyph(character: str, weight: Weight, matrix: Matrix) -> str:
    """One character's contours, in an em of 1, moved by ``matrix``."""
    pen = _OperatorPen()
    _glyph(character, weight)[0].replay(TransformPen(pen, matrix))
    return "\n".join(pen.operators)


@cache
def outlined_line(text: str, weight: Weight, size: float, tracking: float) -> str:
    """A line of text, its middle on the origin, ``size`` and ``tracking`` in points."""
    x = -(advance(text, weight) * size + tracking * (len(text) - 1)) / 2
    glyphs = []
    for character in text:
        if character != BLANK:
            glyphs.append(outlined_glyph(character, weight, (size, 0, 0, size, x, 0)))
        x += advance(character, weight) * size + tracking
    return "\n".join(glyphs)
