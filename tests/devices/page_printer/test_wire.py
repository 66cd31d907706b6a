"""The codec, against bytes made up by hand and by chance."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.page_printer.wire import (
    MAX_MESSAGE_BYTES,
    MAX_NESTING,
    Field,
    GroupTag,
    IppMalformedError,
    Operation,
    ValueTag,
    decode,
    encode,
)

HEADER = bytes.fromhex("0200 0000 00000007")
END = b"\x03"


def value(tag: int, name: str, raw: bytes) -> bytes:
    return struct.pack(">BH", tag, len(name)) + name.encode() + struct.pack(">H", len(raw)) + raw


def printer(*values: bytes) -> bytes:
    return HEADER + bytes([GroupTag.PRINTER]) + b"".join(values) + END


def one(tag: int, raw: bytes) -> object:
    return decode(printer(value(tag, "x", raw))).first(GroupTag.PRINTER)["x"]


NESTED = printer(
    value(0x34, "media-col-ready", b""),
    value(0x4A, "", b"media-size"),
    value(0x34, "", b""),
    value(0x4A, "", b"x-dimension"),
    value(0x21, "", struct.pack(">i", 21000)),
    value(0x37, "", b""),
    value(0x4A, "", b"media-source"),
    value(0x44, "", b"main"),
    value(0x37, "", b""),
    value(0x44, "printer-state-reasons", b"media-jam-report"),
    value(0x44, "", b"cover-open-report"),
)


def test_a_request_has_the_bytes_of_the_standard() -> None:
    """RFC 8010 appendix A.5's shape: version, operation, number, groups, end, document."""
    fields = [
        Field("attributes-charset", ValueTag.CHARSET, ("utf-8",)),
        Field("job-id", ValueTag.INTEGER, (147,)),
        Field("my-jobs", ValueTag.BOOLEAN, (True,)),
        Field("requested-attributes", ValueTag.KEYWORD, ("a", "b")),
    ]
    assert encode(Operation.GET_JOB_ATTRIBUTES, 1, {GroupTag.OPERATION: fields}, b"%PDF") == (
        bytes.fromhex("0200 0009 00000001 01")
        + bytes.fromhex("47 0012") + b"attributes-charset" + bytes.fromhex("0005") + b"utf-8"
        + bytes.fromhex("21 0006") + b"job-id" + bytes.fromhex("0004 00000093")
        + bytes.fromhex("22 0007") + b"my-jobs" + bytes.fromhex("0001 01")
        + bytes.fromhex("44 0014") + b"requested-attributes" + bytes.fromhex("0001") + b"a"
        + bytes.fromhex("44 0000 0001") + b"b"
        + END + b"%PDF"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "raw", "expected"),
    [
        (0x21, struct.pack(">i", -2), -2),
        (0x23, struct.pack(">i", 5), 5),
        (0x22, b"\x01", True),
        (0x30, b"code=jam", b"code=jam"),
        (0x32, struct.pack(">iib", 600, 300, 3), (600, 300, 3)),
        (0x33, struct.pack(">ii", 1, 99), (1, 99)),
        (0x35, b"\x00\x05zh-cn\x00\x06" + "缺纸".encode(), "缺纸"),
        (0x41, "打印".encode(), "打印"),
        (0x44, b"none", "none"),
        (0x41, b"\xff\xfe", "\ufffd\ufffd"),
        (0x31, b"\x07\xea", b"\x07\xea"),
    ],
)
def test_each_syntax_becomes_its_python_value(tag: int, raw: bytes, expected: object) -> None:
    """Numbers, truths, texts with and without a language; what has no use stays bytes."""
    assert one(tag, raw) == (expected,)


@pytest.mark.parametrize("tag", [0x10, 0x12, 0x13])
def test_an_attribute_without_a_value_is_empty(tag: int) -> None:
    """Unsupported, unknown, no-value."""
    assert one(tag, b"") == ()


def test_collections_and_further_values_are_read() -> None:
    """A collection within a collection, then an attribute of two values."""
    group = decode(NESTED).first(GroupTag.PRINTER)
    assert group["media-col-ready"] == ({"media-size": ({"x-dimension": (21000,)},), "media-source": ("main",)},)
    assert group["printer-state-reasons"] == ("media-jam-report", "cover-open-report")


def test_groups_of_one_kind_are_kept_apart() -> None:
    """Get-Jobs answers with one group per job."""
    job = bytes([GroupTag.JOB])
    message = HEADER + job + value(0x21, "job-id", b"\0\0\0\1") + job + value(0x21, "job-id", b"\0\0\0\2") + END
    answer = decode(message)
    assert [group["job-id"] for group in answer.all(GroupTag.JOB)] == [(1,), (2,)]
    assert answer.request_id == 7
    assert answer.first(GroupTag.PRINTER) == {}


@pytest.mark.parametrize(
    "message",
    [
        b"",
        HEADER,
        HEADER + value(0x44, "x", b"outside a group") + END,
        printer(value(0x44, "", b"nameless")),
        printer(value(0x21, "x", b"\0\0\1")),
        printer(value(0x22, "x", b"")),
        printer(value(0x34, "x", b"") * (MAX_NESTING + 1)),
        printer(value(0x34, "x", b"") + b"\x02\0\0\0\0"),
        printer(value(0x35, "x", b"\x00\x09zh")),
        HEADER + b"\x04" + b"\x44\xff\xff",
        b"\0" * (MAX_MESSAGE_BYTES + 1),
    ],
)
def test_malformed_messages_are_refused(message: bytes) -> None:
    """Each for its own reason, all with the module's one error."""
    with pytest.raises(IppMalformedError):
        decode(message)


def test_deep_nesting_ends_in_an_error_and_not_in_the_interpreter() -> None:
    """A printer can't exhaust the stack."""
    opened = value(0x34, "x", b"") + (value(0x4A, "", b"m") + value(0x34, "", b"")) * 5000
    with pytest.raises(IppMalformedError, match="nested"):
        decode(printer(opened))


@given(st.integers(0, len(NESTED) - 1))
def test_a_truncated_message_is_always_refused(length: int) -> None:
    """Wherever it was cut."""
    with pytest.raises(IppMalformedError):
        decode(NESTED[:length])


@given(st.binary(max_size=300), st.booleans())
def test_garbage_never_raises_anything_else(garbage: bytes, with_header: bool) -> None:
    """Random bytes, alone and behind a good beginning."""
    message = HEADER + b"\x04" + garbage if with_header else garbage
    try:
        answer = decode(message)
    except IppMalformedError:
        return
    assert answer.request_id == int.from_bytes(message[4:8], "big")


@given(st.integers(0, len(NESTED) - 1), st.integers(0, 255))
def test_a_message_with_one_wrong_byte_never_raises_anything_else(place: int, byte: int) -> None:
    """Bit errors in the middle of something valid reach deeper than plain garbage."""
    try:
        answer = decode(NESTED[:place] + bytes([byte]) + NESTED[place + 1 :])
    except IppMalformedError:
        return
    assert all(isinstance(name, str) for group in answer.groups for name in group.attributes)


def test_a_value_that_does_not_fit_its_syntax_is_not_sent() -> None:
    """A text as an integer is our own mistake, and says so."""
    with pytest.raises(IppMalformedError):
        encode(Operation.GET_JOBS, 1, {GroupTag.OPERATION: [Field("limit", ValueTag.INTEGER, ("ten",))]})
