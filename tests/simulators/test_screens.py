"""``python -m simulators.screens NAME``: a name that no screen has is said, instead of nothing being drawn."""

from pathlib import Path

import pytest

import simulators.screens as module
from simulators.screens import complaints, gallery, main


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what would be drawn."""
    names: list[str] = []

    def draw(form: str, _: Path, source: module.Source) -> list[str]:
        names.extend(f"{form} {name}" for name, _, _ in source("zh", False))
        return []

    monkeypatch.setattr(module, "render", draw)
    return names


@pytest.mark.parametrize(
    ("typed", "near"), [("isuing", "issuing"), ("take-papr", "take-paper"), ("potrait", "portrait")]
)
def test_an_unknown_name_is_an_error_that_lists_near_ones(
    drawn: list[str], capsys: pytest.CaptureFixture[str], typed: str, near: str
) -> None:
    """Also where another name is known, and where the misspelt word is an orientation."""
    assert main(["portrait", "take-strip", typed]) == 1
    assert drawn == []
    said = capsys.readouterr().err
    assert said.startswith(f"screens: no screen has {typed!r} in its name; near: ")
    assert near in said.partition("near: ")[2].strip().split(", ")


def test_what_is_like_no_name_is_answered_with_some_that_there_are() -> None:
    """So that whoever asks sees what names look like."""
    first = next(name for name, _, _ in gallery("zh", False))
    assert complaints(["qqqqqqqq"])[0].startswith("no screen has 'qqqqqqqq' in its name; there are ")
    assert first in complaints(["qqqqqqqq"])[0]


def test_a_part_of_a_name_draws_the_screens_that_have_it(drawn: list[str]) -> None:
    """Nothing else, and in the orientation that was asked for."""
    assert main(["portrait", "take-paper"]) == 0
    assert drawn
    assert all(each.startswith("portrait ") and "take-paper" in each for each in drawn)


@pytest.mark.parametrize("asked", [["--help"], ["portrait", "-h"]])
def test_help_is_no_name_of_a_screen(drawn: list[str], capsys: pytest.CaptureFixture[str], asked: list[str]) -> None:
    assert main(asked) == 0
    assert drawn == []
    assert "python -m simulators.screens portrait" in capsys.readouterr().out


def test_without_a_name_every_screen_is_known() -> None:
    """``make screens`` names none."""
    assert complaints([]) == []
