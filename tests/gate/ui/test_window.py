"""What a gate shows, by touch."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.screen import Stage

# isort: split
from gate.presenters.gallery import samples
from gate.ui.app import GateApp
from simulators.screens import offenders
from simulators.word_check import labels
from terminal.texts import Catalogue
from terminal.theme import GATE_PIXEL_PITCH_MM, PIXEL_PITCH_MM, SMALLEST_TARGET_MM, theme
from terminal.widgets.scroll import ScrollPane

BEFORE_CAMERA = ("gate-face-looking", "gate-enrol-doing")
CATALOGUE = Catalogue.load(Path(__file__).resolve().parents[3] / "assets" / "texts" / "gate")


@pytest.fixture(scope="module")
def stage_of_module() -> Iterator[Stage]:
    stage = Stage(GateApp)
    yield stage
    stage.driver.stop()


@pytest.fixture
def stage(stage_of_module: Stage) -> Iterator[Stage]:
    stage_of_module.clear()
    yield stage_of_module
    stage_of_module.clear()


def _show(stage: Stage, wanted: str, language: str = "zh", *, large: bool = False) -> None:
    view, row = next(
        (view, row) for name, view, row in samples(CATALOGUE.in_language(language), large=large) if name == wanted
    )
    stage.show(view, row)


def _has_pages(stage: Stage) -> bool:
    panes = [each for each in stage.window.walk(restrict=True) if isinstance(each, ScrollPane)]
    return any(pane.overflowing for pane in panes)


@pytest.mark.parametrize(("language", "large"), [("zh", False), ("en", True)])
def test_no_words_are_cut_or_over_each_other(
    stage: Stage, caplog: pytest.LogCaptureFixture, language: str, *, large: bool
) -> None:
    """Every screen, and no layout swings to and fro (Kivy's clock would say).

    Whoever looks at the camera turns no page.
    """
    for name, view, row in samples(CATALOGUE.in_language(language), large=large):
        stage.window.show(view, row)
        stage.driver.lay_out()
        assert (name, list(offenders(stage.window)), caplog.text) == (name, [], "")
        assert not (name.startswith(BEFORE_CAMERA) and _has_pages(stage)), name


def test_the_ways_in_and_the_duty_room_need_no_page_turned(stage: Stage) -> None:
    """Also in large type: whoever comes home late does not look for them."""
    for name in ("gate-idle-all", "gate-refused", "gate-guard", "gate-door-offline"):
        _show(stage, name, "en", large=True)
        assert not _has_pages(stage), name


def test_every_way_takes_a_touch_and_is_as_large_as_a_finger_needs(stage: Stage) -> None:
    theme.pixel_pitch_mm = GATE_PIXEL_PITCH_MM
    try:
        for action in ("how:card", "how:code", "face", "type", "guard", "help"):
            _show(stage, "gate-idle")
            stage.driver.tap(action)
            target = stage.driver.find(action)
            assert min(target.width, target.height) * GATE_PIXEL_PITCH_MM * _real(stage) >= SMALLEST_TARGET_MM
            stage.window.forget()
    finally:
        theme.pixel_pitch_mm = PIXEL_PITCH_MM
    assert stage.told == ["how:card", "how:code", "face", "type", "guard", "help"]


def _real(stage: Stage) -> float:
    """How many px of a gate's panel, 800 across, one of the test's small window stands for."""
    return 800 / float(stage.window.width)


def test_digits_are_typed_as_fast_as_fingers_are(stage: Stage) -> None:
    _show(stage, "gate-typing")
    for digit in "13":
        stage.driver.tap(f"key:{digit}")
    assert stage.told == ["key:1", "key:3"]


def test_a_sign_has_its_number_in_the_largest_type(stage: Stage) -> None:
    _show(stage, "gate-refused")
    sizes = {label.content: label.font_size for label in labels(stage.window) if hasattr(label, "content")}
    assert sizes["0000-0119"] == max(sizes.values())


def test_there_is_no_row_while_people_leave(stage: Stage) -> None:
    _show(stage, "gate-emergency")
    assert [target.action for target in stage.driver.targets() if target.available] == []
    _show(stage, "gate-idle")
    assert stage.driver.shows("guard")
