"""Where things stand on a page, in millimetres from its upper left corner. Change the look here; the code that draws
(forms.render) knows no numbers of its own.
"""

from dataclasses import dataclass

POINTS_PER_MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0  # ISO 216 A4

Colour = tuple[float, float, float]  # red, green, blue; 0 to 1
INK: Colour = (0.10, 0.11, 0.14)
QUIET: Colour = (0.40, 0.42, 0.46)
LINE: Colour = (0.62, 0.64, 0.68)
TINT: Colour = (0.962, 0.966, 0.973)
WATERMARK: Colour = (0.925, 0.93, 0.94)
SEAL_RED: Colour = (0.80, 0.09, 0.10)


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: points, points from line to line, points between letters."""

    size: float
    bold: bool = False
    colour: Colour = INK
    leading: float = 0.0
    tracking: float = 0.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of text. ``x`` is its left edge, middle or right edge by ``align``; ``y`` its baseline."""

    x: float
    y: float
    style: Style
    align: str = "left"
    width: float = 0.0  # the widest it may be; smaller type is chosen rather than to exceed it


@dataclass(frozen=True, slots=True)
class Square:
    """A square by its left and upper edge."""

    x: float
    y: float
    size: float

    def box(self) -> tuple[float, float, float, float]:
        """Left, lower, right, upper edge in points from the page's lower left corner."""
        lower = PAGE_HEIGHT - self.y - self.size
        edges = (self.x, lower, self.x + self.size, lower + self.size)
        left, bottom, right, top = (edge * POINTS_PER_MM for edge in edges)
        return left, bottom, right, top


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line from ``x`` over ``width``; ``weight`` in points."""

    x: float
    y: float
    width: float
    weight: float
    colour: Colour = INK


@dataclass(frozen=True, slots=True)
class Table:
    """The ruled table of fields: two pairs of label and value to a row, or one across."""

    x: float
    y: float
    width: float
    lowest: float  # no row ends below
    label_width: float
    row_height: float  # the least; a row grows with its lines
    padding: float
    label: Style
    label_english: Style
    value: Style
    scales: tuple[float, ...]  # of the type, tried in turn until the table fits


@dataclass(frozen=True, slots=True)
class Watermark:
    """A word across the page. ``x``, ``y``: the middle of its baseline; ``size`` in points; ``angle`` in degrees."""

    text: str
    x: float
    y: float
    size: float
    angle: float


@dataclass(frozen=True, slots=True)
class Layout:
    """One page."""

    warning: Spot
    serial: Spot
    title: Spot
    subtitle: Spot
    rules: tuple[Rule, ...]
    statement: Spot
    statement_english: Spot
    table: Table
    watermark: tuple[Watermark, ...]
    blank_below: Spot  # ``y`` counts from the table's lower edge
    remarks: Spot  # of the first line; ``y`` counts from the line of ``blank_below``
    code: Square
    instructions: tuple[Spot, ...]  # those with a ``width`` are set in lines
    issuer: Spot
    date: Spot
    seal: Square
    notice: Spot
    notice_english: Spot


_LEFT, _WIDTH = 25.0, 160.0
_RIGHT = _LEFT + _WIDTH
_SEAL_MIDDLE = 155.0

HOUSEHOLD_CERTIFICATE = Layout(
    warning=Spot(_LEFT, 20.5, Style(8.5, bold=True, colour=SEAL_RED)),
    serial=Spot(_RIGHT, 20.5, Style(9, colour=INK), "right", 80),
    title=Spot(PAGE_WIDTH / 2, 42, Style(28, bold=True, tracking=14), "middle"),
    subtitle=Spot(PAGE_WIDTH / 2, 49.5, Style(8.5, colour=QUIET, tracking=2.6), "middle"),
    rules=(
        Rule(_LEFT, 56.0, _WIDTH, 1.4),
        Rule(_LEFT, 57.0, _WIDTH, 0.4),
        Rule(_LEFT, 271.0, _WIDTH, 0.4, LINE),
    ),
    statement=Spot(_LEFT, 67.5, Style(11.5)),
    statement_english=Spot(_LEFT, 72.6, Style(8, colour=QUIET)),
    table=Table(
        x=_LEFT,
        y=78.0,
        width=_WIDTH,
        lowest=203.0,
        label_width=28.5,
        row_height=11.4,
        padding=2.6,
        label=Style(9.5),
        label_english=Style(6.0, colour=QUIET, leading=7.6),
        value=Style(11.5, leading=16),
        scales=(1.0, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6),
    ),
    watermark=(
        Watermark("样张", 98.0, 150.0, 120.0, 35.0),
        Watermark("SPECIMEN", 111.0, 172.0, 52.0, 35.0),
    ),
    blank_below=Spot(PAGE_WIDTH / 2, 7.0, Style(9, colour=QUIET), "middle"),
    remarks=Spot(_LEFT, 6.0, Style(9, colour=QUIET, leading=13), width=_WIDTH),
    code=Square(_LEFT, 221.0, 38.0),
    instructions=(
        Spot(68.0, 229.0, Style(11, bold=True)),
        Spot(68.0, 233.8, Style(7.5, colour=QUIET)),
        Spot(68.0, 241.5, Style(8.5, leading=13), width=46),
        Spot(68.0, 252.5, Style(6.6, colour=QUIET, leading=9), width=46),
    ),
    issuer=Spot(_SEAL_MIDDLE, 214.8, Style(11.5), "middle", 60),
    date=Spot(_SEAL_MIDDLE, 249.4, Style(11), "middle"),
    seal=Square(_SEAL_MIDDLE - 21, 218.0, 42.0),
    notice=Spot(_LEFT, 276.5, Style(9)),
    notice_english=Spot(_LEFT, 280.8, Style(7.2, colour=QUIET)),
)
