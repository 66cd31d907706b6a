from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.chip import tlv
from devices.chip.tlv import Header, TlvError


@pytest.mark.parametrize(
    ("encoded", "header"),
    [
        ("5C02", Header(0x5C, 2, 2)),
        ("5F1F5A", Header(0x5F1F, 3, 0x5A)),
        ("758200FF", Header(0x75, 4, 0xFF)),
        ("7F618349A001", Header(0x7F61, 6, 0x49A001)),
        ("7F810101", Header(0x7F8101, 4, 1)),
    ],
)
def test_a_header_tells_tag_start_and_length(encoded: str, header: Header) -> None:
    assert tlv.header(bytes.fromhex(encoded)) == header


@pytest.mark.parametrize("encoded", ["", "5F", "75", "7580", "758400000001", "7582FF", "7F81", "FFFFFFFF01"])
def test_what_is_no_header_is_refused(encoded: str) -> None:
    """Cut short, of indefinite length, or longer than any chip is."""
    with pytest.raises(TlvError):
        tlv.header(bytes.fromhex(encoded))


def test_objects_are_found_by_their_path() -> None:
    data = tlv.encode(0x7C, tlv.encode(0x80, b"a") + tlv.encode(0x82, b"b"))
    assert tlv.find(data, 0x7C, 0x82) == b"b"
    assert tlv.find(data, 0x7C, 0x84) is None
    assert tlv.need(data, 0x7C, 0x80) == b"a"
    with pytest.raises(TlvError):
        tlv.need(data, 0x7C, 0x84)


def test_a_value_that_is_cut_short_is_refused() -> None:
    with pytest.raises(TlvError):
        tlv.objects(bytes.fromhex("800501"))


def test_values_do_not_show_themselves() -> None:
    assert "SECRET" not in repr(tlv.objects(tlv.encode(0x80, b"SECRET")))


@settings(deadline=None)  # the machine may be busy
@given(st.sampled_from([0x80, 0x5F1F, 0x7F61, 0x61]), st.binary(max_size=70_000))
def test_what_was_encoded_is_read_again(tag: int, value: bytes) -> None:
    assert tlv.read(tlv.encode(tag, value), tag) == value


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=200))
def test_any_bytes_are_objects_or_the_one_error(data: bytes) -> None:
    with suppress(TlvError):
        assert b"".join(item.encoded for item in tlv.objects(data)) == data
