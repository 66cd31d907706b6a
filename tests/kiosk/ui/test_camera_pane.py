"""The live picture is as fine as can be seen, and no finer."""

import numpy as np

import tests.support.screen  # noqa: F401 - sets the window up

# isort: split
from terminal.widgets.camera import CameraPane

ROWS, COLUMNS = 330, 315  # rows of pixels that end at no multiple of four bytes


def _pane(width: int, height: int) -> CameraPane:
    return CameraPane(size=(width, height), size_hint=(None, None))


def _frame() -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """Each pixel says where it is."""
    down, across = np.mgrid[0:ROWS, 0:COLUMNS]
    return np.stack([down % 251, across % 251, (down + across) % 251], axis=2).astype(np.uint8)


def test_a_frame_far_finer_than_its_place_is_shown_by_every_third_pixel() -> None:
    pane, frame = _pane(100, 100), _frame()
    pane.show_frame(frame)
    assert pane._texture is not None
    assert pane._texture.size == (105, 110)
    shown = np.frombuffer(pane._texture.pixels, np.uint8).reshape(110, 105, 4)
    assert (shown[:, :, 2::-1] == frame[::3, ::3]).all()


def test_a_frame_that_is_hardly_finer_than_its_place_is_shown_whole() -> None:
    pane = _pane(200, 300)
    pane.show_frame(_frame())
    assert pane._texture is not None
    assert pane._texture.size == (COLUMNS, ROWS)


def test_a_place_that_grows_leaves_no_picture_behind() -> None:
    pane = _pane(100, 100)
    pane.show_frame(_frame())
    coarse = pane._texture
    assert coarse is not None
    pane.size = (200, 300)
    pane._newest = _frame()
    pane._draw()
    assert pane._texture is not coarse
    assert set(coarse.pixels[0::4]) == {0}
