"""A paper as the rows of dots that a strip printer burns: words and lines sharp, photographs dithered.

What is not a photograph is black where enough of a dot is covered. A photograph is dithered by error diffusion (Floyd
and Steinberg, 1976), and only within its own edges: dithered type would fray.
"""

from collections.abc import Iterator

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray
from PIL import Image

from forms.reading import opened

WIDTH = 576  # dots of an 80 mm printer's head (72 mm, 8 dots to the millimetre)

Dots = NDArray[np.bool_]
"""Rows of dots, top first: shape (height, width), True is black."""

_Grey = NDArray[np.uint8]  # height x width
_Box = tuple[int, int, int, int]  # left, upper, right, lower edge in dots

_INK = 150  # of 255: what is darker is black; above the middle, so that thin strokes stay whole
_WHITE = (255, 255, 255, 255)
_LIGHTER = np.array([round(255 * (level / 255) ** 0.75) for level in range(256)], np.uint8)  # because burnt dots spread


def strip(pdf: bytes, width: int = WIDTH) -> Dots:
    """The first page of ``pdf``, exactly ``width`` dots wide. Raises UnreadablePaperError."""
    with opened(pdf) as document:
        page = document[0]
        grey = _grey(page, width)
        dots: Dots = grey < _INK
        for left, upper, right, lower in _photographs(page, width):
            dots[upper:lower, left:right] = _dithered(grey[upper:lower, left:right])
        return dots


def _grey(page: pypdfium2.PdfPage, width: int) -> _Grey:
    """The page without its annotations."""
    across, down = page.get_size()
    height = round(down * width / across)
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, pdfium.FPDFBitmap_Gray)
    bitmap.fill_rect(_WHITE, 0, 0, width, height)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_GRAYSCALE)
    return np.array(bitmap.to_numpy()).reshape(height, width)


def _photographs(page: pypdfium2.PdfPage, width: int) -> Iterator[_Box]:
    across, down = page.get_size()
    scale = width / across
    for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]):
        left, lower, right, upper = (edge * scale for edge in each.get_bounds())
        yield round(left), round(down * scale - upper), round(right), round(down * scale - lower)


def _dithered(grey: _Grey) -> Dots:
    return ~np.asarray(Image.fromarray(_LIGHTER[grey]).convert("1"))
