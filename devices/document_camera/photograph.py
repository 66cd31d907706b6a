"""Looking at a page that somebody holds before the camera, until it is held still and can be read; then one picture of
it, cut out, level and grey. No frame is kept.
"""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from threading import Event
from typing import cast

import cv2
import numpy as np

from civic.masking import PersonalBytes
from devices.camera.api import Camera, Frame, Image
from devices.document_camera.api import (
    LARGEST,
    LEAST_DPI,
    CoarseCameraError,
    NoPageError,
    PageInstruction,
    PhotographedPage,
    Signature,
)
from devices.document_camera.finder import A4_MM, Grey, grey_of
from devices.document_camera.legibility import LevelPage, is_same, judged, signature_of
from devices.errors import DeviceCancelledError

PATIENCE = 60.0  # seconds from the first frame on: a page is taken out of its staple meanwhile
_STEADY = 3  # frames in a row
_MOVED = 0.008  # of the page's longer side, between two frames
_QUALITIES = (85, 75, 65, 50, 35, 20)  # of JPEG, until it is small enough
_PREVIEW = 640  # pixels across
_INCH = 25.4


def photograph(
    camera: Camera,
    cancel: Event,
    known: tuple[Signature, ...],
    on_instruction: Callable[[PageInstruction], None],
    on_frame: Callable[[Image], None],
) -> PhotographedPage:
    """Take one page that is none of ``known``. Blocks; ``on_instruction`` is told what to do now whenever that changes,
    ``on_frame`` gets a small picture for the preview, both on this thread.

    Raises DeviceCancelledError (``cancel`` was set), NoPageError (nothing was taken for PATIENCE), CoarseCameraError
    and what Camera.frames raises.
    """
    frames = camera.frames(cancel)
    try:
        return _taken(frames, _Attempt(known, on_instruction), on_frame)
    finally:
        if isinstance(frames, Generator):
            frames.close()  # now, not when memory is next tidied: the camera's light goes out with it


def _taken(frames: Iterable[Frame], attempt: "_Attempt", on_frame: Callable[[Image], None]) -> PhotographedPage:
    began: float | None = None
    for frame in frames:
        if not fine_enough(frame.image):
            raise CoarseCameraError(f"{frame.image.shape[1]}x{frame.image.shape[0]}")
        began = frame.at if began is None else began
        if frame.at - began > PATIENCE:
            raise NoPageError(f"no page was taken in {PATIENCE:.0f} s")
        on_frame(preview(frame.image))
        if page := attempt.look(frame.image):
            return photographed(page)
    raise DeviceCancelledError


def fine_enough(image: Image) -> bool:
    """Whether a page that just fills such a picture would be fine enough."""
    short, long = sorted(image.shape[:2])
    return bool(short >= A4_MM[0] / _INCH * LEAST_DPI and long >= A4_MM[1] / _INCH * LEAST_DPI)


def preview(image: Image) -> Image:
    """The picture made small, for a screen that draws fifteen of them a second."""
    scale = min(1.0, _PREVIEW / image.shape[1])
    return cast("Image", cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def photographed(page: LevelPage) -> PhotographedPage:
    """The page as it is kept: the best quality that is small enough."""
    return PhotographedPage(PersonalBytes(_jpeg(page.grey)), page.dpi, signature_of(page))


def shown(page: PhotographedPage, frame: tuple[int, int] = (480, 640)) -> Image:
    """The page on a grey ground for the screen, which shows pictures as a mirror does: made the other way round.
    ``frame``: pixels, across and down."""
    grey = cast("Grey", cv2.imdecode(np.frombuffer(page.jpeg.reveal(), np.uint8), cv2.IMREAD_GRAYSCALE))
    scale = min(frame[0] / grey.shape[1], frame[1] / grey.shape[0])
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ground = np.full((frame[1], frame[0]), 90, np.uint8)
    top, left = (frame[1] - small.shape[0]) // 2, (frame[0] - small.shape[1]) // 2
    ground[top : top + small.shape[0], left : left + small.shape[1]] = small
    return cast("Image", cv2.cvtColor(np.ascontiguousarray(ground[:, ::-1]), cv2.COLOR_GRAY2BGR))


def _jpeg(grey: Grey) -> bytes:
    made = b""
    for quality in _QUALITIES:
        made = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        if len(made) <= LARGEST:
            break
    return made


@dataclass(slots=True, eq=False, repr=False)
class _Attempt:
    """The last frames that could be read, and what was last said. One odd frame changes no instruction: two alike are
    needed."""

    known: tuple[Signature, ...]
    on_instruction: Callable[[PageInstruction], None]
    steady: list[LevelPage] = field(default_factory=list)
    wanted: PageInstruction = PageInstruction.SHOW_PAGE
    said: PageInstruction | None = None

    def look(self, image: Image) -> LevelPage | None:
        """The sharpest of those that were seen while the page was held still; None: not yet."""
        seen = judged(grey_of(image))
        if isinstance(seen, LevelPage) and self._is_known(seen):
            seen = PageInstruction.KNOWN
        if isinstance(seen, PageInstruction):
            self.steady.clear()
            self._say(seen)
            return None
        if self.steady and _moved(self.steady[-1], seen):
            self.steady.clear()
        self.steady.append(seen)
        if len(self.steady) < _STEADY:
            self._say(PageInstruction.HOLD_STILL)
            return None
        return min(self.steady, key=lambda page: page.softness)

    def _is_known(self, page: LevelPage) -> bool:
        """The last one is the likeliest, and looked at first."""
        signature = signature_of(page) if self.known else None
        return signature is not None and any(is_same(signature, each) for each in reversed(self.known))

    def _say(self, instruction: PageInstruction) -> None:
        if instruction is self.wanted and instruction is not self.said:
            self.said = instruction
            self.on_instruction(instruction)
        self.wanted = instruction


def _moved(before: LevelPage, now: LevelPage) -> bool:
    way = float(np.abs(before.corners - now.corners).max())
    return way > _MOVED * float(np.ptp(now.corners, axis=0).max())
