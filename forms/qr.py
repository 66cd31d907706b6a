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
    bars = (f"{start} {-row} {end - start} -1 re" for row, start, end in _bars(symbol))
    canvas.saveState()
    canvas.transform(side, 0, 0, side, left, top)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.addLiteral("\n".join((*bars, "f")))
    canvas.restoreState()


def _bars(symbol: Modules) -> list[tuple[int, int, int]]:
    """Each stretch of dark modules: its row, where it begins, and where it has ended."""
    changes = np.diff(np.pad(symbol, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    (rows, starts), (_, ends) = np.nonzero(changes == 1), np.nonzero(changes == -1)
    return list(zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True))
