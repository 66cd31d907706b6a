"""Distinguished encoding (ITU-T X.690, DER) of the few ASN.1 types that a signature is made of.

Each function returns the whole element, tag and length included. Only encoding: what comes from outside is parsed by
libraries.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

_INTEGER, _BIT_STRING, _OCTET_STRING, _OBJECT_IDENTIFIER, _UTF8_STRING = 0x02, 0x03, 0x04, 0x06, 0x0C
_GENERALIZED_TIME, _SEQUENCE, _SET = 0x18, 0x30, 0x31
_CONTEXT, _CONSTRUCTED = 0x80, 0x20
_SHORT = 0x80  # lengths below it take one byte

TRUE = b"\x01\x01\xff"


def element(tag: int, content: bytes) -> bytes:
    """Tag (below 31), definite length, content."""
    size = len(content)
    if size < _SHORT:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _SHORT | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of whole elements, in their order."""
    return element(_SEQUENCE, b"".join(parts))


def set_of(parts: Iterable[bytes]) -> bytes:
    """SET OF, in the one order that DER allows."""
    return element(_SET, b"".join(sorted(parts)))


def tagged(number: int, content: bytes, *, constructed: bool = True) -> bytes:
    """A context-specific tag around ``content``: explicit around a whole element, implicit around bare contents."""
    return element(_CONTEXT | (_CONSTRUCTED if constructed else 0) | number, content)


def integer(value: int) -> bytes:
    """A non-negative INTEGER."""
    return element(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(content: bytes) -> bytes:
    """OCTET STRING."""
    return element(_OCTET_STRING, content)


def bit(number: int) -> bytes:
    """A named BIT STRING with one bit set (X.690, 11.2: no trailing zero bits)."""
    whole, position = divmod(number, 8)
    return element(_BIT_STRING, bytes((7 - position,)) + bytes(whole) + bytes((0x80 >> position,)))


def text(words: str) -> bytes:
    """UTF8String."""
    return element(_UTF8_STRING, words.encode("utf-8"))


def time(moment: datetime) -> bytes:
    """GeneralizedTime in UTC, to the second (RFC 5280, 4.1.2.5.2). ``moment``: aware."""
    return element(_GENERALIZED_TIME, moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode("ascii"))


def identifier(dotted: str) -> bytes:
    """OBJECT IDENTIFIER from its dotted form."""
    first, second, *others = (int(arc) for arc in dotted.split("."))
    return element(_OBJECT_IDENTIFIER, b"".join(_base128(arc) for arc in (first * 40 + second, *others)))


def _base128(arc: int) -> bytes:
    digits = [arc & 0x7F]
    while arc := arc >> 7:
        digits.append(0x80 | arc & 0x7F)
    return bytes(reversed(digits))


def body(whole: bytes) -> bytes:
    """The contents of an element, without its tag and length."""
    return whole[2:] if whole[1] < _SHORT else whole[2 + (whole[1] & 0x7F) :]
