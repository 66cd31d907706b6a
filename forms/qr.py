"""The two-dimensional code as vector squares (QR code, ISO/IEC 18004)."""

from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas

from forms.layout import Square
from forms.outlines import fill

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
