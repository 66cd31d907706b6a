"""The square codes in a picture. In the lines of a form a reader that looks for every symbology finds others."""

from typing import Any

import zxingcpp


def squares(picture: Any) -> list[zxingcpp.Barcode]:
    """As any phone reads them. ``picture``: what zxing-cpp takes, a PIL image or an array of bytes."""
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return list(zxingcpp.read_barcodes(picture, formats=formats))
