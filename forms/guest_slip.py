"""访客码 on paper: eight digits and a square that open on one day, for somebody who visits. It names nobody."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from forms import pdfa
from forms.content import chinese_date
from forms.paper import Medium
from forms.slip_sheet import GAP, NUMBER, TITLE, VALUE, Line, both, render_lines, square

_TITLE = ("访客码", "Guest code")
_ONE_DAY = ("只在这一天有效", "Good on this day alone")


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestSheet:
    """``digits``: eight, to be typed or told; ``code``: the same for the square. ``at``: local time."""

    digits: str = field(repr=False)
    code: str = field(repr=False)
    day: date
    at: datetime


def render_guest_slip(sheet: GuestSheet, medium: Medium) -> bytes:
    """A PDF (PDF/A-1b) of the medium's width: an A4 page, or a strip as long as it has to be. Raises
    MissingGlyphError."""
    return render_lines(_lines(sheet), medium, pdfa.Description(_TITLE[0], "Lamplight", _ONE_DAY[0], sheet.at))


def _lines(sheet: GuestSheet) -> Iterator[Line]:
    yield from (*both(*_TITLE, TITLE), Line("", GAP))
    yield from both(chinese_date(sheet.day), f"{sheet.day:%Y-%m-%d}", NUMBER)
    yield from (*both(*_ONE_DAY, VALUE, framed=True), Line("", GAP))
    yield from (square(sheet.code), Line(f"{sheet.digits[:4]} {sheet.digits[4:]}", NUMBER), Line("", GAP))
    yield from both(
        "到小区门口，扫这个码，或输入这八位数字。打不开，请点「呼叫值班室」。",
        "At the gate hold it to the scanner, or type the eight digits. If it does not open, touch Call guard.",
    )
    yield from both("请只给来看您的人。", "Give it to nobody but your guest.")
