"""Drawing the page: an unsigned PDF, the same bytes for the same paper and code.

Texts are drawn in reading order, so that what a program copies out of the page is the canonical text; before the page
is handed out it is read back and compared with what its code states: a paper that can't be verified is never printed.
"""

import io
from typing import Any

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from forms import pdfa
from forms.code import read_claims
from forms.content import PageContent, compose, content_digest, digest
from forms.errors import CodeMismatchError
from forms.fonts import Weight, runs, width
from forms.layout import (
    HOUSEHOLD_CERTIFICATE,
    LINE,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    POINTS_PER_MM,
    TINT,
    WATERMARK,
    Layout,
    Rule,
    Spot,
    Style,
    Table,
    Watermark,
)
from forms.line_breaking import break_lines
from forms.outlines import outlined_line
from forms.paper import Paper
from forms.qr import draw_code
from forms.reading import page_text
from forms.seal import draw_seal
from forms.table import Cell, Row, SetTable, set_table

rl_config.useA85 = 0  # streams stay binary: ASCII armour takes a third of the time and a fifth of the file


def render(paper: Paper, code: str) -> bytes:
    """The page with its seal and code. Raises MissingGlyphError, PaperTooLongError, or CodeMismatchError when ``code``
    was made for another serial or other contents."""
    claims = read_claims(code)
    if claims.serial != paper.serial or claims.digest != content_digest(paper):
        raise CodeMismatchError
    pdf = _draw(paper, compose(paper), code)
    if digest(page_text(pdf)) != claims.digest:
        raise CodeMismatchError("the page does not read as it was written")
    return pdf


def _draw(paper: Paper, content: PageContent, code: str) -> bytes:
    output = io.BytesIO()
    size = (PAGE_WIDTH * POINTS_PER_MM, PAGE_HEIGHT * POINTS_PER_MM)
    font: Any = next(runs("0")).font  # without it the file names Helvetica; reportlab's stub wants a number here
    canvas = Canvas(
        output, size, pageCompression=1, invariant=1, initialFontName=font, lang="zh-CN", pdfVersion=pdfa.PDF_VERSION
    )
    _Page(canvas, HOUSEHOLD_CERTIFICATE).draw(paper, content, code)
    canvas.showPage()
    pdfa.save(canvas, pdfa.Description(content.title, content.issuer, content.subtitle, paper.issued_at))
    return output.getvalue()


class _Page:
    """A canvas and its layout. Pictures first, then the words in reading order over them."""

    def __init__(self, canvas: Canvas, layout: Layout) -> None:
        self._canvas = canvas
        self._layout = layout

    def draw(self, paper: Paper, content: PageContent, code: str) -> None:
        layout, table = self._layout, set_table(self._layout.table, content.fields)
        self._tints(layout.table, table)
        for mark in layout.watermark if paper.specimen else ():
            self._watermark(mark)
        self._grid(layout.table, table)
        draw_seal(self._canvas, layout.seal, paper.issuer, specimen=paper.specimen)
        draw_code(self._canvas, layout.code, code)
        for rule in layout.rules:
            self._rule(rule)
        self._head(content)
        for row in table.rows:
            self._row(row, table.scale)
        blank = layout.blank_below
        self._line(Spot(blank.x, table.end + blank.y, blank.style, blank.align), content.blank_below)
        self._remarks(content.remarks, table.end + blank.y)
        self._foot(content)

    def _head(self, content: PageContent) -> None:
        layout = self._layout
        self._line(layout.warning, content.warning)
        self._line(layout.serial, content.serial)
        self._line(layout.title, content.title)
        self._line(layout.subtitle, content.subtitle)
        self._line(layout.statement, content.statement)
        self._line(layout.statement_english, content.statement_english)

    def _remarks(self, remarks: tuple[str, ...], y: float) -> None:
        spot = self._layout.remarks
        for number, text in enumerate(remarks):
            below = y + spot.y + number * spot.style.leading / POINTS_PER_MM
            self._line(Spot(spot.x, below, spot.style, width=spot.width), text)

    def _foot(self, content: PageContent) -> None:
        layout = self._layout
        for spot, text in zip(layout.instructions, content.instructions, strict=True):
            self._paragraph(spot, text)
        self._line(layout.issuer, content.issuer)
        self._line(layout.date, content.date)
        self._line(layout.notice, content.notice)
        self._line(layout.notice_english, content.notice_english)

    def _row(self, row: Row, scale: float) -> None:
        for cell in row.cells:
            self._label(cell, row, scale)
            self._value(cell, row, scale)

    def _label(self, cell: Cell, row: Row, scale: float) -> None:
        table = self._layout.table
        x, middle = cell.x + table.padding, row.y + row.height / 2
        english = table.label_english
        self._line(Spot(x, middle - 0.3, _scaled(table.label, scale)), cell.field.chinese)
        self._line(
            Spot(x, middle + english.leading * scale / POINTS_PER_MM, _scaled(english, scale)), cell.field.english
        )

    def _value(self, cell: Cell, row: Row, scale: float) -> None:
        table = self._layout.table
        style, leading = _scaled(table.value, scale), table.value.leading * scale / POINTS_PER_MM
        first = row.y + row.height / 2 - (len(cell.lines) - 1) * leading / 2 + 0.36 * style.size / POINTS_PER_MM
        for number, line in enumerate(cell.lines):
            self._line(Spot(cell.x + table.label_width + table.padding, first + number * leading, style), line)

    def _paragraph(self, spot: Spot, text: str) -> None:
        if not spot.width:
            self._line(spot, text)
            return
        lines = break_lines(text, spot.width * POINTS_PER_MM, lambda line: width(line, spot.style.size))
        for number, line in enumerate(lines):
            y = spot.y + number * spot.style.leading / POINTS_PER_MM
            self._line(Spot(spot.x, y, spot.style, spot.align), line)

    def _line(self, spot: Spot, text: str) -> None:
        """One line, its runs in the fonts that have them, made smaller rather than wider than its spot."""
        style, weight = spot.style, Weight.BOLD if spot.style.bold else Weight.REGULAR
        natural = width(text, style.size, weight) + style.tracking * max(len(text) - 1, 0)
        size = style.size * min(1.0, spot.width * POINTS_PER_MM / natural if spot.width and natural else 1.0)
        length = natural * size / style.size
        x = spot.x * POINTS_PER_MM - length * {"left": 0.0, "middle": 0.5, "right": 1.0}[spot.align]
        words = self._canvas.beginText(x, (PAGE_HEIGHT - spot.y) * POINTS_PER_MM)
        words.setFillColorRGB(*style.colour)
        words.setCharSpace(style.tracking)
        for run in runs(text, weight):
            words.setFont(run.font, size)
            words.textOut(run.text)
        self._canvas.drawText(words)

    def _rule(self, rule: Rule) -> None:
        y = (PAGE_HEIGHT - rule.y) * POINTS_PER_MM
        self._canvas.setLineWidth(rule.weight)
        self._canvas.setStrokeColorRGB(*rule.colour)
        self._canvas.line(rule.x * POINTS_PER_MM, y, (rule.x + rule.width) * POINTS_PER_MM, y)

    def _tints(self, table: Table, done: SetTable) -> None:
        for row in done.rows:
            for cell in row.cells:
                self._tint(cell.x, row.y, table.label_width, row.height)

    def _grid(self, table: Table, done: SetTable) -> None:
        for row in done.rows[1:]:
            self._rule(Rule(table.x, row.y, table.width, 0.4, LINE))
        for row in done.rows:
            for cell in row.cells[1:]:
                self._upright(cell.x, row)
        for edge in (table.y, done.end):
            self._rule(Rule(table.x, edge, table.width, 0.9))

    def _tint(self, x: float, y: float, across: float, down: float) -> None:
        self._canvas.setFillColorRGB(*TINT)
        left, bottom = x * POINTS_PER_MM, (PAGE_HEIGHT - y - down) * POINTS_PER_MM
        self._canvas.rect(left, bottom, across * POINTS_PER_MM, down * POINTS_PER_MM, stroke=0, fill=1)

    def _upright(self, x: float, row: Row) -> None:
        top, bottom = ((PAGE_HEIGHT - y) * POINTS_PER_MM for y in (row.y, row.y + row.height))
        self._canvas.setLineWidth(0.4)
        self._canvas.setStrokeColorRGB(*LINE)
        self._canvas.line(x * POINTS_PER_MM, top, x * POINTS_PER_MM, bottom)

    def _watermark(self, mark: Watermark) -> None:
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(mark.x * POINTS_PER_MM, (PAGE_HEIGHT - mark.y) * POINTS_PER_MM)
        canvas.rotate(mark.angle)
        canvas.setFillColorRGB(*WATERMARK)
        canvas.addLiteral(outlined_line(mark.text, Weight.BOLD, mark.size, mark.size * 0.1) + "\nf")
        canvas.restoreState()


def _scaled(style: Style, scale: float) -> Style:
    return Style(style.size * scale, style.bold, style.colour, style.leading * scale, style.tracking)
