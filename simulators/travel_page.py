"""The page of a travel document, held before the simulated camera: a passport's data page, a card's back.

Drawn to the sizes of ICAO 9303 (parts 3 to 6): OCR-B at ten characters to the inch, lines a quarter of an inch apart,
the zone along the lower edge. What is above the zone only has to look busy: grey fields, small print, fine lines. The
people and documents are made up (the first is the specimen of ICAO 9303-4, appendix B).

A page that reads well here says nothing of real pages: their security prints, foils and wear are not drawn.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from civic.assets import third_party
from simulators.chip.documents import documents
from simulators.living_picture import HEIGHT, WIDTH, Image

PAGES: dict[str, tuple[str, ...]] = {
    "passport": ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
    "visitor": ("P<UTOEXAMPLE<<ALEX<<<<<<<<<<<<<<<<<<<<<<<<<<", "X000000012UTO9001011M3501014<<<<<<<<<<<<<<<2"),
    "card": ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"),
    "permit": ("CSC000000015<3501014<9001011<0",),
}
FONT = "simulation/OCRB.otf"
_DOT = 10  # pixels to the millimetre of a drawn page
_PITCH, _LEADING, _MARGIN, _LOWEST = 2.54, 6.35, 6.0, 8.0  # mm: of characters and lines, from the left and lower edge
_PASSPORT, _CARD = (125.0, 88.0), (85.6, 54.0)  # mm: TD3; ID-1
_PASSPORT_CHARACTERS = 44
_FOCAL = float(WIDTH)  # pixels: a lens that sees 53 degrees
_PAPER, _INK, _DESK = (222, 228, 226), (45, 42, 40), (150, 155, 150)


@dataclass(frozen=True, slots=True)
class Pose:
    """How a page is held and lit. Angles in degrees; ``distance`` in mm; ``blur``: pixels; ``noise``: grey levels of
    255; ``light``: of full; ``glare``: grey levels that a lamp's reflection adds at its middle, at ``glare_at`` (parts
    of the frame's width and height)."""

    distance: float = 155.0
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)  # mm, right and down
    blur: float = 0.0
    noise: float = 0.0
    light: float = 1.0
    glare: float = 0.0
    glare_at: tuple[float, float] = (0.5, 0.5)


class TravelPage:
    """A page in a hand: it can be tilted, and trembles a little. One of the subjects of the simulated camera."""

    turns = (-12, 12)
    nods = (-10, 10)

    def __init__(self, name: str) -> None:
        """``name``: one of ``pages``. Raises KeyError."""
        self._lines = pages()[name]
        self._distance = 155.0 if len(self._lines[0]) == _PASSPORT_CHARACTERS else 110.0

    def at(self, degrees: float, breath: float = 0.0, pitch: float = 0.0) -> Image:
        """The page turned about its upright middle and tilted by ``pitch``; ``breath`` moves it sideways."""
        return seen(self._lines, Pose(self._distance, yaw=degrees, pitch=pitch, roll=1.5, shift=(breath, 0)))


@cache
def pages() -> dict[str, tuple[str, ...]]:
    """The specimens, and the page of each document that can be laid on the simulated reader, by its name there."""
    return PAGES | {name: document.printed for name, document in documents().items()}


def seen(lines: tuple[str, ...], pose: Pose, seed: int = 0) -> Image:
    """What the camera sees of a page with these lines (HEIGHT x WIDTH x 3, BGR)."""
    page = drawn(lines)
    height, width = page.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, _projected(corners, width, height, pose))
    image = cv2.warpPerspective(page, matrix, (WIDTH * 2, HEIGHT * 2), flags=cv2.INTER_AREA, borderValue=_DESK)
    image = cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)  # as a sensor's pixel gathers light
    return _developed(image.astype(np.float32), pose, seed)


@cache
def drawn(lines: tuple[str, ...]) -> Image:
    """The flat page, at ten pixels to the millimetre (BGR)."""
    width, height = _PASSPORT if len(lines[0]) == _PASSPORT_CHARACTERS else _CARD
    size = (round(width * _DOT), round(height * _DOT))
    picture = Pictures.new("RGB", size, _PAPER[::-1])
    pen = ImageDraw.Draw(picture)
    _busy(pen, size, top=height - _LOWEST - _LEADING * len(lines) - 2)
    font = _font()
    for number, line in enumerate(reversed(lines)):
        for place, character in enumerate(line):
            at = ((_MARGIN + _PITCH * place) * _DOT, (height - _LOWEST - _LEADING * number) * _DOT)
            pen.text(at, character, fill=_INK[::-1], font=font, anchor="ls")
    return cast("Image", cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2BGR))


@cache
def _font() -> ImageFont.FreeTypeFont:
    """OCR-B at the size at which it advances by one pitch."""
    trial = ImageFont.truetype(third_party(FONT), 100)
    return ImageFont.truetype(third_party(FONT), 100 * _PITCH * _DOT / trial.getlength("A"))


def _busy(pen: ImageDraw.ImageDraw, size: tuple[int, int], top: float) -> None:
    """A portrait's grey field, lines of small print and a guilloche, above the zone and faintly below it."""
    width, height = size
    end = top * _DOT
    for number in range(24):
        wave = [(x, (math.sin(x / 60 + number / 2) * 0.4 + number + 0.5) * height / 24) for x in range(0, width, 8)]
        pen.line(wave, fill=(198, 206, 204), width=2)
    pen.rectangle((60, end * 0.18, 60 + end * 0.55, end * 0.9), fill=(120, 128, 135))
    small = ImageFont.truetype(third_party(FONT), 26)
    for number, words in enumerate(("UTOPIA", "EXAMPLE SPECIMEN", "UTO", "01 JAN 1990", "AUTHORITY OF UTOPIA")):
        pen.text((100 + end * 0.6, end * (0.15 + number * 0.15)), words, fill=(70, 72, 80), font=small)


def _projected(corners: NDArray[np.float32], width: int, height: int, pose: Pose) -> NDArray[np.float32]:
    """Where the lens sees a page's corners, in pixels of twice the frame."""
    flat = (corners - (width / 2, height / 2)) / _DOT
    points = np.column_stack([flat, np.zeros(len(flat))]) @ _turned(pose).T
    points += (pose.shift[0], pose.shift[1], pose.distance)
    where = points[:, :2] / points[:, 2:] * _FOCAL + (WIDTH / 2, HEIGHT / 2)
    return cast("NDArray[np.float32]", (where * 2).astype(np.float32))


def _turned(pose: Pose) -> NDArray[np.float64]:
    roll, yaw, pitch = (cv2.Rodrigues(np.array(axis))[0] for axis in _axes(pose))
    return roll @ yaw @ pitch


def _axes(pose: Pose) -> tuple[tuple[float, float, float], ...]:
    roll, yaw, pitch = (math.radians(angle) for angle in (pose.roll, pose.yaw, pose.pitch))
    return (0.0, 0.0, roll), (0.0, yaw, 0.0), (pitch, 0.0, 0.0)


def _developed(image: NDArray[np.float32], pose: Pose, seed: int) -> Image:
    """The picture with its light, reflection, blur and the sensor's noise."""
    image = image * pose.light
    if pose.glare:
        rows, columns = np.mgrid[:HEIGHT, :WIDTH]
        x, y = pose.glare_at[0] * WIDTH, pose.glare_at[1] * HEIGHT
        image += (pose.glare * np.exp(-(((columns - x) / 70) ** 2) - ((rows - y) / 40) ** 2))[..., None]
    if pose.blur:
        image = cast("NDArray[np.float32]", cv2.GaussianBlur(image, (0, 0), pose.blur))
    image += np.random.default_rng(seed).normal(0, pose.noise, image.shape) if pose.noise else 0
    return cast("Image", np.clip(image, 0, 255).astype(np.uint8))
