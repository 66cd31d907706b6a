"""The slip for what somebody handed in and records decide later: that it was received, its number, what comes next.

It says in a frame what it is not. Sealed and signed by nothing, without a code that could pass for a paper's; of the
person it says a masked name.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reportlab.pdfgen.canvas import Canvas

from forms import pdfa
from forms.fonts import Weight, runs, width
from forms.layout import POINTS_PER_MM, Style
from forms.layouts.page import HEIGHT as PAGE_HEIGHT
from forms.layouts.page import WIDTH as PAGE_WIDTH
from forms.layouts.strip import WIDTH as STRIP_WIDTH
from forms.line_breaking import break_lines
from forms.paper import Medium
from forms.render import new_canvas


class SlipKind(StrEnum):
    """What was handed in; the value is that of backend_client.contract.intakes."""

    RESIDENCE = "residence"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class IntakeSlip:
    """``number``: as the screen shows it. ``name``: masked. ``at``: local time. ``window``, ``hours``, ``phone``: of
    the desk that looks at papers."""

    kind: SlipKind
    number: str
    name: str
    at: datetime
    window: str
    hours: str
    phone: str

    def __repr__(self) -> str:
        return f"IntakeSlip({self.kind})"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class _Words:
    """Chinese, and English below it. ``bring``: to the window, when there is something to show."""

    title: tuple[str, str]
    what: tuple[str, str]
    is_not: tuple[str, str]
    then: tuple[str, str]
    bring: tuple[str, str]


_WORDS = {
    SlipKind.RESIDENCE: _Words(
        ("已收到，待联网处理", "Received · to be decided once connected"),
        ("居住登记", "Residence registration"),
        ("这不是居住登记凭证", "Not a residence registration receipt"),
        (
            "本机联网后自动送达，由民警核实。结果在任何一台自助机的「我的通知」里看。",
            "Sent once this kiosk is connected. An officer decides; see My notices at any kiosk.",
        ),
        (
            "身份证，租赁合同或房屋权属证明，可先带到窗口核对。",
            "Your ID card and the lease or title can be shown at the desk.",
        ),
    ),
    SlipKind.CORRECTION: _Words(
        ("已收到，待民警核对", "Received · to be decided by an officer"),
        ("登记信息更正", "Correction"),
        ("这不是证明", "This certifies nothing"),
        (
            "民警核对材料后更正。结果在任何一台自助机的「我的通知」里看。",
            "An officer corrects it once papers were seen; see My notices at any kiosk.",
        ),
        (
            "身份证，写着正确内容的材料（户口簿、出生证、结婚证等），请带到窗口。",
            "Bring your ID card, and a paper that says it right, to the desk.",
        ),
    ),
}
_TITLE = Style(17, bold=True, leading=23)
_NUMBER = Style(22, bold=True, leading=30)
_VALUE = Style(12, bold=True, leading=16)
_TEXT = Style(10.5, bold=True, leading=14.5)
_SMALL = Style(8, leading=11)  # English, and what stands above a value
_GAP = Style(5, leading=5)
_MARGIN_MM, _FRAME = 2.0, 1.417  # of the strip; points: four dots
_SCALE = {Medium.STRIP: 1.0, Medium.PAGE: 1.6}
_TOP_MM = {Medium.STRIP: 2.0, Medium.PAGE: 40.0}


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    style: Style
    framed: bool = False


def render_slip(slip: IntakeSlip, medium: Medium) -> bytes:
    """A PDF (PDF/A-1b) of the medium's width: an A4 page, or a strip as long as it has to be. Raises
    MissingGlyphError."""
    across = (STRIP_WIDTH - 2 * _MARGIN_MM) * POINTS_PER_MM
    lines = [_Line(part, each.style, each.framed) for each in _lines(slip) for part in _broken(each, across)]
    scale, top = _SCALE[medium], _TOP_MM[medium]
    high = top + scale * sum(each.style.leading for each in lines) / POINTS_PER_MM + _MARGIN_MM
    sheet = (PAGE_WIDTH, PAGE_HEIGHT) if medium is Medium.PAGE else (STRIP_WIDTH, high)
    words = _WORDS[slip.kind]
    return _drawn(lines, sheet, top, scale, pdfa.Description(words.title[0], "Lamplight", words.is_not[0], slip.at))


def _lines(slip: IntakeSlip) -> Iterator[_Line]:
    words = _WORDS[slip.kind]
    yield from (_Line(words.title[0], _TITLE), _Line(words.title[1], _SMALL), _Line("", _GAP))
    yield from (_Line(words.is_not[0], _VALUE, framed=True), _Line(words.is_not[1], _SMALL, framed=True))
    yield from (_Line("", _GAP), _Line("编号 Number", _SMALL), _Line(slip.number, _NUMBER))
    yield from (_Line("事项 Request", _SMALL), _Line(f"{words.what[0]} {words.what[1]}", _TEXT))
    yield from (_Line("姓名 Name", _SMALL), _Line(slip.name, _VALUE))
    yield from (_Line("时间 Time", _SMALL), _Line(f"{slip.at:%Y-%m-%d %H:%M}", _VALUE), _Line("", _GAP))
    for chinese, english in (words.then, words.bring):
        yield from (_Line(chinese, _TEXT), _Line(english, _SMALL), _Line("", _GAP))
    yield from (_Line(each, _TEXT) for each in (slip.window, slip.hours, slip.phone) if each)


def _broken(line: _Line, across: float) -> tuple[str, ...]:
    return break_lines(line.text, across, lambda text: _long(text, line.style)) or ("",)


def _drawn(lines: list[_Line], sheet: tuple[float, float], top: float, scale: float, said: pdfa.Description) -> bytes:
    output = io.BytesIO()
    canvas = new_canvas(output, *sheet)
    across, y = sheet[0] * POINTS_PER_MM, (sheet[1] - top) * POINTS_PER_MM
    edges = []
    for line in lines:
        style = line.style.scaled(scale)
        if line.framed:
            edges += [y, y - style.leading]
        _write(canvas, line.text, style, across / 2, y - style.size)
        y -= style.leading
    _frame(canvas, across / 2, (STRIP_WIDTH - _MARGIN_MM) * POINTS_PER_MM * scale, (min(edges) - scale, max(edges)))
    canvas.showPage()
    pdfa.save(canvas, said)
    return output.getvalue()


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
