"""Drawings as data: shapes in a square of 100 by 100, y up, painted by Kivy's smooth-edged instructions.

No bitmap is shipped: a drawing is sharp at every size and can be recoloured by the theme.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians, sin

from kivy.graphics import Color, SmoothEllipse, SmoothLine, SmoothRoundedRectangle

from terminal.theme import Rgb

Points = tuple[float, ...]
SIDE = 100.0
_ROUND_END = 0.96  # a disc at a line's end must not look like a knob


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through ``points`` (x, y, x, y ...) with round ends and joints."""

    points: Points
    width: float = 6
    colour: str = "pen"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle with round corners."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 4
    colour: str = "pen"


@dataclass(frozen=True, slots=True)
class Oval:
    """A filled ellipse around a centre."""

    x: float
    y: float
    width: float
    height: float
    colour: str = "pen"


Shape = Stroke | Box | Oval
Drawing = tuple[Shape, ...]


def arc(x: float, y: float, radius: float, start: float, end: float, flat: float = 1.0) -> Points:
    """Return points of an arc; degrees run anticlockwise from three o'clock. ``flat`` scales its height."""
    count = max(6, int(abs(end - start) / 8))
    angles = (radians(start + (end - start) * step / count) for step in range(count + 1))
    return tuple(value for angle in angles for value in (x + radius * cos(angle), y + flat * radius * sin(angle)))


def frame(x: float, y: float, width: float, height: float, radius: float = 6) -> Points:
    """Return the closed outline of a rectangle with round corners."""
    right, top = x + width - radius, y + height - radius
    left, bottom = x + radius, y + radius
    corners = ((right, top, 0), (left, top, 90), (left, bottom, 180), (right, bottom, 270))
    points = tuple(value for cx, cy, angle in corners for value in arc(cx, cy, radius, angle, angle + 90))
    return (*points, *points[:2])


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the screen a drawing goes: its lower left corner and the length of its side, in px."""

    x: float
    y: float
    side: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Scale a point of the drawing."""
        return self.x + x * self.scale, self.y + y * self.scale

    @property
    def scale(self) -> float:
        """How many px one unit of the drawing is."""
        return self.side / SIDE


def paint(shapes: Iterable[Shape], place: Place, colours: Mapping[str, Rgb]) -> None:
    """Draw into the canvas that is open now (``with widget.canvas:``)."""
    for shape in shapes:
        Color(*colours[shape.colour])
        match shape:
            case Stroke():
                _stroke(shape, place)
            case Box():
                size = (shape.width * place.scale, shape.height * place.scale)
                radius = [max(0.1, shape.radius * place.scale)]
                SmoothRoundedRectangle(pos=place.at(shape.x, shape.y), size=size, radius=radius)
            case Oval():
                _oval(shape.x, shape.y, shape.width, shape.height, place)


def _stroke(shape: Stroke, place: Place) -> None:
    pairs = list(zip(shape.points[::2], shape.points[1::2], strict=True))
    points = [value for pair in pairs for value in place.at(*pair)]
    SmoothLine(points=points, width=max(0.6, shape.width * place.scale / 2))
    ends = pairs if len(pairs) < 8 else (pairs[0], pairs[-1])  # noqa: PLR2004 - a curve's joints are smooth already
    for x, y in ends:
        _oval(x, y, shape.width * _ROUND_END, shape.width * _ROUND_END, place)


def _oval(x: float, y: float, width: float, height: float, place: Place) -> None:
    pos = place.at(x - width / 2, y - height / 2)
    SmoothEllipse(pos=pos, size=(width * place.scale, height * place.scale))
