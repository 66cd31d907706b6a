"""The chain of typefaces: which characters a page can draw, and with what."""

import io
import os
import shutil
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from forms.errors import AssetsMissingError, MissingGlyphError
from forms.fonts import Weight, font_file, has_glyph, missing_characters, preload, runs, width


def test_a_rare_name_is_split_over_the_fonts_that_have_it() -> None:
    """Characters beyond the common font come from the fallback, in their order."""
    found = list(runs("王䶮𠮷明"))
    assert "".join(run.text for run in found) == "王䶮𠮷明"
    assert [run.font for run in found] == ["NotoSerifSC-Regular", "BabelStoneHan", "NotoSerifSC-Regular"]


def test_every_character_of_a_run_has_a_glyph_in_its_font() -> None:
    """No run contains what its font would draw as an empty box."""
    for run in runs("䶮㛃𫞩𬬩𠮷阿·Ab1"):
        assert all(has_glyph(run.font, character) for character in run.text)


def test_the_last_fallback_serves_what_only_it_has() -> None:
    """U+20000 to U+2A6DF is whole only in HanaMinB."""
    only_there = [c for c in map(chr, range(0x29000, 0x29100)) if not has_glyph("BabelStoneHan", c)]
    assert only_there
    assert {run.font for run in runs(only_there[0])} == {"HanaMinB"}


def test_what_one_weight_draws_the_other_draws_too() -> None:
    """The preflight asks for the regular weight; an authority's name is bold on its seal."""
    fonts: list[Any] = [pdfmetrics.getFont(run.font) for weight in Weight for run in runs("户", weight)]
    regular, bold = ({code for code, glyph in font.face.charToGlyph.items() if glyph} for font in fonts)
    assert len(regular) > 30_000
    assert regular == bold


def test_a_character_without_a_glyph_is_reported_once() -> None:
    """The preflight names each missing character once, and only those."""
    assert missing_characters("王\U0003fffd明\U0003fffd 〇") == "\U0003fffd"


def test_a_private_use_character_counts_as_missing() -> None:
    """A font's own picture at a private code point is not the resident's name."""
    assert missing_characters("王\ue81e") == "\ue81e"


def test_a_missing_character_is_refused_and_not_named() -> None:
    """A run with no font raises, without repeating the name."""
    with pytest.raises(MissingGlyphError) as error:
        list(runs("王\ue81e"))
    assert "\ue81e" not in str(error.value)
    assert "王" not in str(error.value)


def test_a_han_character_is_one_em_wide_in_both_weights() -> None:
    """Widths come in points."""
    assert width("户籍", 10) == pytest.approx(20)
    assert width("户籍", 10, Weight.BOLD) == pytest.approx(20)


def test_a_folder_without_fonts_is_named_by_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A set-up that was not done is an error that says which file is missing."""
    monkeypatch.setenv("LAMPLIGHT_ASSETS", str(tmp_path))
    with pytest.raises(AssetsMissingError, match=r"HanaMinB\.ttf"):
        font_file("HanaMinB")


def test_a_font_of_rare_characters_is_missed_before_somebody_needs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Not in the middle of the one paper that has such a name."""
    preload()
    fonts = tmp_path / "third_party" / "fonts"
    shutil.copytree(font_file("HanaMinB").parent, fonts, copy_function=os.symlink)
    (fonts / "HanaMinB.ttf").unlink()
    monkeypatch.setenv("LAMPLIGHT_ASSETS", str(tmp_path))
    with pytest.raises(AssetsMissingError, match=r"HanaMinB\.ttf"):
        preload()


def test_a_rare_character_costs_no_copy_of_its_typeface() -> None:
    """Fifty megabytes moved for one name were half of the time that its page took."""
    (run,) = runs("𠮷")
    font: Any = run.font  # reportlab's stub wants a number here
    canvas = Canvas(io.BytesIO(), initialFontName=font)
    canvas.drawString(0, 0, run.text)
    tracemalloc.start()
    try:
        canvas.save()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < font_file(run.font).stat().st_size / 20


@pytest.mark.parametrize("unseen", ["\u202e", "\u200d", "\ufe00", "\U000e0100"])
def test_what_turns_or_varies_other_characters_is_missing(unseen: str) -> None:
    """A text that reads otherwise than it looks is on no paper: overrides, joiners, variation selectors."""
    assert missing_characters(f"平安{unseen}路") == unseen
