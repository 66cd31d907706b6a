"""From a finished PDF to the bytes that a strip printer takes, against python-escpos doing it its own way: an A4 page
scaled to 576 dots, and a strip drawn for them."""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from functools import partial

import pypdfium2
from escpos.printer import Dummy
from PIL import Image

from devices.thermal_printer.model import StripModel
from devices.thermal_printer.wire import bands
from forms.code import CodeKey, sign_code
from forms.paper import Medium
from forms.raster import WIDTH, Dots, strip
from forms.render import render
from tests.support.papers import FULL, LATER
from tests.support.pki import make_pki

_ROUNDS = 10
_MODEL = StripModel()


def measure() -> Iterator[tuple[str, float, str]]:
    """(name, our time over the peer's, what was compared). The fastest round of each counts, in turns."""
    key = CodeKey(make_pki().code.key)
    for name, paper, medium in (("A4", FULL, Medium.PAGE), ("a strip's PDF", LATER, Medium.STRIP)):
        pdf = render(paper, sign_code(paper, key), medium)
        dots, picture = strip(pdf), _picture(pdf)
        whole = _fastest(partial(_ours, pdf), partial(_theirs_drawn, pdf))
        packed = _fastest(partial(_packed, dots), partial(_theirs, picture))
        rows = f"{len(dots)} rows"
        yield (
            f"{name} -> {WIDTH}-dot strip / PDFium and python-escpos",
            whole[0] / whole[1],
            f"drawn, rastered and packed: {_shown(whole)} ({rows}; ours dithers photographs only)",
        )
        yield (
            f"{name} -> {WIDTH}-dot strip, packing alone / python-escpos' image()",
            packed[0] / packed[1],
            f"from a picture to GS v 0: {_shown(packed)} ({rows})",
        )


def _ours(pdf: bytes) -> bytes:
    return _packed(strip(pdf))


def _packed(dots: Dots) -> bytes:
    return b"".join(bands(dots, _MODEL))


def _theirs_drawn(pdf: bytes) -> bytes:
    return _theirs(_picture(pdf))


def _picture(pdf: bytes) -> Image.Image:
    """As one draws a page for a program that takes pictures."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        picture: Image.Image = page.render(scale=WIDTH / page.get_width()).to_pil()
        return picture.crop((0, 0, WIDTH, picture.height))
    finally:
        document.close()


def _theirs(picture: Image.Image) -> bytes:
    printer = Dummy()
    with redirect_stdout(io.StringIO()):  # it prints a remark on its profile for each picture
        printer.image(picture, impl="bitImageRaster")
    output: bytes = printer.output
    return output


def _fastest(*ways: Callable[[], object]) -> list[float]:
    """Milliseconds."""
    best = [float("inf")] * len(ways)
    for _ in range(_ROUNDS):
        for number, way in enumerate(ways):
            start = time.perf_counter()
            way()
            best[number] = min(best[number], (time.perf_counter() - start) * 1000)
    return best


def _shown(times: list[float]) -> str:
    ours, peer = times
    return f"{ours:.1f} ms against {peer:.1f} ms"
