"""The resident's face, by touch."""

import gc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.screen import Stage

# isort: split
from kiosk.presenters.gallery import samples
from kiosk.ui.window import SCREENS
from simulators.screens import offenders
from simulators.word_check import labels
from terminal.texts import LANGUAGES, Catalogue
from terminal.theme import PIXEL_PITCH_MM, SHORT_SIDE_PX, SMALLEST_TARGET_MM, theme
from terminal.ui.page import Page
from terminal.views import AttractView, Choice, ChoiceView, DataView, KeypadView, Keys, MessageView, Picture, TableView
from terminal.widgets.camera import CameraPane
from terminal.widgets.choices import Choices
from terminal.widgets.picture import PictureBox
from terminal.widgets.scroll import ScrollPane, lines_of
from terminal.widgets.text import TextBlock
from tests.support import gallery

TEMPLATES = tuple(gallery.views())


@pytest.fixture(scope="module")
def stage_of_module() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.driver.stop()


@pytest.fixture
def stage(stage_of_module: Stage) -> Iterator[Stage]:
    stage_of_module.clear()
    yield stage_of_module
    stage_of_module.clear()


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_words_are_cut_or_over_each_other(
    stage: Stage, caplog: pytest.LogCaptureFixture, language: str, *, large: bool
) -> None:
    """Every template, both languages, both sizes of type; and no layout swings to and fro (Kivy's clock would say)."""
    for name, view in gallery.views(language).items():
        stage.window.show(view, gallery.chrome(language, large=large))
        stage.driver.lay_out()
        assert (name, list(offenders(stage.window)), caplog.text) == (name, [], "")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_action_of_the_focus_order_has_its_target(stage: Stage, name: str) -> None:
    """The keypad reaches all that a finger can."""
    view = gallery.views()[name]
    stage.show(view, gallery.chrome())
    assert [action for action in view.focus_order if not stage.driver.shows(action)] == []


def test_every_template_takes_a_touch_on_its_last_answer(stage: Stage) -> None:
    """Even where pages must be turned to reach it."""
    stage.show(gallery.views("en")["choice"], gallery.chrome("en", large=True))
    stage.driver.tap("purpose:7")
    assert stage.told == ["purpose:7"]


def test_two_quick_taps_are_one_action(stage: Stage) -> None:
    """The second was meant for a screen that is gone by then."""
    stage.show(gallery.views()["notice"], gallery.chrome())
    stage.driver.tap("on")
    stage.driver.tap("on")
    stage.driver.tap("back")
    assert stage.told == ["on"]
    stage.show(gallery.views()["data"], gallery.chrome())
    stage.driver.tap("back")
    assert stage.told == ["on", "back"]


def test_digits_may_be_typed_fast(stage: Stage) -> None:
    """A PIN has the same digit twice."""
    stage.show(gallery.views()["pin"], gallery.chrome())
    for action in ("digit-1", "digit-1", "erase", "digit-0"):
        stage.driver.tap(action)
    assert stage.told == ["digit-1", "digit-1", "erase", "digit-0"]


def test_a_number_may_be_typed_as_fast_as_fingers_are(stage: Stage) -> None:
    """Before the screen has shown what was typed, too; finishing counts once."""
    stage.show(gallery.views()["keypad-number"], gallery.chrome())
    keys = ["key:9", "key:9", "key:X", "key-erase", "key-erase"]
    for action in (*keys, "on", "on"):
        stage.driver.tap(action)
    assert stage.told == [*keys, "on"]


@pytest.mark.parametrize("keys", list(Keys))
def test_keys_are_large_enough_for_a_thumb(stage: Stage, keys: Keys) -> None:
    """20 mm both ways on the panel, for letters too."""
    stage.show(gallery.views()[f"keypad-{keys}"], gallery.chrome())
    pitch = PIXEL_PITCH_MM * SHORT_SIDE_PX / stage.window.width
    for key in (target for target in stage.driver.targets() if target.action.startswith("key:")):
        assert min(key.size) * pitch >= SMALLEST_TARGET_MM


@pytest.mark.parametrize("name", ["declare-door", "declare-day", "door-letters", "phone-number"])
def test_keys_are_no_smaller_in_large_type(stage: Stage, name: str, checkout: Path) -> None:
    """They take the room that is left."""
    words = Catalogue.load(checkout / "assets" / "texts").in_language("zh")
    view = next(view for each, view, _ in samples(words) if each == name)
    sides = []
    for large in (False, True):
        stage.show(view, gallery.chrome(large=large))
        keys = (target for target in stage.driver.targets() if target.action.startswith("key:"))
        sides.append(min(side for key in keys for side in key.size))
    assert sides[1] >= sides[0]


def test_what_is_typed_stands_in_groups_and_the_empty_places_are_drawn(stage: Stage) -> None:
    """As people read the number aloud."""
    stage.show(gallery.views()["keypad-number"], gallery.chrome())
    assert any("990101" in label.text and "1986____" in label.text for label in labels(stage.window))


def test_a_code_is_read_in_two_groups(stage: Stage) -> None:
    stage.show(gallery.views()["code"], gallery.chrome())
    assert any(label.text.split() == ["482", "913"] for label in labels(stage.window))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_turns_a_page_to_type(stage: Stage, language: str, checkout: Path) -> None:
    """Not even in large type: all keys, and what was typed, are in sight at once."""
    words = Catalogue.load(checkout / "assets" / "texts").in_language(language)
    typed = [(name, view) for name, view, _ in samples(words) if isinstance(view, KeypadView)]
    assert len(typed) > 10
    folded = []
    for name, view in typed:
        stage.show(view, gallery.chrome(language, large=True))
        folded += [name for pane in stage.window.walk() if isinstance(pane, ScrollPane) and pane.overflowing]
    assert folded == []


def test_another_way_stands_where_it_always_does_and_goes_when_there_is_none(stage: Stage) -> None:
    """Above back and next on an upright screen."""
    view = gallery.views()["picture"]
    stage.show(
        replace(view, other=Choice("other-document", "换一种办法"), back=Choice("back", "返回")), gallery.chrome()
    )
    assert stage.driver.find("other-document").y >= stage.driver.find("back").top
    assert "other-document" in replace(view, other=Choice("other-document", "换一种办法")).focus_order
    stage.show(view, gallery.chrome())
    assert not stage.driver.shows("other-document")


def test_the_fold_cuts_no_line_of_words(stage: Stage) -> None:
    """At each page of it: what would be cut is hidden whole."""
    stage.show(gallery.views("en")["choice"], gallery.chrome("en", large=True))
    (pane,) = (each for each in stage.window.walk() if isinstance(each, ScrollPane))
    assert pane.overflowing
    for _ in range(4):
        stage.driver.settle(3)
        low = pane.ids.view.to_window(*pane.ids.view.pos)[1]
        high = low + pane.ids.view.height
        for begin, _, bottom, top in lines_of(pane.ids.view.children[0]):
            right = int(begin > stage.window.width / 2)
            folds = low + pane.veils[right], high - pane.veils[2 + right]
            assert not any(bottom < fold - 2 and top > fold + 2 for fold in folds)
        pane.turn(-1)


def test_only_what_can_be_measured_has_a_bar(stage: Stage) -> None:
    for name, there in (("measured", True), ("picture", False)):
        stage.show(gallery.views()[name], gallery.chrome())
        (bar,) = (each for each in stage.window.walk() if type(each).__name__ == "CheckBar")
        assert bool(bar.opacity and bar.height) is there


def test_a_grey_target_tells_nothing(stage: Stage) -> None:
    """Its reason stands on it instead."""
    view = gallery.views()["purposes"]
    assert isinstance(view, ChoiceView)
    grey = replace(view, choices=tuple(replace(choice, enabled=False) for choice in view.choices))
    stage.show(grey, gallery.chrome())
    stage.driver.tap("purpose:0")
    assert stage.told == []


def test_the_alarm_needs_two_seconds(stage: Stage) -> None:
    """A touch in passing raises nothing."""
    stage.show(gallery.views()["choice"], gallery.chrome())
    stage.driver.hold("alarm", 0.5)
    assert stage.told == []
    stage.driver.hold("alarm", 2.4)
    assert stage.told == ["alarm"]


def test_data_is_revealed_only_while_held(stage: Stage) -> None:
    """Whoever looks over a shoulder sees it no longer than the resident wants."""
    stage.show(gallery.views()["data"], gallery.chrome())
    hold = stage.driver.find("reveal")
    assert not _reads(stage, gallery.ADDRESS)
    stage.driver.down(hold.center_x, hold.to_window(0, hold.center_y)[1])
    assert _reads(stage, gallery.ADDRESS)
    stage.driver.up()
    assert not _reads(stage, gallery.ADDRESS)


def test_the_hidden_corner_takes_five_taps(stage: Stage) -> None:
    """Four are a child's play."""
    stage.show(gallery.views()["choice"], gallery.chrome())
    for _ in range(4):
        stage.driver.tap_at(20, stage.window.height - 20)
    assert stage.told == []
    stage.driver.tap_at(20, stage.window.height - 20)
    assert stage.told == ["corner"]


def test_the_attract_screen_begins_wherever_it_is_touched(stage: Stage) -> None:
    """There is nothing to aim at."""
    view = gallery.views()["attract"]
    assert isinstance(view, AttractView)
    stage.show(view, replace(gallery.chrome(), quiet=True))
    stage.driver.tap_at(stage.window.width / 2, stage.window.height * 0.8)
    assert (stage.told, stage.touches) == (["begin"], 1)


def test_an_idle_warning_covers_all_but_the_row(stage: Stage) -> None:
    """Its button and the ways out work; what lies beneath can't be touched."""
    stage.show(gallery.views()["notice"], gallery.chrome(warning="还在吗？20 秒后将清除本次内容。"))
    covered = stage.window.height - 60
    stage.driver.tap_at(stage.window.width / 2, covered)
    assert (stage.told, stage.touches) == ([], 1)
    stage.driver.tap("extend")
    stage.driver.tap("clear")
    assert stage.told == ["extend"]


def test_the_keypad_walks_and_presses(stage: Stage) -> None:
    """Tab, Tab, Enter; the ring shows where one is, and goes with the first touch."""
    view = gallery.views()["notice"]
    stage.show(view, gallery.chrome())
    stage.driver.key(9)
    stage.driver.key(274)
    assert stage.driver.find("back").focused
    stage.driver.key(13)
    assert stage.told == ["back"]
    stage.driver.tap_at(5, stage.window.height / 2)
    assert not any(target.focused for target in stage.driver.targets())


def test_the_same_template_is_updated_in_place(stage: Stage) -> None:
    """Nothing flickers: the widgets stay, their words change."""
    view = gallery.views()["purposes"]
    assert isinstance(view, ChoiceView)
    stage.show(view, gallery.chrome())
    before = stage.driver.find("purpose:0")
    stage.show(replace(view, question="另一个问题？"), gallery.chrome())
    assert stage.driver.find("purpose:0") is before
    assert _reads(stage, "另一个问题？")


def test_camera_frames_use_one_texture(stage: Stage) -> None:
    """A new texture for each frame would grow the process all night."""
    stage.show(gallery.views()["camera"], gallery.chrome())
    frames = [np.full((48, 64, 3), shade, np.uint8) for shade in (10, 200)]
    frames[1].setflags(write=False)
    pane = _camera(stage)
    stage.window.show_frame(frames[0])
    texture = pane._texture
    stage.window.show_frame(frames[1])
    assert texture is not None
    assert stage.driver.wait_until(lambda: texture.pixels[:3] == bytes((200, 200, 200)), 5.0)
    assert pane._texture is texture


def test_nothing_of_a_person_is_left_after_forgetting(stage: Stage) -> None:
    """Seen by its effect: no widget, no string and no texture in the whole process holds it."""
    secret = "灯火路九十九号某某"
    view = gallery.views()["data"]
    assert isinstance(view, DataView)
    rows = tuple(replace(row, value=secret + row.label, revealed=secret) for row in view.rows)
    stage.show(replace(view, rows=rows, question=f"{secret}？"), gallery.chrome())
    stage.show(gallery.views()["camera"], gallery.chrome())
    stage.window.show_frame(np.full((48, 64, 3), 77, np.uint8))
    texture = _camera(stage)._texture
    assert texture is not None
    stage.window.forget()
    del view, rows
    stage.driver.settle(3)
    gc.collect()
    assert set(texture.pixels[0::4]) == {0}
    assert _holders(secret) == []


def _pages() -> list[object]:
    """All that are in memory."""
    gc.collect()
    return [thing for thing in gc.get_objects() if issubclass(type(thing), Page)]


def test_dropped_screens_do_not_pile_up(stage: Stage) -> None:
    """A kiosk forgets some hundred people a day, and runs for weeks. Kivy lets a few go only later; the pages of other
    tests' windows are not counted."""
    stage.window.forget()
    others = len(_pages())
    for _ in range(2):
        for view in gallery.views().values():
            stage.show(view, gallery.chrome())
        stage.window.forget()
    alive = len(SCREENS)
    for _ in range(20):
        stage.driver.settle(3)
        alive = len(_pages()) - others
        if alive < len(SCREENS):
            break
    assert alive < len(SCREENS)


def test_the_theme_does_not_remember_dropped_widgets(stage: Stage) -> None:
    """It outlives them all: what it kept would grow with every screen, and make each new one slower to build."""
    stage.show(gallery.views()["picture"], gallery.chrome())
    before = _followers()
    for _ in range(100):
        TextBlock(content="灯")
        PictureBox()
    gc.collect()
    assert _followers() < before + 50  # Kivy lets a few go only later


def _followers() -> int:
    return sum(len(list(theme.get_property_observers(name))) for name in ("unit", "large", "language", "motion"))


def _camera(stage: Stage) -> CameraPane:
    return next(widget for widget in stage.window.walk(restrict=True) if isinstance(widget, CameraPane))


def _reads(stage: Stage, words: str) -> bool:
    from kivy.uix.label import Label

    shown = (w.text.replace("\n", "") for w in stage.window.walk(restrict=True) if isinstance(w, Label))
    return any(words in text for text in shown)


def _holders(secret: str) -> list[str]:
    """Objects of the interface that still hold the words, or a line of them."""
    from kivy.core.text import LabelBase
    from kivy.uix.widget import Widget

    found = []
    for thing in gc.get_objects():
        try:
            if isinstance(thing, LabelBase) and secret[:4] in str(thing.text):
                found.append(repr(thing))
            elif isinstance(thing, Widget):
                values = (getattr(thing, name, "") for name in thing.properties())
                found += [repr(thing) for value in values if isinstance(value, str) and secret[:4] in value]
        except ReferenceError:
            continue
    return found


def test_answers_stand_in_one_place_whatever_was_shown_before(stage: Stage) -> None:
    """A drawing that is gone leaves no room behind."""
    message = gallery.views()["message"]
    assert isinstance(message, MessageView)
    plain = replace(message, true_now="没有出证明。", picture=Picture.NONE, choices=message.choices[:1])
    stage.show(plain, gallery.chrome())
    alone = stage.driver.find("purpose:0").to_window(0, stage.driver.find("purpose:0").y)
    stage.show(replace(plain, picture=Picture.DESK, choices=()), gallery.chrome())
    stage.show(plain, gallery.chrome())
    assert stage.driver.find("purpose:0").to_window(0, stage.driver.find("purpose:0").y) == alone


def test_answers_of_unequal_height_keep_to_their_room(stage: Stage) -> None:
    """Those that need more take it from the others, and nothing is pushed below the edge."""
    answers = Choices(largest=900, width=480, size_hint_x=None)
    answers.show([Choice(f"reason:{n}", "预计明天早上恢复" * (1 + 3 * (n % 2))) for n in range(4)])
    stage.driver.settle(5)
    for spare in (0, 50, 400):
        answers.room = answers.natural + spare
        stage.driver.settle(5)
        assert len({tile.needed for tile in answers.tiles}) > 1
        assert answers.minimum_height <= answers.room + 1


def test_what_is_held_is_in_sight_beside_the_rows(stage: Stage) -> None:
    """With more rows than the screen holds, the hold button is still there to be held while they are read."""
    view = gallery.views()["data"]
    assert isinstance(view, DataView)
    stage.show(replace(view, rows=view.rows * 8), gallery.chrome(large=True))
    hold = stage.driver.find("reveal")
    pane = next(widget for widget in stage.window.walk(restrict=True) if isinstance(widget, ScrollPane))
    assert pane.overflowing
    assert hold.to_window(0, hold.top)[1] <= pane.to_window(0, pane.y)[1]


def test_what_is_newly_said_to_the_technician_is_in_sight(stage: Stage) -> None:
    """Also after turning to the last lines of the table."""
    view = gallery.views()["table"]
    assert isinstance(view, TableView)
    view = replace(view, groups=view.groups * 8)
    stage.show(view, gallery.chrome())
    stage.driver.tap("page-down")
    pane = next(widget for widget in stage.window.walk(restrict=True) if isinstance(widget, ScrollPane))
    assert not pane.at_top
    stage.show(replace(view, line="测试页已打印。"), gallery.chrome())
    assert pane.at_top
