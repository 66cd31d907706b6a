"""IPP messages as bytes (RFC 8010): what goes into the body of an HTTP POST and comes back. Opens nothing.

    version(2) | operation or status (2) | request-id (4) | groups ... | end-of-attributes (0x03) | document

A group is a delimiter tag and its attributes; an attribute is one value with a name and any number without. Decoding
trusts nobody: truncated, overlong or absurdly nested bytes raise IppMalformedError, and nothing else.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from devices.errors import DeviceProtocolError

MAX_MESSAGE_BYTES = 1 << 20  # printers answer with 10 to 60 kB
MAX_NESTING = 8  # collections within collections; real ones have two levels
_HEADER = struct.Struct(">BBHI")
_END_OF_ATTRIBUTES = 0x03


class IppMalformedError(DeviceProtocolError):
    """The bytes are not an IPP message (RFC 8010 section 3)."""


class Operation(IntEnum):
    """Operations that a kiosk asks for (RFC 8011 5.4.15)."""

    PRINT_JOB = 0x0002
    VALIDATE_JOB = 0x0004
    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


class GroupTag(IntEnum):
    """Delimiters that begin a group (RFC 8010 3.5.1)."""

    OPERATION = 0x01
    JOB = 0x02
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class ValueTag(IntEnum):
    """Syntaxes with a meaning of their own; any other tag is kept as bytes (RFC 8010 3.5.2)."""

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTET_STRING = 0x30
    RESOLUTION = 0x32
    RANGE = 0x33
    BEGIN_COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    NATURAL_LANGUAGE = 0x48
    MIME_TYPE = 0x49
    MEMBER_NAME = 0x4A


_OUT_OF_BAND = range(0x10, 0x20)  # unsupported, unknown, no-value: the attribute is there, and has no value
_CHARACTER_STRINGS = range(0x40, 0x60)
_NUMBERS = {ValueTag.INTEGER, ValueTag.ENUM}
_WITH_LANGUAGE = {ValueTag.TEXT_WITH_LANGUAGE, ValueTag.NAME_WITH_LANGUAGE}

Plain = int | bool | str | bytes | tuple[int, ...]
Value = Plain | Mapping[str, tuple["Value", ...]]
Attributes = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute to be sent: its syntax and its values."""

    name: str
    tag: ValueTag
    values: tuple[int | bool | str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One group as received. Resolutions and ranges are tuples of integers, collections are mappings."""

    tag: int
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Response:
    """A printer's answer."""

    status: int
    request_id: int
    groups: tuple[Group, ...] = field(default=())

    def all(self, tag: GroupTag) -> list[Attributes]:
        """The groups of one kind, in order (Get-Jobs answers with one job group per job)."""
        return [group.attributes for group in self.groups if group.tag == tag]

    def first(self, tag: GroupTag) -> Attributes:
        """The first group of a kind, or an empty one."""
        return next(iter(self.all(tag)), {})


def encode(
    operation: Operation, request_id: int, groups: Mapping[GroupTag, list[Field]], document: bytes = b""
) -> bytes:
    """An IPP/2.0 request. The operation group must begin with charset, language and printer URI (RFC 8011 4.1.4)."""
    parts = [_HEADER.pack(2, 0, operation, request_id)]
    for tag, fields in groups.items():
        parts.append(bytes([tag]))
        parts.extend(_encode_field(one) for one in fields)
    return b"".join([*parts, bytes([_END_OF_ATTRIBUTES]), document])


def _encode_field(one: Field) -> bytes:
    name = one.name.encode("ascii")
    parts = []
    for value in one.values:
        raw = _encode_value(one.tag, value)
        parts.append(struct.pack(">BH", one.tag, len(name)) + name + struct.pack(">H", len(raw)) + raw)
        name = b""  # an additional value has no name
    return b"".join(parts)


def _encode_value(tag: ValueTag, value: int | bool | str) -> bytes:  # noqa: FBT001 - IPP's own boolean
    match value:
        case bool():
            return b"\x01" if value else b"\x00"
        case int():
            return struct.pack(">i", value)
        case str() if tag in _CHARACTER_STRINGS:
            return value.encode()
        case _:
            raise IppMalformedError(f"can't send a {type(value).__name__} as {tag.name}")


def decode(message: bytes) -> Response:
    """Parse an answer. Raises IppMalformedError, and nothing else, whatever the bytes."""
    if len(message) > MAX_MESSAGE_BYTES:
        raise IppMalformedError("message too long")
    reader = _Reader(message)
    _major, _minor, status, request_id = _HEADER.unpack(reader.take(_HEADER.size))
    return Response(status, request_id, tuple(_groups(reader)))


class _Reader:
    """Bytes taken from the front, never more than there are."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise IppMalformedError("message ends within a field")
        taken, self._at = self._data[self._at : end], end
        return taken

    def byte(self) -> int:
        return self.take(1)[0]

    def peek(self) -> int:
        value = self.byte()
        self._at -= 1
        return value

    def counted(self) -> bytes:
        return self.take(int.from_bytes(self.take(2), "big"))


def _groups(reader: _Reader) -> Iterator[Group]:
    while (tag := reader.byte()) != _END_OF_ATTRIBUTES:
        if tag >= _OUT_OF_BAND.start:
            raise IppMalformedError("an attribute outside any group")
        yield Group(tag, _attributes(reader))


def _attributes(reader: _Reader) -> Attributes:
    attributes: dict[str, tuple[Value, ...]] = {}
    name = ""
    while reader.peek() >= _OUT_OF_BAND.start:
        tag, raw_name, raw = reader.byte(), reader.counted(), reader.counted()
        name = _text(raw_name) or name
        if not name:
            raise IppMalformedError("an additional value with no attribute before it")
        attributes[name] = attributes.get(name, ()) + _values(reader, tag, raw, MAX_NESTING)
    return attributes


def _values(reader: _Reader, tag: int, raw: bytes, depth: int) -> tuple[Value, ...]:
    if tag in _OUT_OF_BAND:
        return ()
    if tag == ValueTag.BEGIN_COLLECTION:
        return (_collection(reader, depth - 1),)
    return (_plain(tag, raw),)


def _collection(reader: _Reader, depth: int) -> Attributes:
    """Members up to the end tag: a member-name value, then its values, all of them nameless (RFC 8010 3.1.6)."""
    if depth < 0:
        raise IppMalformedError("collections nested too deep")
    members: dict[str, tuple[Value, ...]] = {}
    name = ""
    while True:
        tag, _no_name, raw = reader.byte(), reader.counted(), reader.counted()
        if tag == ValueTag.END_COLLECTION:
            return members
        if tag < _OUT_OF_BAND.start:
            raise IppMalformedError("a group begins within a collection")
        if tag == ValueTag.MEMBER_NAME:
            name = _text(raw)
            members[name] = ()
        else:
            members[name] = members.get(name, ()) + _values(reader, tag, raw, depth)


def _plain(tag: int, raw: bytes) -> Plain:
    if tag in _NUMBERS:
        return int.from_bytes(_exactly(raw, 4), "big", signed=True)
    if tag == ValueTag.BOOLEAN:
        return _exactly(raw, 1) != b"\x00"
    if tag == ValueTag.RANGE:
        return struct.unpack(">ii", _exactly(raw, 8))
    if tag == ValueTag.RESOLUTION:
        return struct.unpack(">iib", _exactly(raw, 9))
    if tag in _WITH_LANGUAGE:
        inner = _Reader(raw)
        inner.counted()  # the language
        return _text(inner.counted())
    return _text(raw) if tag in _CHARACTER_STRINGS else raw


def _exactly(raw: bytes, count: int) -> bytes:
    if len(raw) != count:
        raise IppMalformedError(f"a value of {len(raw)} bytes instead of {count}")
    return raw


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
