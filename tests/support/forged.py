"""Sheets as people scan, photograph and forge them: a forger draws the page anew with one value changed, and puts the
original code on it.
"""

import io

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

from forms.content import compose
from forms.paper import Medium, Paper
from forms.render import _draw
from forms.scan.registration import homography

_TABLE = (90, 90, 95)  # what a photographed sheet lies on


def drawn(paper: Paper, code: str, medium: Medium = Medium.PAGE) -> bytes:
    """The page of ``paper`` with any code at all."""
    return _draw(paper, compose(paper), code, medium)


def scanned(pdf: bytes, dots_per_inch: float) -> Image.Image:
    """As a flat scanner sees the first page, in colour."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = document[0].render(scale=dots_per_inch / 72).to_pil()
        return picture.convert("RGB")
    finally:
        document.close()


def on_dots(pdf: bytes) -> Image.Image:
    """A strip as its printer makes it: 576 dots across, black or white."""
    return scanned(pdf, 203.2).convert("L").point(lambda grey: 255 if grey >= 128 else 0)


def near(strip: Image.Image) -> Image.Image:
    """As a telephone's camera has it: half as many dots again as the printer."""
    return strip.convert("RGB").resize((strip.width * 3 // 2, strip.height * 3 // 2), Image.Resampling.BICUBIC)


def tilted(sheet: Image.Image, by: float = 0.04) -> Image.Image:
    """As a telephone sees a sheet that lies before it, held at an angle."""
    width, height = sheet.size
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    across = np.array(
        [[by, 1.1 * by], [1 - 1.4 * by, 0.1 * by], [1 - 0.2 * by, 1 - 0.3 * by], [0.3 * by, 1 - 0.8 * by]]
    )
    back = homography(across * [width, height], flat)
    seen = sheet.transform(
        sheet.size,
        Image.Transform.PERSPECTIVE,
        back.reshape(-1)[:8].tolist(),
        Image.Resampling.BICUBIC,
        fillcolor=_TABLE,
    )
    light, noise = np.linspace(0.82, 1.0, width), np.random.default_rng(3).normal(0, 3, (height, width))
    bands = [np.clip(np.asarray(band) * light + noise, 0, 255).astype(np.uint8) for band in seen.split()]
    return Image.merge(seen.mode, [Image.fromarray(band) for band in bands])


def as_jpeg(sheet: Image.Image, quality: int = 40) -> bytes:
    """A small file of it, a little out of focus."""
    output = io.BytesIO()
    sheet.filter(ImageFilter.GaussianBlur(0.6)).save(output, "JPEG", quality=quality)
    return output.getvalue()
