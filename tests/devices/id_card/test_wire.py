"""The SAM-V frames, byte for byte as published, and as chance makes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.id_card.wire import (
    LONGEST,
    PREAMBLE,
    Answer,
    Command,
    FrameError,
    Status,
    check,
    frame,
    missing,
    parse,
    request,
    sam_number,
)

CONTENTS = st.tuples(st.sampled_from(Status), st.binary(max_size=2400))


def hexed(text: str) -> bytes:
    return bytes.fromhex(text)


FIND_OK = hexed("AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97")
FIND_NONE = hexed("AA AA AA 96 69 00 04 00 00 80 84")
SELECT_OK = hexed("AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C")
SELECT_FAILED = hexed("AA AA AA 96 69 00 04 00 00 81 85")
READ_FAILED = hexed("AA AA AA 96 69 00 04 00 00 41 45")


@pytest.mark.parametrize(
    ("command", "published"),
    [
        (Command.RESET, "AA AA AA 96 69 00 03 10 FF EC"),
        (Command.STATUS, "AA AA AA 96 69 00 03 11 FF ED"),
        (Command.SAM_ID, "AA AA AA 96 69 00 03 12 FF EE"),
        (Command.FIND, "AA AA AA 96 69 00 03 20 01 22"),
        (Command.SELECT, "AA AA AA 96 69 00 03 20 02 21"),
        (Command.READ_BASE, "AA AA AA 96 69 00 03 30 01 32"),
        (Command.READ_NEW_ADDRESS, "AA AA AA 96 69 00 03 30 03 30"),
        (Command.READ_MANAGEMENT_NUMBER, "AA AA AA 96 69 00 03 30 05 36"),
    ],
)
def test_a_request_has_the_published_bytes(command: Command, published: str) -> None:
    """Every command that this product uses or could use."""
    assert request(command) == hexed(published)


@pytest.mark.parametrize(
    ("published", "answer"),
    [
        (FIND_OK, Answer(Status.CARD_FOUND, bytes(4))),
        (FIND_NONE, Answer(Status.FIND_FAILED)),
        (SELECT_OK, Answer(Status.OK, bytes(8))),
        (SELECT_FAILED, Answer(Status.SELECT_FAILED)),
        (READ_FAILED, Answer(Status.READ_FAILED)),
    ],
)
def test_a_published_answer_is_understood(published: bytes, answer: Answer) -> None:
    """And is made again from what was understood."""
    assert missing(published) == 0
    assert parse(published) == answer
    assert frame(bytes([0, 0, answer.status]) + answer.data) == published


def test_the_base_answer_has_the_published_size() -> None:
    """1295 bytes with 256 of text and 1024 of photo; its length says 0508."""
    data = hexed("0100 0400") + bytes(256 + 1024)
    whole = frame(hexed("00 00 90") + data)
    assert len(whole) == 1295
    assert whole[:10] == PREAMBLE + hexed("05 08 00 00 90")
    assert parse(whole) == Answer(Status.OK, data)


def test_every_published_status_is_known() -> None:
    """SW3, as several makers' manuals list it."""
    published = hexed("90 9F 91 10 11 21 23 24 31 32 33 37 3F 40 41 47 60 66 80 81")
    assert set(Status) == set(published)
    for value in published:
        assert parse(frame(bytes([0, 0, value]))).status == value


def test_an_unknown_status_is_no_answer() -> None:
    """A closed set: nothing is guessed."""
    with pytest.raises(FrameError, match="status"):
        parse(frame(hexed("00 00 77")))


@given(CONTENTS)
def test_a_frame_is_parsed_back(content: tuple[Status, bytes]) -> None:
    """Whatever it carries, preambles included."""
    status, data = content
    assert parse(frame(bytes([0, 0, status]) + data)) == Answer(status, data)


@given(CONTENTS, st.binary(max_size=64), st.binary(max_size=64))
def test_junk_around_a_frame_is_skipped(content: tuple[Status, bytes], before: bytes, after: bytes) -> None:
    """Before the preamble and behind the check."""
    status, data = content
    whole = frame(bytes([0, 0, status]) + data)
    if (before + whole).find(PREAMBLE) == len(before):
        assert missing(before + whole + after) == 0
        assert parse(before + whole + after) == Answer(status, data)


@given(st.sampled_from(Status), st.binary(max_size=300), st.lists(st.sampled_from(b"\xaa\x96\x69\x00"), max_size=12))
def test_no_byte_is_asked_for_that_will_not_come(status: Status, data: bytes, before: list[int]) -> None:
    """Reading exactly what is missing ends at the check: a driver never waits for the byte behind it."""
    junk = bytes(before)
    line = junk + frame(bytes([0, 0, status]) + data)
    if line.find(PREAMBLE) != len(junk):
        return
    at = 0
    while needed := missing(line[:at]):
        at += needed
        assert at <= len(line)
    assert at == len(line)


@given(CONTENTS, st.data())
def test_a_truncated_frame_is_missing_bytes_and_no_answer(content: tuple[Status, bytes], draw: st.DataObject) -> None:
    """Wherever it ends: never more are missing than were cut off, and once the length is there, exactly those."""
    status, data = content
    whole = frame(bytes([0, 0, status]) + data)
    cut = draw.draw(st.integers(0, len(whole) - 1))
    needed = missing(whole[:cut])
    assert 0 < needed <= len(whole) - cut
    if cut >= len(PREAMBLE) + 2:
        assert needed == len(whole) - cut
    with pytest.raises(FrameError, match="incomplete"):
        parse(whole[:cut])


@given(st.binary(max_size=4))
def test_without_its_preamble_nothing_is_an_answer(before: bytes) -> None:
    """Not even when length and check would hold."""
    with pytest.raises(FrameError, match="incomplete"):
        parse(before + FIND_OK[len(PREAMBLE) :])


@given(st.lists(st.sampled_from([PREAMBLE, b"\xaa", b"\x96\x69", b"\0", b"\x04", b"\x90", b"\xff"]), max_size=30))
def test_chance_never_raises_anything_else(pieces: list[bytes]) -> None:
    """Bytes that look almost like frames."""
    received, refused = b"".join(pieces), ""
    try:
        answer = parse(received)
        assert answer.status in Status
    except FrameError as error:
        refused = str(error)
    assert refused in {"", "length", "check", "status", "incomplete"}


def test_the_modules_number_is_written_as_it_is_printed_on_it() -> None:
    """Two shorts and three longs, little endian."""
    number = hexed("0500 0100 59c73301 87d61200 b168de3a")
    assert sam_number(number) == "05.01-20170585-0001234567-0987654321"
    with pytest.raises(FrameError, match="SAM number"):
        sam_number(number[:-1])


@given(CONTENTS, st.data())
def test_one_flipped_bit_is_noticed(content: tuple[Status, bytes], draw: st.DataObject) -> None:
    """XOR finds it wherever it is, behind the length."""
    status, data = content
    whole = bytearray(frame(bytes([0, 0, status]) + data))
    at = draw.draw(st.integers(len(PREAMBLE) + 2, len(whole) - 1))
    whole[at] ^= 1 << draw.draw(st.integers(0, 7))
    with pytest.raises(FrameError, match="check"):
        parse(bytes(whole))


@pytest.mark.parametrize("length", [0, 3, LONGEST + 1, 0xFFFF])
def test_an_impossible_length_ends_the_wait(length: int) -> None:
    """Noise that looks like a preamble never makes a driver wait for kilobytes."""
    with pytest.raises(FrameError, match="length"):
        missing(PREAMBLE + length.to_bytes(2, "big"))


@given(st.binary(max_size=8), st.integers(4, 40), st.binary(max_size=300))
def test_noise_behind_a_preamble_is_judged_and_nothing_else_is_raised(before: bytes, length: int, rest: bytes) -> None:
    """Either bytes are missing, or the frame is refused, or it happens to be an answer."""
    received = before + PREAMBLE + length.to_bytes(2, "big") + rest
    refused = ""
    try:
        if missing(received) == 0:
            parse(received)
    except FrameError as error:
        refused = str(error)
    assert refused in {"", "length", "check", "status"}


def test_the_check_of_a_whole_body_is_zero() -> None:
    """Check included."""
    assert check(FIND_OK[len(PREAMBLE) :]) == 0


def test_an_answer_never_prints_its_data() -> None:
    """They are a person's."""
    assert repr(Answer(Status.OK, b"secret")) == "Answer(OK, 6 bytes)"
    assert str(Answer(Status.OK, b"secret")) == "Answer(OK, 6 bytes)"
