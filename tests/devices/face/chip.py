"""A portrait as an identity card's chip holds it: 102 x 126 pixels, the eyes 28 apart, in one or two kilobytes.

A stand-in: the chip's own codec (WLT) is another one, about as hard on a face as JPEG 2000 at the same size.
"""

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from devices.camera.api import Image
from tests.support.camera import MODELS

_WIDTH, _HEIGHT, _EYES, _LEVEL = 102, 126, 28.0, 52.0  # pixels; the eyes' distance and their height


class Row(NamedTuple):
    """A portrait's owner in a chip of this kind and at most this many bytes, against another picture of them."""

    owner: str
    live: str
    kind: str
    most: int
    score: float
    passed: bool


TABLE = [
    Row("person_a_1", "person_a_2", "jpg", 2000, 0.61, passed=True),
    Row("person_a_1", "person_a_2", "jp2", 2000, 0.40, passed=False),
    Row("person_a_1", "person_a_2", "jp2", 1200, 0.33, passed=False),
    Row("person_b_1", "person_b_2", "jpg", 2000, 0.64, passed=True),
    Row("person_b_1", "person_b_2", "jp2", 2000, 0.45, passed=False),
    Row("person_b_1", "person_b_2", "jp2", 1200, 0.46, passed=False),
]


def chip_portrait(picture: Path, kind: str, most: int) -> bytes:
    """The best quality of this kind ("jp2", "jpg") in at most so many bytes."""
    if kind == "jp2":
        steps, flag = range(200, 0, -2), cv2.IMWRITE_JPEG2000_COMPRESSION_X1000
    else:
        steps, flag = range(95, 0, -2), cv2.IMWRITE_JPEG_QUALITY
    image = _warped(picture)
    tried = (cv2.imencode(f".{kind}", image, [flag, step])[1].tobytes() for step in steps)
    return next(encoded for encoded in tried if len(encoded) <= most)


def _warped(picture: Path) -> Image:
    image = cv2.imread(str(picture))
    if image is None:
        raise FileNotFoundError(picture.name)
    detector = cv2.FaceDetectorYN.create(str(MODELS / "yunet.onnx"), "", (320, 320), 0.6)
    scale = 320 / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale)
    detector.setInputSize((small.shape[1], small.shape[0]))
    right, left = detector.detect(small)[1][0][4:8].reshape(2, 2) / scale
    zoom = _EYES / float(np.linalg.norm(left - right))
    x, y = np.array([_WIDTH / 2, _LEVEL]) - (left + right) / 2 * zoom
    matrix = np.array([[zoom, 0, x], [0, zoom, y]])
    size = (_WIDTH, _HEIGHT)
    return cv2.warpAffine(image, matrix, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
