"""Where each character of a line is found, though the recogniser says so only roughly."""

from itertools import accumulate

import numpy as np
import pytest
from PIL import Image, ImageDraw

from forms.fonts import Weight
from forms.scan import glyphs
from forms.scan.recogniser import Character, Reading
from forms.scan.shapes import Line

_FINE, _EM, _LEFT, _HIGH = 8, 31, 6, 34
_DATE = "2026年12月21日"
_OFF = 5.5  # dots: by so many a reading's places may be too far right


@pytest.mark.parametrize("by", [tenth / 10 for tenth in range(10)])
@pytest.mark.parametrize("below", [0.0, 0.25, 0.5, 0.75])
def test_a_figure_one_is_never_found_in_the_stroke_of_its_neighbour(by: float, below: float) -> None:
    """日 begins with a stroke that is a 1; a sheet that no one had touched was left to a person for that."""
    wide = [glyphs.advance(each, Weight.REGULAR) * _EM for each in _DATE]
    ends = list(accumulate(wide, initial=_LEFT + by))
    long = round(ends[-1]) + _LEFT
    picture = Image.new("L", (long * _FINE, _HIGH * _FINE), 255)
    for each, left, advance in zip(_DATE, ends, wide, strict=False):
        drawn = glyphs.drawn(each, Weight.REGULAR).resize((_EM * _FINE, _EM * _FINE), Image.Resampling.LANCZOS)
        corner = round((left + advance / 2 - _EM / 2) * _FINE), round((1 + below) * _FINE)
        ImageDraw.Draw(picture).bitmap(corner, drawn, fill=25)
    middles = [(left + advance / 2 + _OFF) / long for left, advance in zip(ends, wide, strict=False)]
    reading = Reading(tuple(Character(each, 0.99, at, ()) for each, at in zip(_DATE, middles, strict=True)))
    seen = Line(np.asarray(picture.reduce(_FINE)), reading).seen()
    assert [each.text for each in seen if not each.clear] == []
    assert "".join(each.text for each in seen) == _DATE
