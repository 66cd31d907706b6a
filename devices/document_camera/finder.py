"""Finding a sheet in a picture: the largest quadrilateral that is brighter than what is around it.

A threshold that parts paper from hall differs from kiosk to kiosk and from night to day, so several are tried, and an
outline of edges beside them. What remains of a sheet's outline once thumbs lie over it is its hull; its sides are lines
fitted along that, and its corners are where they meet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from devices.camera.api import Image

Grey = NDArray[np.uint8]
Points = NDArray[np.float32]  # n x 2: pixels right and down

A4_MM = (210.0, 297.0)
_SEARCH_WIDTH = 800  # pixels: a smaller picture shows the outline as well
_LEAST_AREA, _FULLNESS = 0.12, 0.93  # of the frame; of the quadrilateral
_LEVELS = (0, -30, 30)  # grey levels from the one that parts the picture best (Otsu)
_EDGES = (40, 120)
_RIM = 2  # pixels of the small picture
_CORNERS = 4
_MARGIN, _NEAR = 0.12, 0.02  # parts of a side: left out at its ends; how far from it a point is of it
_LONGEST = 2.4  # times as long as wide
_STEP = 2.0  # grey levels a pixel, across a sheet's edge: the light in a hall changes more slowly


@dataclass(frozen=True, slots=True, eq=False)
class FoundSheet:
    """``corners``: 4 x 2, clockwise from the upper left, in the frame's pixels. ``whole``: none of it lies outside."""

    corners: Points
    whole: bool

    @property
    def size_mm(self) -> tuple[float, float]:
        """A4, upright or across, as it is held."""
        across = _length(self.corners, 0, 1) + _length(self.corners, 2, 3)
        down = _length(self.corners, 1, 2) + _length(self.corners, 3, 0)
        return A4_MM if down >= across else A4_MM[::-1]


def find_sheet(grey: Grey) -> FoundSheet | None:
    """The largest sheet in a frame, or None."""
    scale = min(1.0, _SEARCH_WIDTH / grey.shape[1])
    small = cast("Grey", cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    calm = cast("Grey", cv2.GaussianBlur(small, (7, 7), 0))
    steps = cast("NDArray[np.float32]", cv2.dilate(_steps(calm), np.ones((5, 5), np.uint8)))
    found = [sheet for mask in _masks(calm) if (sheet := _sheet_in(mask, steps)) is not None]
    if not found:
        return None
    best = max(found, key=lambda sheet: (sheet.whole, _support(sheet.corners, steps), cv2.contourArea(sheet.corners)))
    return FoundSheet((best.corners / scale).astype(np.float32), best.whole)


def _support(corners: Points, steps: NDArray[np.float32]) -> float:
    """The part, in tenths, of its least certain side where the picture has an edge too."""
    height, width = steps.shape
    parts = []
    for side in range(_CORNERS):
        line = np.linspace(corners[side], corners[(side + 1) % _CORNERS], 50)
        x, y = np.clip(line.round().astype(int), 0, (width - 1, height - 1)).T
        parts.append(float(np.mean(steps[y, x] > _STEP)))
    return round(min(parts), 1)


def grey_of(image: Image) -> Grey:
    """The picture without its colours."""
    return cast("Grey", cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))


def _steps(calm: Grey) -> NDArray[np.float32]:
    """How much the grey level changes from one pixel to the next."""
    right, down = (cv2.Scharr(calm, cv2.CV_32F, *way) for way in ((1, 0), (0, 1)))
    return cast("NDArray[np.float32]", cv2.magnitude(right, down) / 32)


def _masks(calm: Grey) -> Iterator[Grey]:
    level, _ = cv2.threshold(calm, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    for step in _LEVELS:
        mask = (calm > np.clip(level + step, 1, 254)).astype(np.uint8) * 255
        yield cast("Grey", cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)))
    edges = cv2.dilate(cv2.Canny(calm, *_EDGES), np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(edges, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    yield cast("Grey", cv2.erode(cv2.drawContours(np.zeros_like(calm), outlines, -1, 255, -1), np.ones((5, 5))))


def _sheet_in(mask: Grey, steps: NDArray[np.float32]) -> FoundSheet | None:
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    least = _LEAST_AREA * mask.size
    large = max(outlines, key=cv2.contourArea, default=None)
    if large is None or cv2.contourArea(large) < least or _sharpness(large, steps) < _STEP:
        return None
    outline = cv2.convexHull(large)
    rough = _four(outline)
    if rough is None or cv2.contourArea(outline) < _FULLNESS * cv2.contourArea(rough):
        return _cut_off(outline, mask)
    corners = _refined(_clockwise(rough), large[:, 0, :].astype(np.float32))
    return None if _odd(corners) else FoundSheet(corners, whole=not _touches(outline, mask))


def _sharpness(outline: MatLike, steps: NDArray[np.float32]) -> float:
    """How sharply what lies within sets itself off, where that is not the picture's own edge."""
    x, y = outline[:, 0, 0], outline[:, 0, 1]
    height, width = steps.shape
    inside = (x > _RIM) & (y > _RIM) & (x < width - 1 - _RIM) & (y < height - 1 - _RIM)
    return float(np.median(steps[y[inside], x[inside]])) if inside.any() else 0.0


def _cut_off(outline: MatLike, mask: Grey) -> FoundSheet | None:
    """Bounded by the picture's own edge it has any number of corners: it is a sheet all the same, and not whole. What
    fills the picture from side to side is the wall."""
    x, y, width, height = cv2.boundingRect(outline)
    if not _touches(outline, mask) or cv2.contourArea(outline) > 0.9 * mask.size:
        return None
    box = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)
    return FoundSheet(box, whole=False)


def _four(outline: MatLike) -> Points | None:
    """The outline with as few corners as it takes to have four."""
    around = cv2.arcLength(outline, closed=True)
    for part in (0.01, 0.015, 0.02, 0.03, 0.04, 0.06):
        corners = cv2.approxPolyDP(outline, part * around, closed=True)
        if len(corners) == _CORNERS:
            return cast("Points", corners[:, 0, :].astype(np.float32))
        if len(corners) < _CORNERS:
            return None
    return None


def _clockwise(corners: Points) -> Points:
    """From the upper left on, for a sheet that leans by less than half a right angle."""
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    ordered = corners[np.argsort(angles)]
    first = int(np.argmin(ordered.sum(axis=1)))
    return np.roll(ordered, -first, axis=0)


def _refined(corners: Points, outline: Points) -> Points:
    """Where the lines along the four sides meet; a side with too few points keeps its rough corners."""
    lines = [_line(corners[side], corners[(side + 1) % _CORNERS], outline) for side in range(_CORNERS)]
    meet = [_meeting(lines[side - 1], lines[side]) for side in range(_CORNERS)]
    exact = [rough if found is None else found for rough, found in zip(corners, meet, strict=True)]
    return np.array(exact, np.float32)


def _line(start: Points, end: Points, outline: Points) -> Points | None:
    along = end - start
    length = float(np.linalg.norm(along))
    direction = along / length
    offset = outline - start
    part = offset @ direction / length
    away = np.abs(offset @ np.array([-direction[1], direction[0]])) / length
    near = outline[(part > _MARGIN) & (part < 1 - _MARGIN) & (away < _NEAR)]
    if len(near) < 0.25 * length:
        return None
    return cast("Points", cv2.fitLine(near, cv2.DIST_HUBER, 0, 0.01, 0.01)[:, 0])


def _meeting(one: Points | None, other: Points | None) -> Points | None:
    if one is None or other is None:
        return None
    matrix = np.array([[one[0], -other[0]], [one[1], -other[1]]], np.float64)
    if abs(float(np.linalg.det(matrix))) < 0.2:  # noqa: PLR2004 - sides that hardly meet
        return None
    part = np.linalg.solve(matrix, other[2:4] - one[2:4])[0]
    return cast("Points", one[2:4] + part * one[0:2])


def _odd(corners: Points) -> bool:
    """A strip of light, a door: no page."""
    sides = [_length(corners, side, (side + 1) % _CORNERS) for side in range(_CORNERS)]
    return not cv2.isContourConvex(corners) or max(sides) > _LONGEST * min(sides)


def _touches(outline: MatLike, mask: Grey) -> bool:
    points, (height, width) = outline[:, 0, :], mask.shape
    low, high = points.min(axis=0), points.max(axis=0)
    return bool((low < _RIM).any() or high[0] >= width - _RIM or high[1] >= height - _RIM)


def _length(corners: Points, start: int, end: int) -> float:
    return float(np.linalg.norm(corners[start] - corners[end]))
