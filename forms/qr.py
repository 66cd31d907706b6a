"""The two-dimensional code as vector squares (QR code, ISO/IEC 18004)."""

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas

from forms.layout import Square

Modules = NDArray[np.bool_]  # rows x columns, true is dark
_HALF_WHITE = 128


def modules(text: str) -> Modules:
    """The symbol of ``text`` at error correction level M (15 %), without its quiet zone."""
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return np.asarray(zxingcpp.write_barcode_to_image(symbol, scale=1, add_quiet_zones=False)) < _HALF_WHITE


def draw_code(canvas: Canvas, place: Square, text: str) -> None:
    """Draw the symbol into ``place`` as one path, so that no seam shows between its squares."""
    symbol = modules(text)
    left, _, right, top = place.box()
    side = (right - left) / len(symbol)
    bars = (f"{start} {-row} {end - start} -1 re" for row, line in enumerate(symbol) for start, end in _dark_runs(line))
    canvas.saveState()
    canvas.transform(side, 0, 0, side, left, top)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.addLiteral("\n".join((*bars, "f")))
    canvas.restoreState()


def _dark_runs(line: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where darkness begins and ends along a row."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], line, [False]))))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
