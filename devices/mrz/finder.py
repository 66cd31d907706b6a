"""Finding the lines of a machine-readable zone in a picture, by what sets them apart from all other print: they are the
longest on the page, parallel, of one length, evenly spaced and near its lower edge (ICAO 9303-3, 4.2).

Dark strokes on a lighter ground are what remains of a black-hat transform; closed along the lines, each line becomes
one long island. Pages that are held askew are tried at a few turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from devices.camera.api import Image
from devices.mrz.recogniser import LINE_HEIGHT, Grey

_FRAME_WIDTH = 1280  # a larger frame is made smaller: it shows no more, and takes longer
_TURNS = (0, 12, -12, 24, -24)  # degrees
_STROKE = 17  # pixels: wider dark things are no strokes
_GAP = (19, 3)  # pixels across and down: what lies between two characters of a line
_SHORTEST = 0.28  # of the frame's width
_SLIMMEST = 11  # times as long as high
_SAME_LENGTH, _SAME_ANGLE = 0.15, 3.0  # part; degrees
_SPACING = (1.2, 4.5)  # heights between two lines' middles
_MOST_LINES = 3
_MARGIN = 0.2  # of a line's height, left free around it


@dataclass(frozen=True, slots=True)
class Line:
    """One line of print: its middle, length and height in pixels, and its angle in degrees (clockwise)."""

    x: float
    y: float
    length: float
    height: float
    angle: float


@dataclass(frozen=True, slots=True, eq=False)
class FoundZone:
    """The lines, top to bottom, each cut out level, LINE_HEIGHT high (grey). ``height``: of a line in the
    frame, in pixels. ``burnt``: part of the zone that is as bright as the camera can tell."""

    lines: tuple[Grey, ...]
    height: float
    burnt: float


def find_zone(image: Image) -> FoundZone | None:
    """The zone in a frame, or None."""
    grey = cast("Grey", cv2.cvtColor(_not_too_large(image), cv2.COLOR_BGR2GRAY))
    for turn in _TURNS:
        turned = grey if turn == 0 else _turned(grey, turn)
        if lines := _lowest_group(_long_lines(turned)):
            cuts = tuple(_cut_out(turned, line) for line in lines)
            burnt = float(np.mean([np.mean(cut >= 250) for cut in cuts]))  # noqa: PLR2004 - of 255
            return FoundZone(cuts, lines[-1].height, burnt)
    return None


def _not_too_large(image: Image) -> Image:
    scale = _FRAME_WIDTH / image.shape[1]
    if scale >= 1:
        return image
    return cast("Image", cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def _turned(grey: Grey, degrees: float) -> Grey:
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cast("Grey", cv2.warpAffine(grey, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE))


def _long_lines(grey: Grey) -> list[Line]:
    """Everything in the picture that could be a line of a zone."""
    strokes = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((_STROKE, _STROKE), np.uint8))
    _, marks = cv2.threshold(strokes, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    islands = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones(_GAP[::-1], np.uint8))
    islands = cv2.morphologyEx(islands, cv2.MORPH_OPEN, np.ones((3, _GAP[0]), np.uint8))
    contours, _ = cv2.findContours(islands, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    lines = [_line(*cv2.minAreaRect(contour)) for contour in contours]
    shortest = _SHORTEST * grey.shape[1]
    return [line for line in lines if line.length >= shortest and line.length >= _SLIMMEST * line.height]


def _line(middle: Sequence[float], size: Sequence[float], angle: float) -> Line:
    """Of a turned rectangle, as OpenCV states it: whichever side is the longer one runs along the line."""
    if size[0] < size[1]:
        angle -= 90
    return Line(middle[0], middle[1], max(size), max(min(size), 1.0), (angle + 90) % 180 - 90)


def _lowest_group(lines: list[Line]) -> list[Line]:
    """The lowest line, and those above it that belong to it; top to bottom."""
    ordered = sorted(lines, key=lambda line: line.y, reverse=True)
    group = ordered[:1]
    for line in ordered[1:]:
        if len(group) < _MOST_LINES and _belongs(line, group[-1]):
            group.append(line)
    return group[::-1]


def _belongs(upper: Line, lower: Line) -> bool:
    apart = (lower.y - upper.y) / max(upper.height, lower.height)
    return (
        _SPACING[0] <= apart <= _SPACING[1]
        and abs(upper.length - lower.length) <= _SAME_LENGTH * lower.length
        and abs(upper.angle - lower.angle) <= _SAME_ANGLE
    )


def _cut_out(grey: Grey, line: Line) -> Grey:
    """The line made level, with a margin all around."""
    margin = _MARGIN * line.height
    scale = LINE_HEIGHT / (line.height + 2 * margin)
    width = round((line.length + 2 * margin) * scale)
    matrix = cv2.getRotationMatrix2D((line.x, line.y), line.angle, scale)
    matrix[:, 2] += np.array([width / 2 - line.x, LINE_HEIGHT / 2 - line.y])
    return cast(
        "Grey",
        cv2.warpAffine(grey, matrix, (width, LINE_HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE),
    )
