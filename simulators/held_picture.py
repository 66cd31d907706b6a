"""Flat pictures held before the simulated camera: what a cheat brings."""

import math
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from simulators.living_picture import HEIGHT, WALL, WIDTH, Image, LivingPicture

_LID = (120, 150, 190)


class StillPicture:
    """A photograph of the portrait, held up before the camera: it shakes, it can be tilted in every direction, it
    never turns its head."""

    turns = (-30, 30)
    nods = (-30, 30)

    def __init__(self, picture: Path, detector: Path) -> None:
        """As LivingPicture."""
        self._print = self._photographed(LivingPicture(picture, detector).at(0))

    def at(self, degrees: float, breath: float = 0.0, pitch: float = 0.0) -> Image:
        """The photograph turned about its middle, as a hand would; ``breath`` shakes it sideways."""
        return held(self._print, degrees, pitch, breath)

    @staticmethod
    def _photographed(image: Image) -> Image:
        """Cut out of the picture, with a white rim."""
        rim = (14, 14, 14, 14)
        return cast("Image", cv2.copyMakeBorder(image[:, 100:-100], *rim, cv2.BORDER_CONSTANT, value=(248, 248, 248)))


class CutOutEyes(StillPicture):
    """A photograph with holes for the eyes, and living eyes behind them, which look where they are asked to and blink.

    As far as a picture can imitate it: the band of the eyes is taken from the turning head, the rest stays paper.
    """

    def __init__(self, picture: Path, detector: Path) -> None:
        """As LivingPicture."""
        self._owner = LivingPicture(picture, detector)
        self._straight = self._owner.at(0)

    def at(self, degrees: float, breath: float = 0.0, pitch: float = 0.0) -> Image:
        """The eyes move by themselves, and the photograph is tilted as well."""
        turned = self._owner.at(degrees * 0.5, breath, pitch * 0.5)
        (left, eyes), (right, _) = self._owner.points[:2]
        top, bottom, start, end = (round(edge) for edge in (eyes - 24, eyes + 24, left - 38, right + 38))
        photo = self._straight.copy()
        photo[top:bottom, start:end] = turned[top:bottom, start:end]
        if breath > 0.95:  # noqa: PLR2004 - a blink at the top of each breath
            cv2.ellipse(photo, (round(left), round(eyes)), (22, 12), 0, 0, 360, _LID, -1)
            cv2.ellipse(photo, (round(right), round(eyes)), (22, 12), 0, 0, 360, _LID, -1)
        return held(self._photographed(photo), degrees, pitch, breath)


class HeldSheet:
    """A picture in a file (a printed page, a strip, its code alone) held close before the camera."""

    turns = (-12, 12)
    nods = (-10, 10)

    def __init__(self, picture: Path) -> None:
        """Raises OSError when there is no such picture."""
        sheet = cv2.imread(str(picture))
        if sheet is None:
            raise OSError(f"no picture: {picture.name}")
        scale = min(WIDTH / sheet.shape[1], HEIGHT / sheet.shape[0])
        shrinking = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        self._sheet = cast("Image", cv2.resize(sheet, None, fx=scale, fy=scale, interpolation=shrinking))

    def at(self, degrees: float, breath: float = 0.0, pitch: float = 0.0) -> Image:
        """Turned and tilted as a hand does; ``breath`` moves it sideways."""
        return held(self._sheet, degrees, pitch, breath)


def held(photo: Image, degrees: float, pitch: float, breath: float) -> Image:
    """A flat picture in a hand, seen from three of its widths away."""
    height, width = photo.shape[:2]
    turn, nod = math.radians(degrees), math.radians(pitch)
    x, y = np.array([[-width, -height], [width, -height], [width, height], [-width, height]]).T / 2
    nearer = 1 + (x * math.sin(turn) + y * math.sin(nod)) / (3 * width)
    seen = np.stack([x * math.cos(turn) / nearer + WIDTH / 2 + 2 * breath, y * math.cos(nod) / nearer + HEIGHT / 2], 1)
    corners = np.stack([x + width / 2, y + height / 2], 1).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, (seen * 0.92 + (WIDTH * 0.04, HEIGHT * 0.04)).astype(np.float32))
    return cast("Image", cv2.warpPerspective(photo, matrix, (WIDTH, HEIGHT), borderValue=WALL))
