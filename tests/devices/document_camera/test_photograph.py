"""Frame after frame until a page is held still: what is said meanwhile, what is kept, and how it ends."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from threading import Event

import cv2
import numpy as np
import pytest

from devices.camera.api import Frame, Image
from devices.camera.driver import OpenCvCamera
from devices.document_camera.api import LARGEST, LEAST_DPI, CoarseCameraError, NoPageError, PhotographedPage, Signature
from devices.document_camera.api import PageInstruction as Say
from devices.document_camera.photograph import PATIENCE, photograph, shown
from devices.errors import DeviceCancelledError
from devices.health import Health, Level
from simulators.lease_page import Hold, held
from tests.support.camera import stage

_STILL = Hold()
_FAR = replace(_STILL, distance=640)
_MOVED = replace(_STILL, shift=(0, 6))


@cache
def seen(page: str = "1", hold: Hold = _STILL) -> Image:
    return held(page, hold)


@dataclass
class Film:
    """A camera that shows these pictures, ``apart`` seconds between two, the last one on and on; then it is closed."""

    pictures: list[Image]
    count: int = 12
    apart: float = 0.5
    closed: bool = field(default=False)

    def health(self) -> Health:
        return Health("camera", Level.READY)

    def frames(self, cancel: Event) -> Iterator[Frame]:
        try:
            for number in range(self.count):
                if cancel.is_set():
                    return
                yield Frame(self.pictures[min(number, len(self.pictures) - 1)], number, 1000 + number * self.apart)
            cancel.set()
        finally:
            self.closed = True


def take(film: Film, known: tuple[Signature, ...] = ()) -> tuple[PhotographedPage, list[Say], list[Image]]:
    said: list[Say] = []
    shots: list[Image] = []
    return photograph(film, Event(), known, said.append, shots.append), said, shots


def test_a_page_that_is_held_still_is_taken_from_the_third_frame() -> None:
    film = Film([seen()])
    page, said, shots = take(film)
    assert said == [Say.HOLD_STILL]
    assert len(shots) == 3
    assert film.closed, "the camera's light goes out with it"
    picture = cv2.imdecode(np.frombuffer(page.jpeg.reveal(), np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    assert picture.ndim == 2, "grey"
    assert picture.shape[1] == round(210 / 25.4 * page.dpi)
    assert page.dpi >= LEAST_DPI
    assert len(page.jpeg.reveal()) <= LARGEST


def test_one_that_moves_is_waited_for_and_one_odd_frame_changes_no_word() -> None:
    moved = seen(hold=_MOVED)
    _, said, shots = take(Film([seen(hold=_FAR), seen(hold=_FAR), moved, seen(), moved, seen()]))
    assert said == [Say.COME_CLOSER, Say.HOLD_STILL]
    assert len(shots) == 8


def test_one_that_was_taken_is_not_taken_again() -> None:
    first, _, _ = take(Film([seen()]))
    second, said, _ = take(Film([seen(), seen(), seen("2")]), (first.signature,))
    assert said == [Say.KNOWN, Say.HOLD_STILL]
    assert second.jpeg.reveal() != first.jpeg.reveal()


def test_nothing_taken_for_a_minute_ends_it_and_so_does_leaving() -> None:
    wall = np.full((1800, 1300, 3), 120, np.uint8)
    with pytest.raises(NoPageError):
        take(Film([wall], 9, apart=PATIENCE / 4))
    with pytest.raises(DeviceCancelledError):
        take(Film([wall], 2))


def test_a_camera_too_coarse_for_any_page_says_so_at_once() -> None:
    film = Film([np.zeros((480, 640, 3), np.uint8)])
    with pytest.raises(CoarseCameraError, match="640x480"):
        take(film)
    assert film.closed


def test_a_page_is_shown_as_it_is_read_on_a_screen_that_mirrors() -> None:
    page, _, _ = take(Film([seen()]))
    picture = shown(page)
    assert picture.shape == (640, 480, 3)
    text = picture[70:300] < 150
    assert text[:, 240:].sum() > text[:, :240].sum(), "its text begins at the left, which is the right in a mirror"


def test_its_content_stands_in_no_log() -> None:
    page, _, _ = take(Film([seen()]))
    assert "JFIF" not in repr(page)
    assert "array" not in repr(page)


def test_a_page_before_the_simulated_camera_is_taken(tmp_path: Path) -> None:
    """The whole way: drawn, streamed as motion JPEG, decoded, found, judged, cut out."""
    said: list[Say] = []
    with stage(tmp_path, "lease:2") as wire:
        page = photograph(OpenCvCamera(wire.url, stall_after=8.0), Event(), (), said.append, lambda _: None)
    assert page.dpi >= LEAST_DPI
    assert Say.COME_CLOSER not in said
