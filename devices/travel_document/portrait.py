"""DG2: the portrait, as ISO/IEC 19794-5 wraps it (ICAO 9303-10, 4.7.2)."""

import struct
from typing import Final

from devices.chip import tlv
from devices.travel_document.files import DATA_GROUPS, PORTRAIT

_GROUP = 0x7F61  # biometric information, of which the first template's first image is read
_TEMPLATE = 0x7F60
_BLOCKS: Final = (0x5F2E, 0x7F2E)  # the data block, plain or constructed

_RECORD = struct.Struct(">4s4sIH")  # "FAC", version, length of all, number of images
_FACE = struct.Struct(">IH14x")  # length of this image with its headers, number of feature points
_FEATURE_POINT = 8
_IMAGE_HEADER = 12
_FORMAT = b"FAC\0"
_BEGINNINGS: Final = (b"\xff\xd8\xff", b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51")  # JPEG, JPEG 2000, its bare code stream


def image(dg2: bytes) -> bytes:
    """The first image, as encoded. Raises TlvError, ValueError: there is none."""
    template = tlv.need(dg2, DATA_GROUPS[PORTRAIT].tag, _GROUP, _TEMPLATE)
    block = next((found for tag in _BLOCKS if (found := tlv.find(template, tag))), b"")
    try:
        mark, _, _, faces = _RECORD.unpack_from(block)
        length, points = _FACE.unpack_from(block, _RECORD.size)
    except struct.error:
        raise ValueError("record") from None
    if mark != _FORMAT or not faces:
        raise ValueError("record")
    start = _RECORD.size + _FACE.size + points * _FEATURE_POINT + _IMAGE_HEADER
    found = block[start : _RECORD.size + length]
    if not found.startswith(_BEGINNINGS):
        raise ValueError("image")
    return found
