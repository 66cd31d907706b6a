"""The two-dimensional code as vector squares (QR code, ISO/IEC 18004)."""

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas

from forms.layout import DOTS_PER_MM, POINTS_PER_MM, Points

Modules = NDArray[np.bool_]  # rows x columns, true is dark
QUIET_ZONE = 4  # modules on each side (ISO/IEC 18004, 9.1)
_HALF_WHITE = 128
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_DOT = POINTS_PER_MM / DOTS_PER_MM  # points


def modules(text: str) -> Modules:
    """The symbol of ``text`` at error correction level M (15 %), without its quiet zone."""
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return np.asarray(zxingcpp.write_barcode_to_image(symbol, scale=1, add_quiet_zones=False)) < _HALF_WHITE


def half_blocks(text: str) -> list[str]:
    """The symbol with its quiet zone as lines of characters, each two modules high: a block is dark, a space light."""
    symbol = np.pad(modules(text), QUIET_ZONE)
    symbol = np.pad(symbol, ((0, len(symbol) % 2), (0, 0)))
    lines = zip(symbol[::2].tolist(), symbol[1::2].tolist(), strict=True)
    return ["".join(_HALVES[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in lines]


def draw_code(canvas: Canvas, place: Points, text: str, *, on_dots: bool = False) -> None:
    """Draw the symbol into the square ``place`` as one path, so that no seam shows between its squares.

    ``on_dots``: with its quiet zone, and in whole dots of a strip printer, so that every module is printed alike;
    ``place`` itself must begin on a dot, counted from the sheet's upper left corner.
    """
    symbol = modules(text)
    left, _, right, upper = place
    side = (right - left) / len(symbol)
    if on_dots:
        dots = round((right - left) / _DOT)
        each = dots // (len(symbol) + 2 * QUIET_ZONE)
        inset = (dots - each * len(symbol)) // 2 * _DOT
        left, upper, side = left + inset, upper - inset, each * _DOT
    bars = (f"{start} {-row} {end - start} -1 re" for row, start, end in _bars(symbol))
    canvas.saveState()
    canvas.transform(side, 0, 0, side, left, upper)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.addLiteral("\n".join((*bars, "f")))
    canvas.restoreState()


def _bars(symbol: Modules) -> list[tuple[int, int, int]]:
    """Each stretch of dark modules: its row, where it begins, and where it has ended."""
    changes = np.diff(np.pad(symbol, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    (rows, starts), (_, ends) = np.nonzero(changes == 1), np.nonzero(changes == -1)
    return list(zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True))
