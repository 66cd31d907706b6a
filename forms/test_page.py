"""The technician's test page: marked 测试·无效 across, sealed and signed by nothing, with nothing personal on it and no
code that could pass for a paper's."""

import io
from datetime import datetime

from reportlab.pdfgen.canvas import Canvas

from forms import pdfa
from forms.fonts import Weight, runs, width
from forms.layout import POINTS_PER_MM, Colour, Style
from forms.layouts.page import HEIGHT, INK, LINE, QUIET, WATERMARK, WIDTH
from forms.outlines import outlined_line
from forms.render import new_canvas

MARK = "测试·无效"
MARK_ENGLISH = "TEST · NOT VALID"
SENTENCE = "这一页只证明打印机能打印，不是任何证明。"
SENTENCE_ENGLISH = "This page shows that the printer prints. It certifies nothing."
RARE_SAMPLE = "䶮㛃𫞩𬬩𠮷"  # each from the second typeface

_LEFT, _ACROSS = 30.0, 150.0
_HEAD = (
    (MARK, 40.0, Style(34, bold=True, colour=INK, tracking=6)),
    (MARK_ENGLISH, 49.0, Style(12, colour=QUIET, tracking=3)),
    (SENTENCE, 64.0, Style(14, colour=INK)),
    (SENTENCE_ENGLISH, 71.0, Style(10, colour=QUIET)),
)
_CAPTIONS = (
    ("标尺，毫米：150 毫米处应为 150 毫米 Ruler in millimetres", 98.0),
    ("灰阶：十一级应当都能分辨 Greys: eleven steps, each to be told from the next", 124.0),
    ("细线，0.1 至 0.8 毫米：应当连续 Fine lines: unbroken", 158.0),
    ("字号：最小一行应当可读 Type: the smallest line is to be read", 198.0),
    ("四角的标记应当完整 The marks in the four corners are to be whole", 246.0),
)
_CAPTION = Style(8.5, colour=QUIET)
_TYPE_SIZES = (6.0, 8.0, 10.0, 12.0)
_FINE_LINES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)  # mm
_STEPS = 11
_CORNER, _CORNER_LENGTH = 10.0, 8.0  # mm from the sheet's edges, and how long
_ACROSS_PAGE = (WIDTH / 2, 170.0, 105.0, 35.0)  # the mark: middle, baseline, points, degrees


def render_test_page(at: datetime) -> bytes:
    """One A4 page (PDF/A-1b): mark, time, ruler, greys, fine lines and small type, to judge a printer by eye."""
    output = io.BytesIO()
    canvas = new_canvas(output, WIDTH, HEIGHT)
    _mark_across(canvas)
    for text, y, style in _HEAD:
        _centred(canvas, text, y, style)
    _centred(canvas, f"{at:%Y-%m-%d %H:%M}", 80.0, Style(11, colour=INK))
    for text, y in _CAPTIONS:
        _text(canvas, text, _LEFT, y, _CAPTION)
    _ruler(canvas, 110.0)
    _greys(canvas, 128.0, 16.0)
    _fine_lines(canvas, 164.0)
    _type(canvas, 206.0)
    _corners(canvas)
    canvas.showPage()
    pdfa.save(canvas, pdfa.Description(MARK, "Lamplight", "TEST PAGE", at))
    return output.getvalue()


def _mark_across(canvas: Canvas) -> None:
    x, y, size, angle = _ACROSS_PAGE
    canvas.saveState()
    canvas.translate(x * POINTS_PER_MM, (HEIGHT - y) * POINTS_PER_MM)
    canvas.rotate(angle)
    canvas.setFillColorRGB(*WATERMARK)
    canvas.addLiteral(outlined_line(MARK, Weight.BOLD, size, size * 0.1) + "\nf")
    canvas.restoreState()


def _centred(canvas: Canvas, text: str, y: float, style: Style) -> None:
    across = width(text, style.size, _weight(style)) + style.tracking * (len(text) - 1)
    _text(canvas, text, WIDTH / 2 - across / 2 / POINTS_PER_MM, y, style)


def _text(canvas: Canvas, text: str, x: float, y: float, style: Style) -> None:
    words = canvas.beginText(x * POINTS_PER_MM, (HEIGHT - y) * POINTS_PER_MM)
    words.setFillColorRGB(*style.colour)
    words.setCharSpace(style.tracking)
    for run in runs(text, _weight(style)):
        words.setFont(run.font, style.size)
        words.textOut(run.text)
    canvas.drawText(words)


def _weight(style: Style) -> Weight:
    return Weight.BOLD if style.bold else Weight.REGULAR


def _ruler(canvas: Canvas, y: float) -> None:
    for millimetre in range(int(_ACROSS) + 1):
        height = 5.0 if millimetre % 10 == 0 else 3.5 if millimetre % 5 == 0 else 2.0
        _line(canvas, (_LEFT + millimetre, y), (_LEFT + millimetre, y - height), 0.15, INK)
        if millimetre % 10 == 0:
            _text(canvas, str(millimetre), _LEFT + millimetre - 0.8 * len(str(millimetre)), y + 4, _CAPTION)


def _greys(canvas: Canvas, y: float, height: float) -> None:
    side = _ACROSS / _STEPS
    for step in range(_STEPS):
        share = step / (_STEPS - 1)
        canvas.setFillColorRGB(1 - share, 1 - share, 1 - share)
        canvas.setStrokeColorRGB(*LINE)
        x, lower, across, up = (
            each * POINTS_PER_MM for each in (_LEFT + step * side, HEIGHT - y - height, side, height)
        )
        canvas.rect(x, lower, across, up, stroke=1, fill=1)
        _text(canvas, f"{share:.0%}", _LEFT + step * side + 1, y + height + 4, _CAPTION)


def _fine_lines(canvas: Canvas, y: float) -> None:
    for number, weight in enumerate(_FINE_LINES):
        below = y + 3.5 * number
        _line(canvas, (_LEFT + 12, below), (_LEFT + _ACROSS, below), weight, INK)
        _text(canvas, f"{weight} mm", _LEFT, below + 1, _CAPTION)


def _type(canvas: Canvas, y: float) -> None:
    for number, size in enumerate(_TYPE_SIZES):
        text = f"{size:.0f}  平安灯在夜里亮着，等你回家。{RARE_SAMPLE} 0123456789 Lamplight"
        _text(canvas, text, _LEFT, y + 8.0 * number, Style(size, colour=INK))


def _corners(canvas: Canvas) -> None:
    for x, inward in ((_CORNER, 1), (WIDTH - _CORNER, -1)):
        for y, downward in ((_CORNER, 1), (HEIGHT - _CORNER, -1)):
            _line(canvas, (x, y), (x + inward * _CORNER_LENGTH, y), 0.3, INK)
            _line(canvas, (x, y), (x, y + downward * _CORNER_LENGTH), 0.3, INK)


def _line(canvas: Canvas, begin: tuple[float, float], end: tuple[float, float], weight: float, colour: Colour) -> None:
    """Of ``weight`` millimetres."""
    canvas.setLineWidth(weight * POINTS_PER_MM)
    canvas.setStrokeColorRGB(*colour)
    (x, y), (to_x, to_y) = begin, end
    canvas.line(x * POINTS_PER_MM, (HEIGHT - y) * POINTS_PER_MM, to_x * POINTS_PER_MM, (HEIGHT - to_y) * POINTS_PER_MM)
