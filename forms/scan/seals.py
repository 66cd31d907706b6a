"""Ink in the seal's place that is not the seal's: words could stand there that nobody signed.

The seal's letters run round a circle, and nothing reads them. It is drawn again for the authority that was read, laid
where it covers most, and whatever ink is beside it and beside the date under it is surplus.
"""

import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from forms.errors import MissingGlyphError
from forms.layout import POINTS_PER_MM
from forms.layouts import seal_line
from forms.paper import PaperKind
from forms.reading import opened
from forms.render import new_canvas
from forms.scan.cells import Contents
from forms.scan.lines import below_paper
from forms.scan.registration import Box, Grey, Sheet
from forms.seal import SPECIMEN_LINE, draw_seal

_SCALE = 8.0  # pixels per millimetre
_INK = 60  # grey levels below the paper; a seal that is red is less in the red channel
_FAINT = 40  # below white: what of the drawn seal counts as its ink
_AROUND = 3  # pixels: how far an edge may be from where it is drawn
_MOVED: Final = range(-4, 5, 2)  # pixels: how far it may stand beside its place
_DATE = 0.3  # mm around the date

_Ink = NDArray[np.bool_]  # height x width


def surplus(sheet: Sheet, kind: PaperKind, said: Contents) -> float:
    """Square millimetres of ink in the seal's place that neither seal nor date account for; of the two seals that such
    a paper may bear, the better one counts."""
    area = sheet.layout.foot.seal.below(sheet.foot)
    box = Box(area.x, area.y, area.right, area.bottom)
    ink = below_paper(sheet.cut(box, _SCALE), _SCALE) > _INK
    for line in said.date.lines:
        left, right = (round((each - box.left) * _SCALE) for each in (line.box.left - _DATE, line.box.right + _DATE))
        top, bottom = (round((each - box.top) * _SCALE) for each in (line.box.top - _DATE, line.box.bottom + _DATE))
        ink[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = False
    try:
        seals = [_drawn(said.issuer.text, words, area.width) for words in (SPECIMEN_LINE, seal_line(kind))]
    except MissingGlyphError:  # misread: there is no such authority
        seals = [np.zeros_like(ink)]
    return min(_beside(ink, each) for each in seals)


def _beside(ink: _Ink, seal: _Ink) -> float:
    rows, columns = (slice(min(a, b)) for a, b in zip(ink.shape, seal.shape, strict=True))
    ink, seal = ink[rows, columns], seal[rows, columns]
    moved = (np.roll(seal, (down, across), (0, 1)) for down in _MOVED for across in _MOVED)
    return min(int((ink & ~each).sum()) for each in moved) / _SCALE**2


def _drawn(issuer: str, words: str, side: float) -> _Ink:
    """The seal's ink, and a rim around it."""
    output = io.BytesIO()
    canvas = new_canvas(output, side, side)
    draw_seal(canvas, (0.0, 0.0, side * POINTS_PER_MM, side * POINTS_PER_MM), (0, 0, 0), issuer, words)
    canvas.save()
    with opened(output.getvalue()) as document:
        grey: Grey = np.asarray(document[0].render(scale=_SCALE / POINTS_PER_MM).to_pil().convert("L"))
    dark = Image.fromarray(grey < 255 - _FAINT)
    return np.asarray(dark.convert("L").filter(ImageFilter.MaxFilter(2 * _AROUND + 1))) > 0
