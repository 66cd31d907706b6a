"""Whether the text of a page can be read in a picture of it, and if not, why: measured at the strokes themselves.

Geometry comes first (a page that is far away is not blurred, it is small), light before sharpness (without light the
rest can't be judged), sharpness before contrast (what is blurred is faint too).
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.document_camera.api import LEAST_DPI, MOST_DPI, PageInstruction, Signature
from devices.document_camera.finder import FoundSheet, Grey, find_sheet

_INCH = 25.4  # mm
_TILT = 1.45  # times as fine at the finest place and direction as at the coarsest: some 25 degrees
_DARK, _SHADE = 85.0, 50.0  # grey levels (0 to 255) of the paper: at its middle value, and in its darkest part
_UNSEEN = 25.0  # of a frame in which no page is found, at its brightest
_BURNT, _BURNT_PART = 250, 0.004  # grey level; part of the page
_HALO = 18.0  # grey levels above the paper's own: light, not paper
_INK = 0.14  # of the paper's grey level: what is darker by so much is a stroke
_INK_LEAST = 0.002  # of the page: a signature and a date
_SOFT = 3.6  # dots from light to dark across a stroke's edge, at LEAST_DPI
_FAINT = 0.2  # of the paper's grey level
_PALE, _PALEST, _PALE_LEAST = 0.02, 3.0, 0.01  # of the paper's level; grey levels; of the page
_RIM = 0.07  # of a page's width
_STROKE = 11  # dots: wider dark things are no strokes
_COARSE = (84, 119)  # cells of a signature, upright


@dataclass(frozen=True, slots=True, eq=False)
class LevelPage:
    """A page cut out and made level (grey). ``softness``: dots of LEAST_DPI that an edge of a stroke takes: the fewer,
    the sharper."""

    grey: Grey
    dpi: int
    softness: float
    corners: NDArray[np.float32]


def judged(grey: Grey) -> LevelPage | PageInstruction:
    """The page in a frame, or what keeps it from being read."""
    sheet = find_sheet(grey)
    if sheet is None:
        dark = float(np.percentile(grey[::8, ::8], 95)) < _UNSEEN
        return PageInstruction.TOO_DARK if dark else PageInstruction.SHOW_PAGE
    if not sheet.whole:
        return PageInstruction.WHOLE_PAGE
    coarsest, finest = resolutions(sheet)
    if finest > _TILT * coarsest:
        return PageInstruction.FLATTER
    if coarsest * _INCH < LEAST_DPI:
        return PageInstruction.COME_CLOSER
    return _read(grey, sheet, int(min(coarsest * _INCH, MOST_DPI)))


def resolutions(sheet: FoundSheet) -> tuple[float, float]:
    """Pixels per millimetre at the page's coarsest and finest place, each in its worst and best direction."""
    width, height = sheet.size_mm
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(corners, sheet.corners), np.float64)
    steps = [(x * width, y * height) for x in (0.0, 0.5, 1.0) for y in (0.0, 0.5, 1.0)]
    values = np.concatenate([np.linalg.svd(_slope(matrix, x, y), compute_uv=False) for x, y in steps])
    return float(values.min()), float(values.max())


def _slope(matrix: NDArray[np.float64], x: float, y: float) -> NDArray[np.float64]:
    """How far a millimetre on the page goes in the picture, right and down: the projection's Jacobian."""
    above, below = matrix[:2] @ (x, y, 1.0), float(matrix[2] @ (x, y, 1.0))
    return (matrix[:2, :2] * below - np.outer(above, matrix[2, :2])) / below**2


def _read(grey: Grey, sheet: FoundSheet, dpi: int) -> LevelPage | PageInstruction:
    level = _levelled(grey, sheet, dpi)
    inner = _inner(level)
    paper = _paper(inner)
    if problem := _light(paper):
        return problem
    ink, middle = _ink(inner), float(np.median(paper))
    strokes = ink > _INK * middle
    if float(np.mean(strokes)) < _INK_LEAST:
        return _unwritten(inner, middle)
    softness = _softness(inner, strokes) * LEAST_DPI / dpi
    if softness > _SOFT:
        return PageInstruction.BLURRED
    if float(np.percentile(ink[strokes], 75)) < _FAINT * middle:
        return PageInstruction.FAINT
    return LevelPage(level, dpi, softness, sheet.corners)


def _levelled(grey: Grey, sheet: FoundSheet, dpi: int) -> Grey:
    width, height = (round(side / _INCH * dpi) for side in sheet.size_mm)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(sheet.corners, corners)
    return cast("Grey", cv2.warpPerspective(grey, matrix, (width, height), flags=cv2.INTER_LINEAR))


def _inner(level: Grey) -> Grey:
    """Without the rim, where thumbs are."""
    rim = round(_RIM * min(level.shape))
    return level[rim:-rim, rim:-rim]


def _paper(inner: Grey) -> Grey:
    """How bright the paper itself is, everywhere: print removed."""
    small = cv2.resize(inner, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    bare = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return cast("Grey", cv2.medianBlur(bare, 5))


def _light(paper: Grey) -> PageInstruction | None:
    middle = float(np.median(paper))
    if middle < _DARK or float(np.percentile(paper, 3)) < _SHADE:
        return PageInstruction.TOO_DARK
    burnt = (paper >= _BURNT) & (paper > middle + _HALO)
    if float(np.mean(burnt)) > _BURNT_PART or middle >= _BURNT:
        return PageInstruction.GLARE
    return None


def _ink(level: Grey) -> Grey:
    """How much darker than its surroundings each dot is."""
    calm = cv2.GaussianBlur(level, (3, 3), 0)
    return cast("Grey", cv2.morphologyEx(calm, cv2.MORPH_BLACKHAT, np.ones((_STROKE, _STROKE), np.uint8)))


def _unwritten(inner: Grey, paper: float) -> PageInstruction:
    """Nothing stands there, or what does is pale: by its own want of ink, or because it is blurred all over. At half
    the size, where a sensor's noise is half as strong; lines of blurred print are dark bands there."""
    half = cast("Grey", cv2.resize(inner, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    coarse = cv2.resize(inner, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    bands = cv2.morphologyEx(coarse, cv2.MORPH_BLACKHAT, np.ones((_STROKE, _STROKE), np.uint8))
    pale = cv2.resize(bands, half.shape[::-1], interpolation=cv2.INTER_NEAREST) > max(_PALE * paper, _PALEST)
    if float(np.mean(pale)) < _PALE_LEAST:
        return PageInstruction.BLANK
    return PageInstruction.BLURRED if _softness(half, pale) > _SOFT else PageInstruction.FAINT


def _softness(level: Grey, strokes: NDArray[np.bool_]) -> float:
    """Dots from light to dark at the strokes' edges, in the worse of the two directions: a hand that moves sideways
    blurs upright strokes alone."""
    calm = cast("Grey", cv2.GaussianBlur(level, (3, 3), 0))
    return max(_width_along(calm, strokes, axis) for axis in (0, 1))


def _width_along(level: Grey, strokes: NDArray[np.bool_], axis: int) -> float:
    """What the grey level spans around a stroke, over how fast it changes there at its fastest; the median of the
    better half, so that strokes which run along this direction don't count."""
    reach = np.ones((1, _STROKE) if axis == 0 else (_STROKE, 1), np.uint8)
    span = cv2.dilate(level, reach).astype(np.float32) - cv2.erode(level, reach)
    slope = np.abs(cv2.Scharr(level, cv2.CV_32F, 1 - axis, axis)) / 32
    fastest = cv2.dilate(slope, reach)
    there = strokes & (span > 0.6 * float(np.percentile(span[strokes], 90)))
    return float(np.percentile(span[there] / np.maximum(fastest[there], 0.5), 40))


def signature_of(page: LevelPage) -> Signature:
    """Where ink is, coarsely: the same page held otherwise has nearly the same."""
    cells = _COARSE if page.grey.shape[0] >= page.grey.shape[1] else _COARSE[::-1]
    ink = cv2.resize(_ink(_inner(page.grey)), cells, interpolation=cv2.INTER_AREA).astype(np.float32)
    fine = cv2.GaussianBlur(ink, (3, 3), 0) - cv2.GaussianBlur(ink, (0, 0), 6)
    return cast("Signature", fine / (float(np.linalg.norm(fine)) or 1.0))


def is_same(one: Signature, other: Signature) -> bool:
    """Whether two photographs show one page."""
    return one.shape == other.shape and float((one * other).sum()) > 0.85  # noqa: PLR2004 - a correlation: 0.97 of one page twice, 0.57 of two alike
