"""Data objects in BER-TLV, as chips store and send them (ISO/IEC 7816-4, 5.2.2)."""

from dataclasses import dataclass

from civic.errors import CodedError

_LONGEST_TAG = 3
_LONGEST_LENGTH = 3  # octets after 0x83: 16 MiB, far beyond any chip


class TlvError(CodedError):
    """The bytes are no data object, or end within one. ``detail`` names the rule."""

    code = "tlv"


@dataclass(frozen=True, slots=True)
class Header:
    """A data object's tag, where its value begins, and how many bytes that has."""

    tag: int
    start: int
    length: int

    @property
    def end(self) -> int:
        """Where the object ends."""
        return self.start + self.length


@dataclass(frozen=True, slots=True, repr=False)
class DataObject:
    """A tag (with all of its octets, as a number) and its value. ``encoded``: the whole, as it was received."""

    tag: int
    value: bytes
    encoded: bytes

    def __repr__(self) -> str:
        return f"DataObject({self.tag:02X}, {len(self.value)} bytes)"


def header(data: bytes, at: int = 0) -> Header:
    """The header that begins at ``at``; the value need not be there yet. Raises TlvError."""
    start = at + _tag_octets(data, at)
    tag = int.from_bytes(data[at:start], "big")
    first = _octet(data, start)
    if first < 0x80:  # noqa: PLR2004 - the short form
        return Header(tag, start + 1, first)
    octets = first - 0x80
    if not 0 < octets <= _LONGEST_LENGTH:  # 0x80 is the indefinite form, which chips may not use
        raise TlvError("length")
    end = start + 1 + octets
    _octet(data, end - 1)
    return Header(tag, end, int.from_bytes(data[start + 1 : end], "big"))


def read(data: bytes, tag: int) -> bytes:
    """The value of the object ``tag`` with which ``data`` begins. Raises TlvError."""
    first = _object(data, 0)
    if first.tag != tag:
        raise TlvError(f"no {tag:02X}")
    return first.value


def objects(data: bytes) -> tuple[DataObject, ...]:
    """All objects that ``data`` consists of. Raises TlvError."""
    found = []
    at = 0
    while at < len(data):
        found.append(_object(data, at))
        at += len(found[-1].encoded)
    return tuple(found)


def find(data: bytes, *path: int) -> bytes | None:
    """The value of the first object of each tag within the one before. Raises TlvError."""
    for tag in path:
        inner = next((item.value for item in objects(data) if item.tag == tag), None)
        if inner is None:
            return None
        data = inner
    return data


def need(data: bytes, *path: int) -> bytes:
    """As ``find``; raises TlvError when it is not there, too."""
    found = find(data, *path)
    if found is None:
        raise TlvError(f"no {path[-1]:02X}")
    return found


def encode(tag: int, value: bytes) -> bytes:
    """One object, its length in the shortest form."""
    octets = max(1, (tag.bit_length() + 7) // 8)
    return tag.to_bytes(octets, "big") + _length(len(value)) + value


def _length(length: int) -> bytes:
    if length < 0x80:  # noqa: PLR2004 - the short form
        return bytes([length])
    octets = (length.bit_length() + 7) // 8
    return bytes([0x80 + octets]) + length.to_bytes(octets, "big")


def _object(data: bytes, at: int) -> DataObject:
    head = header(data, at)
    if head.end > len(data):
        raise TlvError("short")
    return DataObject(head.tag, data[head.start : head.end], data[at : head.end])


def _tag_octets(data: bytes, at: int) -> int:
    """One, or more where the first says so in its five low bits."""
    if _octet(data, at) & 0x1F != 0x1F:  # noqa: PLR2004
        return 1
    for octets in range(2, _LONGEST_TAG + 1):
        if not _octet(data, at + octets - 1) & 0x80:
            return octets
    raise TlvError("tag")


def _octet(data: bytes, at: int) -> int:
    if at >= len(data):
        raise TlvError("short")
    return data[at]
