"""Drawing a paper: an unsigned PDF, the same bytes for the same paper and code.

Texts are drawn in reading order, so that what a program copies out of the page is the canonical text; before the page
is handed out it is read back and compared with what its code states: a paper that can't be verified is never printed.
"""

import base64
import binascii
import io
from typing import Any

from PIL import Image, UnidentifiedImageError
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from forms import pdfa
from forms.code import read_claims
from forms.content import PageContent, compose, content_digest, digest
from forms.errors import CodeMismatchError, PortraitError
from forms.fonts import Weight, runs
from forms.layout import POINTS_PER_MM, Area, Colour, Rule, Upright, Watermark
from forms.outlines import outlined_line
from forms.paper import Medium, Paper, TemporaryIdProof
from forms.placement import Line, Placed, place, weight_of
from forms.qr import draw_code
from forms.reading import page_text
from forms.seal import draw_seal

rl_config.useA85 = 0  # streams stay binary: ASCII armour takes a third of the time and a fifth of the file

_FRAME = 0.7  # points
_LARGEST_PORTRAIT = 2000  # pixels


def render(paper: Paper, code: str, medium: Medium = Medium.PAGE) -> bytes:
    """The paper with its seal and code. Raises MissingGlyphError, PaperTooLongError, PortraitError, or
    CodeMismatchError when ``code`` was made for another serial or other contents."""
    claims = read_claims(code)
    if claims.serial != paper.serial or claims.digest != content_digest(paper):
        raise CodeMismatchError
    pdf = _draw(paper, compose(paper), code, medium)
    if digest(page_text(pdf)) != claims.digest:
        raise CodeMismatchError("the page does not read as it was written")
    return pdf


def sample(paper: Paper, medium: Medium = Medium.PAGE) -> bytes:
    """How a paper would look, without seal, code and portrait: nobody's, and good for nothing. ``paper`` is a specimen.
    Raises MissingGlyphError, PaperTooLongError."""
    return _draw(paper, compose(paper), "", medium)


def _draw(paper: Paper, content: PageContent, code: str, medium: Medium = Medium.PAGE) -> bytes:
    placed = place(paper, medium)
    output = io.BytesIO()
    canvas = new_canvas(output, placed.width, placed.height)
    _Sheet(canvas, placed).draw(paper, code)
    canvas.showPage()
    pdfa.save(canvas, pdfa.Description(content.title, content.issuer, content.subtitle, paper.issued_at))
    return output.getvalue()


def new_canvas(output: io.BytesIO, width: float, height: float) -> Canvas:
    """An empty sheet of so many millimetres that becomes PDF/A."""
    font: Any = next(runs("0")).font  # without it the file names Helvetica; reportlab's stub wants a number here
    size = (width * POINTS_PER_MM, height * POINTS_PER_MM)
    return Canvas(
        output, size, pageCompression=1, invariant=1, initialFontName=font, lang="zh-CN", pdfVersion=pdfa.PDF_VERSION
    )


class _Sheet:
    """A canvas and what was set. Pictures first, then the words in reading order over them."""

    def __init__(self, canvas: Canvas, placed: Placed) -> None:
        self._canvas = canvas
        self._placed = placed

    def draw(self, paper: Paper, code: str) -> None:
        placed = self._placed
        for area, colour in placed.tints:
            self._tint(area, colour)
        for mark in placed.watermark:
            self._watermark(mark)
        if code and isinstance(paper, TemporaryIdProof) and placed.portrait:
            self._portrait(placed.portrait, paper.portrait)
        for rule in placed.rules:
            self._rule(rule)
        for upright in placed.uprights:
            self._upright(upright)
        for frame in placed.frames:
            self._frame(frame)
        if code:
            seal = placed.points(placed.seal)
            draw_seal(self._canvas, seal, placed.seal_colour, paper.issuer, placed.seal_line)
            draw_code(self._canvas, placed.points(placed.code), code, on_dots=placed.code_on_dots)
        for line in placed.lines:
            self._line(line)

    def _line(self, line: Line) -> None:
        """Its runs in the fonts that have them."""
        style = line.style
        words = self._canvas.beginText(line.x * POINTS_PER_MM, self._up(line.y))
        words.setFillColorRGB(*style.colour)
        words.setCharSpace(style.tracking)
        for run in runs(line.text, weight_of(style)):
            words.setFont(run.font, style.size)
            words.textOut(run.text)
        self._canvas.drawText(words)

    def _rule(self, rule: Rule) -> None:
        self._stroke(rule.weight, rule.colour)
        y = self._up(rule.y)
        self._canvas.line(rule.x * POINTS_PER_MM, y, (rule.x + rule.width) * POINTS_PER_MM, y)

    def _upright(self, upright: Upright) -> None:
        self._stroke(upright.weight, upright.colour)
        x = upright.x * POINTS_PER_MM
        self._canvas.line(x, self._up(upright.y), x, self._up(upright.y + upright.height))

    def _stroke(self, weight: float, colour: Colour) -> None:
        self._canvas.setLineWidth(weight)
        self._canvas.setStrokeColorRGB(*colour)

    def _frame(self, frame: Area) -> None:
        self._stroke(_FRAME, (0, 0, 0))
        left, lower, right, upper = self._placed.points(frame)
        self._canvas.rect(left, lower, right - left, upper - lower, stroke=1, fill=0)

    def _tint(self, area: Area, colour: Colour) -> None:
        self._canvas.setFillColorRGB(*colour)
        left, lower, right, upper = self._placed.points(area)
        self._canvas.rect(left, lower, right - left, upper - lower, stroke=0, fill=1)

    def _portrait(self, area: Area, portrait: str) -> None:
        left, lower, right, upper = self._placed.points(area)
        self._canvas.drawImage(_photograph(portrait), left, lower, right - left, upper - lower)

    def _watermark(self, mark: Watermark) -> None:
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(mark.x * POINTS_PER_MM, self._up(mark.y))
        canvas.rotate(mark.angle)
        canvas.setFillColorRGB(*mark.colour)
        canvas.addLiteral(outlined_line(mark.text, Weight.BOLD, mark.size, mark.size * 0.1) + "\nf")
        canvas.restoreState()

    def _up(self, y: float) -> float:
        return (self._placed.height - y) * POINTS_PER_MM


def _photograph(portrait: str) -> ImageReader:
    """A JPEG that goes into the file as it is: in the colours of the output intent, or grey."""
    try:
        content = base64.b64decode(portrait, validate=True)
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
            if picture.mode not in ("RGB", "L") or max(picture.size) > _LARGEST_PORTRAIT:
                raise PortraitError("neither sRGB nor grey, or too large")
            picture.load()  # whole: half a face would be found only while it is drawn
    except (binascii.Error, UnidentifiedImageError, OSError, ValueError) as error:
        raise PortraitError("no JPEG") from error
    return ImageReader(io.BytesIO(content))
