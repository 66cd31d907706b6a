"""Where a sheet lies in its picture: by the corners of its code, and then, finer, by its longest lines.

Places are millimetres as the layout counts them, on a strip, whose height nobody knows beforehand, from the upper edge
of its foot. A plane that a camera sees askew is a homography away from them (Hartley and Zisserman, Multiple View
Geometry, 2.3).
"""

from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from forms.code import PREFIX
from forms.layout import DOTS_PER_MM, Layout
from forms.layouts import layout_of
from forms.paper import Medium, PaperKind
from forms.qr import QUIET_ZONE, modules

Matrix = NDArray[np.float64]  # 3 x 3
Points = NDArray[np.float64]  # n x 2
Grey = NDArray[np.uint8]  # height x width; the red of a seal counts as white

_STRIP_SHARE: Final = 2.5  # a page is more than so many codes wide
_FINE = 4.0  # pixels per millimetre, where lines are looked for
_AROUND = 15.0  # mm above and below the place where a line should be
_SLANTS = np.linspace(-16.0, 16.0, 129)  # mm over the length of a line
_EVERY = 3  # columns: enough to find a line by
_SURE = 0.5  # of a line's length is dark
_ALL_POINTS = 8  # the code's corners and the ends of two lines
_INK = 45  # grey levels below the paper: a thin grey line, a little out of focus
_MOST = 0.75  # of that is a mark of the line
_LENGTH = 10.0  # mm by which a line may seem longer or shorter where a camera sees the page askew
_NEAR = 0.6  # mm from a line's rough place within which its ink is


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the sheet, in millimetres."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sheet:
    """A picture whose place is known. ``to_picture`` takes millimetres to pixels; ``resolution``: pixels per mm."""

    picture: Image.Image
    medium: Medium
    layout: Layout
    to_picture: Matrix
    resolution: float

    @property
    def foot(self) -> float:
        """The foot's upper edge."""
        return self.layout.foot_y

    def cut(self, box: Box, scale: float) -> Grey:
        """What stands in ``box``, level, at ``scale`` pixels per millimetre; white where the picture ends."""
        size = max(1, round((box.right - box.left) * scale)), max(1, round((box.bottom - box.top) * scale))
        onto = self.to_picture @ np.array([[1 / scale, 0, box.left], [0, 1 / scale, box.top], [0, 0, 1]])
        shrunk = max(1, int(self.resolution / scale))  # or thin lines fall between the samples
        onto = np.diag([1 / shrunk, 1 / shrunk, 1.0]) @ onto
        coefficients = (onto / onto[2, 2]).reshape(-1)[:8].tolist()
        made = self.picture.reduce(shrunk).transform(
            size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC, fillcolor=255
        )
        return np.asarray(made)


def without_red(picture: Image.Image) -> Image.Image:
    """Grey, as a red filter would show it: a red seal vanishes, the ink below it stays."""
    if picture.mode in {"1", "L", "LA", "I;16"}:
        return picture.convert("L")
    return picture.convert("RGB").getchannel("R")


def find_sheet(picture: Image.Image, kind: PaperKind) -> Sheet | None:
    """The sheet around the one code in ``picture``; None: the code is not seen well enough to measure by."""
    grey = without_red(picture)
    corners = _corners(grey)
    if corners is None:
        return None
    text, seen = corners
    across = float(np.linalg.norm(seen[1] - seen[0]))
    shorter = min(grey.size) if min(grey.size) > across else max(grey.size)
    medium = Medium.STRIP if shorter < _STRIP_SHARE * across else Medium.PAGE
    layout = layout_of(kind, medium)
    x, y, side = _symbol(layout, text)
    known = np.array([[x, y], [x + side, y], [x + side, y + side], [x, y + side]])
    rough = Sheet(grey, medium, layout, _similarity(known, seen), across / side)
    return _finer(rough, known, seen) if medium is Medium.PAGE else rough


def _corners(grey: Image.Image) -> tuple[str, Points] | None:
    pixels = np.asarray(grey)
    for zoom in (1, 2):
        looked = pixels if zoom == 1 else np.asarray(grey.resize((grey.width * 2, grey.height * 2)))
        found = [
            each
            for each in zxingcpp.read_barcodes(looked, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
            if each.text.startswith(PREFIX)
        ]
        if len(found) == 1:
            place = found[0].position
            ends = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
            return found[0].text, np.array([[(end.x + 0.5) / zoom, (end.y + 0.5) / zoom] for end in ends])
    return None


def _symbol(layout: Layout, text: str) -> tuple[float, float, float]:
    """Where the code's symbol stands: left, upper edge, side (forms.qr.draw_code)."""
    code = layout.foot.code.below(layout.foot_y)
    if not layout.foot.on_dots:
        return code.x, code.y, code.width
    dots, count = round(code.width * DOTS_PER_MM), len(modules(text))
    each = dots // (count + 2 * QUIET_ZONE)
    inset = (dots - each * count) // 2 / DOTS_PER_MM
    return code.x + inset, code.y + inset, each * count / DOTS_PER_MM


def _finer(sheet: Sheet, known: Points, seen: Points) -> Sheet:
    """By the lines above the table and above the notice: their ends are as far apart as a page allows."""
    pairs = [(known, seen)]
    foot, head = sheet.layout.foot.rules[0], sheet.layout.rules[0]
    for y, rule in ((foot.y + sheet.layout.foot_y, foot), (head.y, head)):
        ends = _ends(sheet, rule.x, rule.x + rule.width, y)
        if ends is None:
            continue
        pairs.append((np.array([[rule.x, y], [rule.x + rule.width, y]]), ends))
        sheet = _with(sheet, np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs]))
    return sheet


def _with(sheet: Sheet, known: Points, seen: Points) -> Sheet:
    far = len(known) == _ALL_POINTS  # near ones alone say too little of a whole page's plane
    made = homography(known, seen) if far else _similarity(known, seen)
    return Sheet(sheet.picture, sheet.medium, sheet.layout, made, sheet.resolution)


def _ends(sheet: Sheet, left: float, right: float, y: float) -> Points | None:
    """The two ends of a line that should be at ``y``, in the picture."""
    margin = 6.0
    zone = Box(left - margin, y - _AROUND, right + margin, y + _AROUND)
    dark: NDArray[np.float64] = 255.0 - sheet.cut(zone, _FINE).astype(np.float64)
    dark -= np.median(dark, axis=0, keepdims=True)
    inside = slice(round(margin * _FINE), round((margin + right - left) * _FINE))
    height, width = dark.shape
    along = np.linspace(-0.5, 0.5, width)
    rows = np.arange(height)[:, None]
    best = (0.0, 0, 0.0)
    some = np.arange(width)[inside][::_EVERY]
    inked = np.clip(dark, 0, _INK)
    for slant in _SLANTS:
        at = np.clip(rows + np.rint(along[some] * slant * _FINE).astype(int)[None], 0, height - 1)
        found = inked[at, some[None]].mean(axis=1) / _INK
        row = int(found.argmax())
        best = max(best, (float(found[row]), row, float(slant)))
    share, row, slant = best
    if share < _SURE:
        return None
    offset, slant = _straightened(dark, np.asarray(row + along * slant * _FINE, np.float64), along)
    line = np.clip(np.rint(offset + along * slant).astype(int), 1, height - 2)
    # a thin line's ink is shared by neighbouring rows: together they have all of it
    ink = np.sum([np.maximum(dark[line + step, np.arange(width)], 0) for step in (-1, 0, 1)], axis=0) > _INK * _MOST
    first, last = _longest(ink)
    if abs((last - first) / _FINE - (right - left)) > _LENGTH:
        return None  # a stretch of it, or another line: its ends are not the line's
    spots = [(each, offset + (each / width - 0.5) * slant) for each in (first, last)]
    return _project(
        sheet.to_picture, np.array([[zone.left + x / _FINE, zone.top + (r + 0.5) / _FINE] for x, r in spots])
    )


def _straightened(
    dark: NDArray[np.float64], line: NDArray[np.float64], along: NDArray[np.float64]
) -> tuple[float, float]:
    """The line through the middles of the ink near a rough one: its row in the middle, and its rise over the width."""
    rows = np.arange(len(dark))[:, None]
    ink = np.where(np.abs(rows - line[None]) <= _FINE * _NEAR, np.clip(dark, 0, 90), 0.0)
    weight = ink.sum(axis=0)
    middle = (ink * rows).sum(axis=0) / np.maximum(weight, 1e-9)
    slant, offset = np.polyfit(along, middle, 1, w=np.minimum(weight, 90.0))
    return float(offset), float(slant)


def _longest(ink: NDArray[np.bool_]) -> tuple[float, float]:
    """Where the line begins and ends; gaps of some dots do not end it."""
    marks = np.flatnonzero(ink)
    breaks = np.flatnonzero(np.diff(marks) > 3 * _FINE)
    starts, ends = np.r_[marks[0], marks[breaks + 1]], np.r_[marks[breaks], marks[-1]]
    longest = int((ends - starts).argmax())
    return float(starts[longest]), float(ends[longest] + 1)


def _similarity(known: Points, seen: Points) -> Matrix:
    """Turn, size and shift (Umeyama, 1991): what four near corners tell for certain of a whole page."""
    a, b = known[:, 0] + 1j * known[:, 1], seen[:, 0] + 1j * seen[:, 1]
    turn = np.vdot(a - a.mean(), b - b.mean()) / np.vdot(a - a.mean(), a - a.mean())
    shift = b.mean() - turn * a.mean()
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag], [0, 0, 1]])


def homography(known: Points, seen: Points) -> Matrix:
    """The plane's map by least squares (direct linear transformation), normalised as it should be."""
    to_known, to_seen = _normaliser(known), _normaliser(seen)
    a, b = _project(to_known, known), _project(to_seen, seen)
    rows = []
    for (x, y), (u, v) in zip(a, b, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, -u], [0, 0, 0, x, y, 1, -v * x, -v * y, -v]]
    made = np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3)
    whole = np.linalg.inv(to_seen) @ made @ to_known
    return cast("Matrix", whole / whole[2, 2])


def _normaliser(points: Points) -> Matrix:
    middle, spread = points.mean(axis=0), points.std() or 1.0
    return np.array([[1 / spread, 0, -middle[0] / spread], [0, 1 / spread, -middle[1] / spread], [0, 0, 1]])


def _project(matrix: Matrix, points: Points) -> Points:
    seen = np.c_[points, np.ones(len(points))] @ matrix.T
    return cast("Points", seen[:, :2] / seen[:, 2:])
