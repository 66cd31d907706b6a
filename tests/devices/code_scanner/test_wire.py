"""Lines out of bytes, however they come."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.code_scanner.api import LONGEST
from devices.code_scanner.wire import Lines

_CODES = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=LONGEST)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\n\n\r"])
def test_a_line_ends_as_its_scanner_is_set(end: bytes) -> None:
    """CR, LF, both; a scanner that sends more makes no empty codes."""
    lines = Lines()
    assert lines.feed(b"LG1.A" + end + b"LG1.B" + end) == ["LG1.A", "LG1.B"]
    assert (lines.dropped, lines.began) == (0, False)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(_CODES, max_size=3), st.integers(1, 7))
def test_codes_come_whole_however_the_line_cuts_them(codes: list[str], size: int) -> None:
    """Also within a character, and within CR LF."""
    lines, found = Lines(), list[str]()
    sent = "".join(f"{code}\r\n" for code in codes).encode()
    for at in range(0, len(sent), size):
        found += lines.feed(sent[at : at + size])
    assert found == codes
    assert lines.dropped == 0


@pytest.mark.parametrize(
    "line", [b"\xff\xfe\x80", b"LG1.\x00A", b"\x02LG1.A\x03", b"A" * (LONGEST + 1), b"A" * 100_000, "\u200eA".encode()]
)
def test_what_is_no_code_is_dropped_and_counted_and_the_next_is_told(line: bytes) -> None:
    """No UTF-8, with control characters, too long: none of it is anybody's code."""
    lines = Lines()
    assert lines.feed(line + b"\r\nLG1.A\r\n") == ["LG1.A"]
    assert lines.dropped == 1


def test_the_longest_code_is_counted_in_characters() -> None:
    lines = Lines()
    assert lines.feed("灯".encode() * LONGEST + b"\n") == ["灯" * LONGEST]


def test_a_line_that_broke_off_does_not_become_part_of_the_next() -> None:
    lines = Lines()
    assert lines.feed(b"LG1.AB") == []
    assert lines.began
    lines.break_off()
    lines.break_off()
    assert lines.feed(b"LG1.C\n") == ["LG1.C"]
    assert lines.dropped == 1


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.binary(max_size=40), max_size=10))
def test_any_bytes_are_codes_or_dropped(pieces: list[bytes]) -> None:
    """And what is kept of them stays small."""
    lines = Lines()
    for piece in pieces:
        assert all(code.isprintable() and 0 < len(code) <= LONGEST for code in lines.feed(piece))
