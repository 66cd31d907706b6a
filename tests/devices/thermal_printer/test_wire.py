"""Bytes as the ESC/POS reference has them, and replies told apart."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.thermal_printer import wire
from devices.thermal_printer.api import StripReason
from devices.thermal_printer.meaning import condition
from devices.thermal_printer.model import StripModel
from devices.thermal_printer.wire import Kind, Reply, Status

ANSWERS = [  # to DLE EOT 1 to 4, and what they mean
    ("12 12 12 12", StripReason.OK, False),
    ("12 12 12 1e", StripReason.PAPER_NEAR_END, False),
    ("1a 32 12 7e", StripReason.PAPER_OUT, True),
    ("1a 16 12 12", StripReason.COVER_OPEN, True),
    ("1a 36 12 7e", StripReason.COVER_OPEN, True),
    ("1a 52 1a 12", StripReason.CUTTER_ERROR, True),
    ("1a 52 52 12", StripReason.OVERHEATED, True),
    ("1a 52 16 12", StripReason.OTHER, True),
    ("1a 52 32 12", StripReason.OTHER, True),
    ("1a 52 12 12", StripReason.OTHER, True),
    ("1a 1a 12 12", StripReason.BUSY, True),
]


def test_a_band_is_a_raster_command() -> None:
    strip = np.zeros((3, 16), np.bool_)
    strip[0, 0] = strip[2, 15] = True
    found = list(wire.bands(strip, StripModel(width=16, band=8)))
    assert found == [b"\x1dv0\x00\x02\x00\x03\x00" + b"\x80\x00" + b"\x00\x00" + b"\x00\x01"]


def test_a_long_strip_is_cut_into_bands() -> None:
    sizes = [int.from_bytes(each[6:8], "little") for each in wire.bands(np.ones((50, 8), np.bool_), StripModel())]
    assert sizes == [24, 24, 2]


def test_a_long_feed_is_several() -> None:
    assert wire.ending(StripModel(feed=300, cut="partial")) == b"\x1bJ\xff\x1bJ\x2d\x1dV\x01"
    assert wire.ending(StripModel(feed=0, cut="none")) == b""


def test_density_is_sent_as_a_signed_byte() -> None:
    assert wire.opening(StripModel(density=-6)).endswith(b"\x1d(K\x02\x001\xfa")


@pytest.mark.parametrize(("answers", "reason", "stops"), ANSWERS)
def test_status_bytes_mean_one_reason(answers: str, reason: StripReason, stops: bool) -> None:
    found = condition(dict(zip(list(Status)[:4], bytes.fromhex(answers), strict=True)))
    assert (found.reason, found.stops, found.answers) == (reason, stops, answers)


def test_replies_are_told_apart_in_one_stream() -> None:
    """An automatic status message and flow control in between are nobody's answer."""
    stream = bytes.fromhex("12 37223030343200 14000f00 11 372500 100f20000000 00 1e")
    found, rest = wire.replies(stream)
    assert [each for each in found if each.kind is not Kind.IGNORED] == [
        Reply(Kind.STATUS, b"\x12"),
        Reply(Kind.ECHO, b"0042"),
        Reply(Kind.CLEARED, b""),
        Reply(Kind.FULL, b"\x20\x00\x00\x00"),
        Reply(Kind.PAPER, b"\x00"),
        Reply(Kind.STATUS, b"\x1e"),
    ]
    assert rest == b""


@given(st.lists(st.integers(0, 19), min_size=1, max_size=6))
def test_replies_in_pieces_are_the_same_replies(cuts: list[int]) -> None:
    stream = bytes.fromhex("12372230303432003725001e100f20000000")
    whole, _ = wire.replies(stream)
    found, rest = [], b""
    for start, end in pairwise(sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})):
        came, rest = wire.replies(rest + stream[start:end])
        found += came
    assert (found, rest) == (whole, b"")


@given(st.binary(max_size=40))
def test_noise_is_never_taken_for_more_than_there_is(noise: bytes) -> None:
    found, rest = wire.replies(noise)
    assert sum(max(len(each.data), 1) for each in found) + len(rest) <= len(noise)
