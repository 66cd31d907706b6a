"""What is around whoever stands before the simulated camera: where they stand, the light, what covers the face, and
who came along. Names are the values of the camera's ``scene`` setting; several go together with commas.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.living_picture import HEIGHT, WIDTH, Field, Image

_MIDDLE = (WIDTH / 2, HEIGHT * 0.45)  # of a face that stands well


@dataclass(frozen=True, slots=True)
class Place:
    """How much larger the picture is, by how many degrees it leans, and how far it is moved (pixels)."""

    scale: float = 1.0
    lean: float = 0.0
    x: float = 0.0
    y: float = 0.0


PLACES = {
    "near": Place(scale=2.0),
    "far": Place(scale=0.42),
    "aside": Place(x=215),
    "seated": Place(scale=0.8, y=110),
    "leaning": Place(lean=32),
}


def _mask(image: Image, points: Field) -> None:
    """A surgical mask, from the bridge of the nose to below the chin."""
    left, right, nose, *mouth = points
    reach = float(np.linalg.norm(right - left))
    top, bottom = nose[1] - 0.18 * reach, (mouth[0][1] + mouth[1][1]) / 2 + 0.75 * reach
    outline = [
        (nose[0], top - 0.1 * reach),
        (nose[0] + 0.95 * reach, top + 0.15 * reach),
        (nose[0] + 0.75 * reach, bottom - 0.2 * reach),
        (nose[0], bottom),
        (nose[0] - 0.75 * reach, bottom - 0.2 * reach),
        (nose[0] - 0.95 * reach, top + 0.15 * reach),
    ]
    cv2.fillPoly(image, [np.array(outline, np.int32)], (214, 196, 170), cv2.LINE_AA)
    for pleat in np.linspace(top + 0.4 * reach, bottom - 0.4 * reach, 3):
        start, end = (round(float(nose[0] + side * 0.7 * reach)) for side in (-1, 1))
        cv2.line(image, (start, round(float(pleat))), (end, round(float(pleat))), (200, 182, 156), 2, cv2.LINE_AA)


def _hand(image: Image, points: Field) -> None:
    """A hand before nose and mouth: the back of it, four fingers."""
    left, right, nose, *_ = points
    reach = float(np.linalg.norm(right - left))
    for finger in range(4):
        middle = (round(float(nose[0]) - 10), round(float(nose[1] + (0.05 + 0.3 * finger) * reach)))
        cv2.ellipse(image, middle, (round(0.85 * reach), round(0.17 * reach)), 4, 0, 360, (128, 152, 196), -1)
        cv2.ellipse(image, middle, (round(0.85 * reach), round(0.17 * reach)), 4, 0, 360, (100, 122, 164), 2)


def _cap(image: Image, points: Field) -> None:
    """A cap pulled down over the eyes."""
    left, right, *_ = points
    middle, reach = (left + right) / 2, float(np.linalg.norm(right - left))
    box = (middle[0] - 1.3 * reach, middle[1] - 2.2 * reach), (middle[0] + 1.3 * reach, middle[1] + 0.22 * reach)
    first, last = ((round(float(x)), round(float(y))) for x, y in box)
    cv2.rectangle(image, first, last, (64, 48, 40), -1)


WORN: dict[str, Callable[[Image, Field], None]] = {"mask": _mask, "hand": _hand, "cap": _cap}


def _dim(image: Image) -> Image:
    return cast("Image", cv2.convertScaleAbs(image, alpha=0.13))


def _glare(image: Image) -> Image:
    return cast("Image", cv2.convertScaleAbs(image, alpha=1.6, beta=90))


def _backlit(image: Image) -> Image:
    """A window behind: the camera shades what stands before it."""
    head = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.ellipse(head, (WIDTH // 2, round(HEIGHT * 0.5)), (125, 190), 0, 0, 360, 1.0, -1)
    shade = np.expand_dims(cv2.GaussianBlur(head, (0, 0), 12), 2)
    return cast("Image", (image * 0.3 * shade + np.minimum(image * 1.2 + 60, 255) * (1 - shade)).astype(np.uint8))


def _blurred(image: Image) -> Image:
    return cast("Image", cv2.blur(image, (23, 3)))


LIGHTS: dict[str, Callable[[Image], Image]] = {
    "dim": _dim,
    "glare": _glare,
    "backlit": _backlit,
    "blurred": _blurred,
}
HELPERS = {"helper-near": Place(scale=0.9, x=225, y=-10), "helper-behind": Place(scale=0.42, x=190, y=-60)}
SCENES = ("plain", *PLACES, *WORN, *LIGHTS, *HELPERS)


def placed(image: Image, place: Place) -> Image:
    """The whole picture, moved: whoever stands in it comes closer, or to the side."""
    matrix = _matrix(place)
    return cast("Image", cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE))


def joined(image: Image, helper: Image, place: Place) -> Image:
    """The picture with a second head in it."""
    head = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.ellipse(head, (WIDTH // 2, round(HEIGHT * 0.5)), (120, 190), 0, 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(head, (0, 0), 10)
    weight = np.expand_dims(cv2.warpAffine(soft, _matrix(place), (WIDTH, HEIGHT)), 2)
    other = placed(helper, place)
    return cast("Image", (image * (1 - weight) + other * weight).astype(np.uint8))


def _matrix(place: Place) -> NDArray[np.float64]:
    about = cv2.getRotationMatrix2D(_MIDDLE, -place.lean, place.scale)
    return cast("NDArray[np.float64]", about + np.array([[0, 0, place.x], [0, 0, place.y]]))
