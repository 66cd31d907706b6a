"""The files of the logical data structure (ICAO 9303-10, 4.6 and 4.7), as an issuer writes them."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageOps

from simulators.chip.tlv import tlv

COMMON, SECURITY, CARD_ATTRIBUTES, CARD_ACCESS = 0x011E, 0x011D, 0x2F01, 0x011C
DG1, DG2, DG11, DG12 = 0x0101, 0x0102, 0x010B, 0x010C
TAGS = {DG1: 0x61, DG2: 0x75, DG11: 0x6B, DG12: 0x6C}
_SIZE = (358, 441)  # as records hold portraits
_LONGEST_SEGMENT = 65533
_JPEG_START = 2  # SOI
_JPEG_2000 = 1


@dataclass(frozen=True, slots=True)
class Details:
    """DG11 and DG12: what does not stand in the zone. Empty texts are left out."""

    full_name: str
    personal_number: str
    issuer: str
    issued: str  # YYYYMMDD


def common(groups: Iterable[int]) -> bytes:
    """EF.COM: LDS 1.7, Unicode 4.0, and which data groups there are."""
    tags = bytes(TAGS[group] for group in groups)
    return tlv(0x60, tlv(0x5F01, b"0107"), tlv(0x5F36, b"040000"), tlv(0x5C, tags))


def zone(lines: Iterable[str]) -> bytes:
    """DG1: the machine-readable zone."""
    return tlv(TAGS[DG1], tlv(0x5F1F, "".join(lines).encode("ascii")))


def face(image: bytes, *, jpeg_2000: bool) -> bytes:
    """DG2: one face, in a record of ISO/IEC 19794-5:2005."""
    header = tlv(0xA1, tlv(0x81, b"\x02"), tlv(0x87, b"\x01\x01"), tlv(0x88, b"\x00\x08"))
    record = tlv(0x5F2E, _face_record(image, _JPEG_2000 if jpeg_2000 else 0))
    return tlv(TAGS[DG2], tlv(0x7F61, tlv(0x02, b"\x01"), tlv(0x7F60, header, record)))


def personal_details(details: Details) -> bytes:
    """DG11: the name in full, in the state's own script, and the personal number."""
    return _listed(DG11, {0x5F0E: details.full_name, 0x5F10: details.personal_number})


def document_details(details: Details) -> bytes:
    """DG12: who issued the document, and when."""
    return _listed(DG12, {0x5F19: details.issuer, 0x5F26: details.issued})


def card_attributes(longest: int) -> bytes:
    """EF.ATR/INFO: how long a command and an answer may be (ISO/IEC 7816-4, 12.7.1)."""
    length = tlv(0x02, longest.to_bytes(3, "big"))
    return tlv(0x7F66, length, length)


@cache
def photograph(path: Path, size: int, *, jpeg_2000: bool = False) -> bytes:
    """The picture cut to an identity photograph of at most ``size`` bytes; a JPEG is filled up to exactly that."""
    with Image.open(path) as picture:
        cut = ImageOps.fit(picture.convert("RGB"), _SIZE, centering=(0.5, 0.4))
    if jpeg_2000:
        return _encoded(cut, "JPEG2000", quality_mode="rates", quality_layers=[3 * _SIZE[0] * _SIZE[1] / size])
    qualities = (_encoded(cut, "JPEG", quality=quality) for quality in range(90, 5, -5))
    return _filled(next(jpeg for jpeg in qualities if len(jpeg) + 4 <= size), size)


def _encoded(picture: Image.Image, form: str, **settings: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **settings)
    return buffer.getvalue()


def _filled(jpeg: bytes, size: int) -> bytes:
    """A comment of nothing behind the beginning."""
    comment = bytes(min(size - len(jpeg) - 4, _LONGEST_SEGMENT))
    segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
    return jpeg[:_JPEG_START] + segment + jpeg[_JPEG_START:]


def _face_record(image: bytes, form: int) -> bytes:
    """General header (14 bytes), facial information (20), image information (12), image."""
    width, height = (side.to_bytes(2, "big") for side in _SIZE)
    picture = b"\x01" + bytes([form]) + width + height + b"\x01\x02" + bytes(4)  # full frontal; sRGB; a digital camera
    information = bytes(4 + 2 + 1 + 1 + 1 + 3 + 2 + 3 + 3)[4:] + picture + image
    block = (len(information) + 4).to_bytes(4, "big") + information
    return b"FAC\x00010\x00" + (14 + len(block)).to_bytes(4, "big") + b"\0\x01" + block


def _listed(group: int, texts: dict[int, str]) -> bytes:
    """A list of the tags that follow, and then these."""
    present = {tag: text.encode("utf-8") for tag, text in texts.items() if text}
    tags = b"".join(tag.to_bytes(2, "big") for tag in present)
    return tlv(TAGS[group], tlv(0x5C, tags), *(tlv(tag, text) for tag, text in present.items()))
