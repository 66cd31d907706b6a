"""The two-dimensional code: writing it as vector squares, and finding it in a picture (QR code, ISO/IEC 18004)."""

from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas

from forms.code import PREFIX
from forms.layout import Square
from forms.outlines import fill

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

Modules = NDArray[np.bool_]  # rows x columns, true is dark


def modules(text: str) -> Modules:
    """The symbol of ``text`` at error correction level M (15 %), without its quiet zone."""
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture = np.asarray(zxingcpp.write_barcode_to_image(symbol, scale=1, add_quiet_zones=False))
    return picture < 128  # noqa: PLR2004 # half of white


def draw_code(canvas: Canvas, place: Square, text: str) -> None:
    """Draw the symbol into ``place`` as one path, so that no seam shows between its squares."""
    symbol = modules(text)
    left, _, right, top = place.box()
    side = (right - left) / len(symbol)
    path = canvas.beginPath()
    for row, line in enumerate(symbol):
        for start, end in _dark_runs(line):
            path.rect(left + start * side, top - (row + 1) * side, (end - start) * side, side)
    canvas.setFillColorRGB(0, 0, 0)
    fill(canvas, path)


def _dark_runs(line: NDArray[np.bool_]) -> Any:  # noqa: ANN401 # pairs of int, as numpy gives them
    edges = np.flatnonzero(np.diff(np.concatenate(([False], line, [False]))))
    return edges.reshape(-1, 2).tolist()


def find_codes(picture: NDArray[np.uint8]) -> tuple[str, ...]:
    """The distinct compact codes in a picture (height x width grey, or height x width x 3)."""
    found = zxingcpp.read_barcodes(picture, formats=_QR)
    return tuple(dict.fromkeys(each.text for each in found if each.text.startswith(PREFIX)))
