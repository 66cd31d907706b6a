"""What is like a character is computed from our own typefaces: one that nobody thought of is drawn as well."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from forms.fonts import Weight, font_file, runs
from forms.scan.glyphs import lookalikes, rivals
from forms.scan.recogniser import Character, Reading
from forms.scan.registration import Grey
from forms.scan.shapes import Line, Seen

_FINE, _EM = 8, 36
_SIGNED = "王录清移出昂神祖沫抹昭明国另庄丁土门尔莫束市月己迁柿"
_PRINTED = "玊彔淸栘岀昻祌袓沬抺眧眀囯叧庒丅圡冂尓茣朿巿⺝已迂杮"


def _line(text: str, by: float, weight: Weight) -> Grey:
    """Large type as a scanner of 200 dots to the inch has it, ``by`` dots beside whole ones."""
    picture = Image.new("L", ((_EM * len(text) + 20) * _FINE, 54 * _FINE), 255)
    pen = ImageDraw.Draw(picture)
    for index, each in enumerate(text):
        font = ImageFont.truetype(str(font_file(next(runs(each, weight)).font)), _EM * _FINE)
        pen.text(((10 + by + index * _EM) * _FINE, (42 + by) * _FINE), each, fill=25, font=font, anchor="ls")
    return np.asarray(picture.reduce(_FINE))


def _reading(text: str) -> Reading:
    """As a recogniser that is certain of it, and thinks of nothing else."""
    places = ((10 + (index + 0.5) * _EM) / (len(text) * _EM + 20) for index in range(len(text)))
    return Reading(tuple(Character(each, 0.99, at, ()) for each, at in zip(text, places, strict=True)))


@pytest.mark.parametrize(("signed", "printed"), list(zip(_SIGNED, _PRINTED, strict=True)))
@pytest.mark.parametrize("weight", list(Weight))
def test_a_lookalike_is_never_clearly_what_was_signed(signed: str, printed: str, weight: Weight) -> None:
    """The recogniser has learned what people write, and reads that."""
    for by in (0.0, 0.3, 0.6):
        seen = Line(_line(f"李{printed}萍", by, weight), _reading(f"李{signed}萍")).seen()[1]
        assert seen.text == printed or not seen.clear


@pytest.mark.parametrize("character", _SIGNED)
@pytest.mark.parametrize("weight", list(Weight))
def test_a_character_is_clear_beside_all_that_is_like_it(character: str, weight: Weight) -> None:
    """More look-alikes are no reason to be sure of nothing."""
    seen = Line(_line(f"李{character}萍", 0.3, weight), _reading(f"李{character}萍")).seen()[1]
    assert seen == Seen(character, clear=True)


@pytest.mark.parametrize(("character", "like_it"), ["王㠪", "回冋", "己已", "录彔"])
def test_in_small_type_thin_strokes_are_as_clear_wherever_they_fall_between_the_dots(
    character: str, like_it: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stroke of one dot is dark in one row, or half as dark in two."""
    monkeypatch.setattr(f"{__name__}._EM", 29)
    for by in (0.0, 0.2, 0.4, 0.6, 0.8):
        for printed in (character, like_it):
            seen = Line(_line(f"李{printed}萍", by, Weight.REGULAR), _reading(f"李{character}萍")).seen()[1]
            assert seen.clear is (seen.text == printed)


def test_every_lookalike_can_be_drawn_and_is_another_character() -> None:
    """The table is of these typefaces; what it knows goes far beyond what one would list."""
    table = lookalikes()
    assert len(table) > 5000
    assert {"玊", "㠪"} <= set(rivals("王", ()))
    assert all(each not in others for each, others in table.items())
