"""A paper that is set: what stands where, as data. Lengths are millimetres from the sheet's upper left corner."""

from dataclasses import dataclass
from enum import StrEnum

from forms.layout import POINTS_PER_MM, Area, Colour, Points, Rule, Style, Upright, Watermark
from forms.paper import Medium

_ASCENT, _DESCENT = 0.88, 0.12  # of the type's size


class Part(StrEnum):
    """What a line of text is."""

    WARNING = "warning"
    SERIAL = "serial"
    TITLE = "title"
    SUBTITLE = "subtitle"
    STATEMENT = "statement"
    STATEMENT_ENGLISH = "statement-english"
    LABEL = "label"
    LABEL_ENGLISH = "label-english"
    VALUE = "value"
    REMARK = "remark"
    BLANK_BELOW = "blank-below"
    INSTRUCTION = "instruction"
    ISSUER = "issuer"
    DATE = "date"
    NOTICE = "notice"
    NOTICE_ENGLISH = "notice-english"


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """A line of text in its place. ``y``: its baseline; ``field``: which of ``PageContent.fields`` it belongs to."""

    part: Part
    text: str
    x: float
    y: float
    width: float
    style: Style
    field: int | None = None

    @property
    def area(self) -> Area:
        """What its characters cover."""
        size = self.style.size / POINTS_PER_MM
        return Area(self.x, self.y - _ASCENT * size, self.width, (_ASCENT + _DESCENT) * size)

    def __repr__(self) -> str:
        return f"Line({self.part})"


@dataclass(frozen=True, slots=True)
class Placed:
    """A paper that is set. ``frames``: boxes around ticks; ``portrait``: None for a paper that has none."""

    medium: Medium
    width: float
    height: float
    lines: tuple[Line, ...]
    tints: tuple[tuple[Area, Colour], ...]
    rules: tuple[Rule, ...]
    uprights: tuple[Upright, ...]
    frames: tuple[Area, ...]
    watermark: tuple[Watermark, ...]
    code: Area
    code_on_dots: bool
    seal: Area
    seal_colour: Colour
    seal_line: str
    portrait: Area | None

    def points(self, area: Area) -> Points:
        """The edges of an area as a PDF counts them."""
        return area.points(self.height)
