"""BER-TLV as chips write it (ISO/IEC 8825-1, ISO/IEC 7816-4 5.2.2): tags of one or two bytes, definite lengths."""

from collections.abc import Iterator

_LONG_TAG = 0x1F
_ONE_BYTE = 0xFF
_LONG_LENGTH = 0x80


def tlv(tag: int, *parts: bytes) -> bytes:
    """One data object; ``parts`` are its value, one after the other."""
    value = b"".join(parts)
    return tag.to_bytes(2 if tag > _ONE_BYTE else 1, "big") + _length(len(value)) + value


def parse(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each data object's tag and value. Raises ValueError when the bytes end within one."""
    at = 0
    while at < len(data):
        tag, at = _read(data, at, 1)
        if tag & _LONG_TAG == _LONG_TAG:
            low, at = _read(data, at, 1)
            tag = tag << 8 | low
        size, at = _read(data, at, 1)
        if size >= _LONG_LENGTH:
            size, at = _read(data, at, size - _LONG_LENGTH)
        if at + size > len(data):
            raise ValueError("ends within a data object")
        yield tag, data[at : at + size]
        at += size


def _read(data: bytes, at: int, size: int) -> tuple[int, int]:
    if size == 0 or at + size > len(data):
        raise ValueError("ends within a tag or length")
    return int.from_bytes(data[at : at + size], "big"), at + size


def _length(size: int) -> bytes:
    if size < _LONG_LENGTH:
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([_LONG_LENGTH + len(octets)]) + octets
