"""Recordings of made-up people, as an operator makes them to measure thresholds with."""

from pathlib import Path

import cv2
import numpy as np

from devices.camera.api import Image
from tests.support.camera import PORTRAITS

NOTE = """
recorded_by = "duty desk 3"
recorded_on = 2026-11-20
camera = "front camera"
place = "示例警务室"
consent_noted = true
"""


def at_the_kiosk(portrait: str) -> Image:
    """A portrait in the middle of a camera's picture."""
    image = cv2.imread(str(PORTRAITS / f"{portrait}.jpg"))
    assert image is not None
    small = cv2.resize(image, (round(image.shape[1] * 400 / image.shape[0]), 400), interpolation=cv2.INTER_AREA)
    picture = np.full((480, 640, 3), 120, np.uint8)
    left = (640 - small.shape[1]) // 2
    picture[40:440, left : left + small.shape[1]] = small
    return picture


def save(path: Path, image: Image) -> None:
    assert cv2.imwrite(str(path), image)


def film(path: Path, image: Image, count: int) -> None:
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (640, 480))
    for _ in range(count):
        writer.write(image)
    writer.release()


def write_note(root: Path, text: str) -> None:
    (root / "recording.toml").write_text(text, "utf-8")
