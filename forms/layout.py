"""What a layout consists of: the words in which forms.layouts says where things stand and how they look.

Lengths are millimetres from the sheet's upper left corner, type is in points. The look itself is data in forms.layouts;
forms.placement sets a paper's words by it, and forms.render draws what was set: neither knows a number of its own.
"""

from dataclasses import dataclass, replace

POINTS_PER_MM = 72 / 25.4
DOTS_PER_MM = 8  # of a strip printer's head (203 dots per inch)

Colour = tuple[float, float, float]  # red, green, blue; 0 to 1
Points = tuple[
    float, float, float, float
]  # left, lower, right, upper edge in points from the sheet's lower left corner


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: points, points from line to line, points between letters."""

    size: float
    bold: bool = False
    colour: Colour = (0, 0, 0)
    leading: float = 0.0
    tracking: float = 0.0

    def scaled(self, scale: float) -> "Style":
        """The same in another size."""
        return replace(self, size=self.size * scale, leading=self.leading * scale, tracking=self.tracking * scale)


@dataclass(frozen=True, slots=True)
class Spot:
    """A text's place. ``x`` is its left edge, middle or right edge by ``align``; ``y`` the baseline of its first line.

    ``width``: the widest a line may be, 0 for any. ``lines``: the most lines it may take, 0 for any number; smaller
    type is chosen rather than to exceed either.
    """

    x: float
    y: float
    style: Style
    align: str = "left"
    width: float = 0.0
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle by its left and upper edge."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    def below(self, y: float) -> "Area":
        """The same, farther down by ``y``."""
        return replace(self, y=self.y + y)

    def points(self, sheet_height: float) -> Points:
        """Its edges as a PDF counts them."""
        edges = (self.x, sheet_height - self.bottom, self.right, sheet_height - self.y)
        left, lower, right, upper = (edge * POINTS_PER_MM for edge in edges)
        return left, lower, right, upper


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line from ``x`` over ``width``, ``y`` its middle; ``weight`` in points."""

    x: float
    y: float
    width: float
    weight: float
    colour: Colour = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Upright:
    """A vertical line from ``y`` over ``height``, ``x`` its middle; ``weight`` in points."""

    x: float
    y: float
    height: float
    weight: float
    colour: Colour = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Table:
    """The ruled table of fields: two to a row where they fit, or one across.

    ``stacked``: a value stands below its label; else beside it, ``label_width`` from the cell's edge.
    """

    x: float
    gap: float  # from the baseline above to its upper edge
    width: float
    label_width: float
    row_height: float  # the least; a row grows with its lines
    padding: float
    label: Style
    label_english: Style
    value: Style
    loud: Style
    edge: float  # weight of its upper and lower edge, points
    line: float  # weight of the lines inside, points
    line_colour: Colour
    tint: Colour | None = None  # behind the labels
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Portrait:
    """A person's photograph. ``beside``: in the table's upper right corner; else in the middle above it."""

    width: float
    height: float
    gap: float
    beside: bool


@dataclass(frozen=True, slots=True)
class Remarks:
    """Sentences under the table, behind an upright bar. ``spot``: of the first; ``y`` counts from the table's edge."""

    spot: Spot
    between: float  # points added between two remarks
    bar: Upright  # ``x`` and weight; it is as long as the remarks


@dataclass(frozen=True, slots=True)
class Watermark:
    """A word across the page. ``x``, ``y``: the middle of its baseline; ``size`` in points; ``angle`` in degrees."""

    text: str
    x: float
    y: float
    size: float
    angle: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Foot:
    """What proves a paper. All ``y`` count from the foot's upper edge.

    ``code``: a square; the symbol fills it, or, ``on_dots``, stands in its middle in whole dots with its quiet zone.
    """

    height: float
    code: Area
    on_dots: bool
    instructions: tuple[Spot, ...]
    issuer: Spot
    date: Spot
    seal: Area
    seal_colour: Colour
    notice: Spot
    notice_english: Spot
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of paper on one medium.

    ``height`` 0: the sheet is as high as it has to be. ``lowest``: what stands above the foot ends there, or the paper
    is too long. ``foot_y``: the foot's upper edge; 0: it follows, ``foot_gap`` below.
    """

    width: float
    height: float
    lowest: float
    warning: Spot
    serial: Spot
    title: Spot
    subtitle: Spot
    rules: tuple[Rule, ...]
    statement: Spot
    statement_english: Spot  # ``y`` counts from the last line above
    table: Table
    remarks: Remarks
    blank_below: Spot  # ``y`` counts from the last edge or line above
    foot: Foot
    scales: tuple[float, ...]  # of table and remarks, tried in turn until they fit
    foot_y: float = 0.0
    foot_gap: float = 0.0
    portrait: Portrait | None = None
    watermark: tuple[Watermark, ...] = ()
    on_dots: bool = False  # heights are whole dots of a strip printer
