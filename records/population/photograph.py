"""An identity photograph in the one format that papers have room for (GA/T 461): 358 by 441 pixels, upright, JPEG.

A picture of another shape is cut, never stretched. One that could only be cut through the face, or has too few pixels
to know anybody by, is refused.
"""

import io
from typing import Final

from PIL import Image, ImageOps

from records.errors import PhotographError

SIZE: Final = (358, 441)  # pixels
_QUALITY: Final = 88
_KEPT: Final = 0.6  # of the picture, at least
_LARGER: Final = 2.0  # times, at most
_MIDDLE: Final = (0.5, 0.4)  # of what is kept: heads are above the middle


def identity_photograph(content: bytes) -> bytes:
    """The picture in that format; one that has it already, byte for byte. PhotographError: it can't be had."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if (picture.format, picture.size, picture.mode) == ("JPEG", SIZE, "RGB") and not picture.getexif():
                return content
            return _cut(ImageOps.exif_transpose(picture).convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise PhotographError("it is no picture that can be read") from None


def _cut(picture: Image.Image) -> bytes:
    """Cut to shape, then made as large as it must be; nothing else of the file is kept."""
    scale = max(wanted / there for wanted, there in zip(SIZE, picture.size, strict=True))
    kept = SIZE[0] * SIZE[1] / (scale * scale * picture.width * picture.height)
    if scale > _LARGER or kept < _KEPT:
        raise PhotographError(f"{picture.width} x {picture.height} pixels can't be cut to {SIZE[0]} x {SIZE[1]}")
    buffer = io.BytesIO()
    ImageOps.fit(picture, SIZE, centering=_MIDDLE).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
