"""How slips are drawn: lines of type in the middle of a strip or a page, some of them in frames, a square between them.

A slip is no paper: sealed and signed by nothing.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from reportlab.pdfgen.canvas import Canvas

from forms import pdfa
from forms.fonts import Weight, runs, width
from forms.layout import DOTS_PER_MM, POINTS_PER_MM, Points, Style
from forms.layouts.page import HEIGHT as PAGE_HEIGHT
from forms.layouts.page import WIDTH as PAGE_WIDTH
from forms.layouts.strip import WIDTH as STRIP_WIDTH
from forms.line_breaking import break_evenly
from forms.paper import Medium
from forms.qr import draw_code
from forms.render import new_canvas

TITLE = Style(17, bold=True, leading=23)
NUMBER = Style(22, bold=True, leading=30)
VALUE = Style(12, bold=True, leading=16)
TEXT = Style(10.5, bold=True, leading=14.5)
SMALL = Style(8, leading=11)  # English, and what stands above a value
GAP = Style(5, leading=5)
_PAD = Style(2.5, leading=2.5)  # around a frame, and between it and what stands in it
_SQUARE_MM = 40.0
_MARGIN_MM, _FRAME = 2.0, 1.417  # of the strip; points: four dots
_SCALE = {Medium.STRIP: 1.0, Medium.PAGE: 1.6}
_TOP_MM = {Medium.STRIP: 2.0, Medium.PAGE: 40.0}
_LONG_TOP_MM = 15.0  # of a page that would not hold all of it otherwise


@dataclass(frozen=True, slots=True)
class Line:
    """One line of type, broken where it has to be. ``framed``: in the frame with its neighbours. ``square``: what a
    square in its place holds; its text is empty then."""

    text: str
    style: Style
    framed: bool = False
    square: str = ""

    @property
    def high(self) -> float:
        """Points, on a strip."""
        return _SQUARE_MM * POINTS_PER_MM if self.square else self.style.leading


def both(chinese: str, english: str, style: Style = TEXT, *, framed: bool = False) -> tuple[Line, Line]:
    """A sentence, and the same in English in small type below it."""
    return Line(chinese, style, framed), Line(english, SMALL, framed)


def field(chinese: str, english: str, value: str, style: Style = VALUE) -> tuple[Line, Line]:
    """A value below its name."""
    return Line(f"{chinese} {english}", SMALL), Line(value, style)


def square(content: str) -> Line:
    """A code for a gate's scanner."""
    return Line("", TEXT, square=content)


def render_lines(lines: Iterable[Line], medium: Medium, said: pdfa.Description) -> bytes:
    """A PDF (PDF/A-1b) of the medium's width: an A4 page, or a strip as long as it has to be. Raises
    MissingGlyphError."""
    across = (STRIP_WIDTH - 2 * _MARGIN_MM) * POINTS_PER_MM
    broken = [*_padded(part for each in lines for part in _broken(each, across))]
    high = sum(each.high for each in broken) / POINTS_PER_MM
    scale, top = _SCALE[medium], _TOP_MM[medium]
    if medium is Medium.PAGE and top + scale * high > PAGE_HEIGHT - _LONG_TOP_MM:
        top = _LONG_TOP_MM
        scale = min(scale, (PAGE_HEIGHT - 2 * top) / high)
    sheet = (PAGE_WIDTH, PAGE_HEIGHT) if medium is Medium.PAGE else (STRIP_WIDTH, top + high + _MARGIN_MM)
    return _drawn(broken, sheet, top, scale, said)


def _broken(line: Line, across: float) -> tuple[Line, ...]:
    if line.square:
        return (line,)
    room = across - 2 * _MARGIN_MM * POINTS_PER_MM if line.framed else across
    parts = break_evenly(line.text, room, lambda text: _long(text, line.style)) or ("",)
    return tuple(Line(part, line.style, line.framed) for part in parts)


def _padded(lines: Iterable[Line]) -> Iterator[Line]:
    """Room between a frame and the type on either side of it; below, a line brings its own."""
    for framed, group in groupby(lines, lambda each: each.framed):
        if framed:
            yield from (Line("", _PAD), Line("", _PAD, framed=True))
        yield from group


def _drawn(lines: list[Line], sheet: tuple[float, float], top: float, scale: float, said: pdfa.Description) -> bytes:
    output = io.BytesIO()
    canvas = new_canvas(output, *sheet)
    across, y = sheet[0] * POINTS_PER_MM, (sheet[1] - top) * POINTS_PER_MM
    wide = (STRIP_WIDTH - _MARGIN_MM) * POINTS_PER_MM * scale
    edges: list[float] = []
    for line in lines:
        style, high = line.style.scaled(scale), line.high * scale
        if not line.framed and edges:
            _frame(canvas, across / 2, wide, (min(edges) - scale, max(edges)))
            edges = []
        if line.framed:
            edges += [y, y - high]
        if line.square:
            place = _on_dots(across / 2 - high / 2, y, high, sheet[1] * POINTS_PER_MM)
            draw_code(canvas, place, line.square, on_dots=True)
        else:
            _write(canvas, line.text, style, across / 2, y - style.size)
        y -= high
    canvas.showPage()
    pdfa.save(canvas, said)
    return output.getvalue()


def _on_dots(left: float, upper: float, side: float, high: float) -> Points:
    """A square moved by less than a dot, so that every module is printed alike. ``high``: of the sheet."""
    dot = POINTS_PER_MM / DOTS_PER_MM
    left, upper = round(left / dot) * dot, high - round((high - upper) / dot) * dot
    return left, upper - side, left + side, upper


def _write(canvas: Canvas, text: str, style: Style, middle: float, baseline: float) -> None:
    words = canvas.beginText(middle - _long(text, style) / 2, baseline)
    for run in runs(text, _weight(style)):
        words.setFont(run.font, style.size)
        words.textOut(run.text)
    canvas.drawText(words)


def _frame(canvas: Canvas, middle: float, across: float, edges: tuple[float, float]) -> None:
    """``edges``: lower and upper."""
    lower, upper = edges
    canvas.setLineWidth(_FRAME)
    canvas.rect(middle - across / 2, lower, across, upper - lower, fill=0)


def _long(text: str, style: Style) -> float:
    return width(text, style.size, _weight(style))


def _weight(style: Style) -> Weight:
    return Weight.BOLD if style.bold else Weight.REGULAR
