"""Sheets of paper as a scanner or a telephone sees them."""

import io

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

from tests.support.squares import squares


def rastered(pdf: bytes, dots_per_inch: int = 150) -> Image.Image:
    """The first page, grey."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = document[0].render(scale=dots_per_inch / 72).to_pil()
        return picture.convert("L")
    finally:
        document.close()


def around_code(page: Image.Image) -> Image.Image:
    """Held so close that the code fills the picture."""
    (found,) = squares(page)
    left, top = found.position.top_left.x, found.position.top_left.y
    side = found.position.bottom_right.x - left
    rim = side // 8
    return page.crop((left - rim, top - rim, left + side + rim, top + side + rim))


def worn(sheet: Image.Image) -> Image.Image:
    """The sheet laid a little askew, slightly out of focus, with the sensor's noise."""
    turned = sheet.rotate(3, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    pixels = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.8)), dtype=np.float32)
    noise = np.random.default_rng(7).normal(0, 8, pixels.shape)
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def as_png(sheet: Image.Image) -> bytes:
    """The bytes of a PNG file."""
    output = io.BytesIO()
    sheet.save(output, "PNG", compress_level=1)
    return output.getvalue()
