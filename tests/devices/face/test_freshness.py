"""Whether a stream shows something new."""

import math
from collections.abc import Iterable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from devices.camera.api import Image
from devices.face.freshness import Freshness

RANDOM = np.random.default_rng(7)
ROOM = RANDOM.integers(60, 190, (240, 320, 3)).astype(np.uint8)


FRAME = 0.04


def shown(film: Iterable[Image], frame: float = FRAME) -> list[bool]:
    """What is said of each frame, one after the other."""
    freshness = Freshness()
    return [freshness.see(image, number * frame) for number, image in enumerate(film)]


def moved(image: NDArray[np.float32], pixels: float, axis: int) -> NDArray[np.float32]:
    """By a part of a pixel, too."""
    whole = math.floor(pixels)
    part = np.float32(pixels - whole)
    return (1 - part) * np.roll(image, whole, axis) + part * np.roll(image, whole + 1, axis)


def noisy(strength: float = 0.7) -> Image:
    return np.clip(ROOM + RANDOM.normal(0, strength, ROOM.shape), 0, 255).astype(np.uint8)


def test_a_sensor_s_noise_makes_every_frame_new() -> None:
    """Also of a room in which nothing moves."""
    assert not any(shown(noisy() for _ in range(150)))


@pytest.mark.parametrize("copies", [0, 1], ids=["to the bit", "all but equal"])
@pytest.mark.parametrize(("frame", "found"), [(0.04, 38), (0.1, 15), (0.5, 8)])
def test_a_frozen_stream_is_found_after_a_moment_and_eight_frames(copies: int, frame: float, found: int) -> None:
    """A bit that flips here and there does not make a frame new."""
    still, film = noisy(), []
    for _ in range(45):
        again = still.copy()
        again.reshape(-1)[RANDOM.integers(0, again.size, copies * 1000)] ^= 1
        film.append(again)
    assert abs(shown(film, frame).index(True) - found) <= 1


@pytest.mark.parametrize("fps", [10, 30])
def test_who_sits_still_before_a_camera_without_noise_is_no_frozen_stream(fps: int) -> None:
    """One frame is like the next, and no longer so a second later: they breathe, by a millimetre, and sway."""
    room = cv2.GaussianBlur(np.tile(ROOM[..., 1], (2, 2)), (0, 0), 2).astype(np.float32)
    head = np.arange(640) // 80 % 4 == 3  # a quarter of what is compared

    def breathing() -> Iterable[Image]:
        for at in np.arange(0, 7, 1 / fps):
            lifted = moved(room, 1.5 * math.sin(math.tau * at / 4.3), axis=0)
            swayed = moved(lifted, math.sin(math.tau * at / 7.1), axis=1)
            yield np.repeat(np.where(head, swayed, room)[..., None], 3, axis=2).round().astype(np.uint8)

    assert not any(shown(breathing(), 1 / fps))


def test_a_loop_is_found_though_every_frame_differs_from_the_one_before() -> None:
    """Its noise comes again."""
    film = [noisy() for _ in range(40)]
    assert shown(film[count % 40] for count in range(60)).index(True) == 44


def test_a_frame_that_is_delivered_twice_now_and_then_is_forgiven() -> None:
    """Drivers do that when a machine is busy."""
    assert not any(shown(frame for frame in [noisy() for _ in range(40)] for _ in range(3)))


def test_another_size_begins_anew() -> None:
    """Nothing to compare with."""
    freshness = Freshness()
    freshness.see(noisy(), 0.0)
    assert not freshness.see(np.zeros((480, 640, 3), np.uint8), FRAME)
