"""Whether a stream shows something new."""

import numpy as np
import pytest

from devices.camera.api import Image
from devices.face.freshness import Freshness

RANDOM = np.random.default_rng(7)
ROOM = RANDOM.integers(60, 190, (240, 320, 3)).astype(np.uint8)


def noisy(strength: float = 0.7) -> Image:
    return np.clip(ROOM + RANDOM.normal(0, strength, ROOM.shape), 0, 255).astype(np.uint8)


def test_a_sensor_s_noise_makes_every_frame_new() -> None:
    """Also of a room in which nothing moves."""
    freshness = Freshness()
    assert not any(freshness.see(noisy()) for _ in range(150))


@pytest.mark.parametrize("copies", [0, 3], ids=["to the bit", "all but equal"])
def test_a_frozen_stream_is_found_within_eight_frames(copies: int) -> None:
    """A bit that flips here and there does not make a frame new."""
    freshness, frame = Freshness(), noisy()
    told = []
    for _ in range(12):
        again = frame.copy()
        again.reshape(-1)[RANDOM.integers(0, again.size, copies * 1000)] ^= 1
        told.append(freshness.see(again))
    assert told.index(True) == 8


def test_a_loop_is_found_though_every_frame_differs_from_the_one_before() -> None:
    """Its noise comes again."""
    film = [noisy() for _ in range(40)]
    freshness = Freshness()
    told = [freshness.see(film[count % 40]) for count in range(60)]
    assert told.index(True) == 44


def test_a_frame_that_is_delivered_twice_now_and_then_is_forgiven() -> None:
    """Drivers do that when a machine is busy."""
    freshness = Freshness()
    assert not any(freshness.see(frame) for frame in [noisy() for _ in range(40)] for _ in range(3))


def test_another_size_begins_anew() -> None:
    """Nothing to compare with."""
    freshness = Freshness()
    freshness.see(noisy())
    assert not freshness.see(np.zeros((480, 640, 3), np.uint8))
