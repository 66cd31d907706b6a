"""The technician's test page: marked 测试·无效 across, sealed and signed by nothing, with nothing personal on it."""

import io
from datetime import datetime
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from forms import pdfa
from forms.fonts import Weight, runs, width
from forms.layout import POINTS_PER_MM, Colour
from forms.layouts.page import HEIGHT as PAGE_HEIGHT
from forms.layouts.page import INK, LINE, QUIET
from forms.layouts.page import WIDTH as PAGE_WIDTH

MARK = "测试·无效"
_LINES = (
    (f"{MARK}  TEST · NOT VALID", 34.0, 50.0, INK),
    ("这一页只证明打印机能打印,不是任何证明。", 16.0, 75.0, INK),
    ("This page shows that the printer prints. It certifies nothing.", 12.0, 84.0, QUIET),
)
_GREYS = 8


def render_test_page(at: datetime) -> bytes:
    """One A4 page (PDF): the mark, the time, a ruler of 150 mm and grey steps, to judge the printer by eye."""
    output = io.BytesIO()
    font: Any = next(runs("0")).font
    size = (PAGE_WIDTH * POINTS_PER_MM, PAGE_HEIGHT * POINTS_PER_MM)
    canvas = Canvas(output, size, invariant=1, initialFontName=font, lang="zh-CN", pdfVersion=pdfa.PDF_VERSION)
    for text, type_size, y, colour in _LINES:
        _centred(canvas, text, type_size, y, colour)
    _centred(canvas, f"{at:%Y-%m-%d %H:%M}", 14.0, 96.0, INK)
    _ruler(canvas)
    _greys(canvas)
    canvas.showPage()
    pdfa.save(canvas, pdfa.Description(MARK, "Lamplight", "TEST PAGE", at))
    return output.getvalue()


def _centred(canvas: Canvas, text: str, size: float, y: float, colour: Colour) -> None:
    x = (PAGE_WIDTH * POINTS_PER_MM - width(text, size, Weight.REGULAR)) / 2
    words = canvas.beginText(x, (PAGE_HEIGHT - y) * POINTS_PER_MM)
    words.setFillColorRGB(*colour)
    for run in runs(text, Weight.REGULAR):
        words.setFont(run.font, size)
        words.textOut(run.text)
    canvas.drawText(words)


def _ruler(canvas: Canvas) -> None:
    left, y = 30.0, (PAGE_HEIGHT - 130) * POINTS_PER_MM
    canvas.setStrokeColorRGB(*LINE)
    for millimetre in range(151):
        height = 8 if millimetre % 10 == 0 else 5 if millimetre % 5 == 0 else 3
        x = (left + millimetre) * POINTS_PER_MM
        canvas.line(x, y, x, y + height * POINTS_PER_MM / 2)


def _greys(canvas: Canvas) -> None:
    side = 150.0 / _GREYS
    for step in range(_GREYS):
        canvas.setFillGray(step / (_GREYS - 1))
        x, y = 30 + step * side, PAGE_HEIGHT - 170
        canvas.rect(x * POINTS_PER_MM, y * POINTS_PER_MM, side * POINTS_PER_MM, 20 * POINTS_PER_MM, stroke=1, fill=1)
