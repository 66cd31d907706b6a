"""What is heard on the bus, in any pieces."""

import pytest

from devices.door.wire import ACK, CCRYPT, NAK, PDCAP, Hearing


def frame(code: int, *data: int, address: int = 0x80, security: bytes = b"") -> bytes:
    """As SIA OSDP 2.2 has it; its check is not what is looked at here."""
    control = 0x04 | (0x08 if security else 0)
    body = bytes((control, *security, code, *data)) + b"\x00\x00"
    return bytes((0x53, address)) + (len(body) + 4).to_bytes(2, "little") + body


def test_answers_are_told_by_their_codes() -> None:
    hearing = Hearing()
    hearing.hear(frame(PDCAP, 1, 1, 3) + b"\xff" + frame(CCRYPT, *range(32), security=b"\x03\x12\x01"))
    assert hearing.codes == {PDCAP, CCRYPT}
    hearing.forget()
    assert hearing.codes == set()


@pytest.mark.parametrize("piece", [1, 2, 3, 7])
def test_pieces_make_the_same_frames(piece: int) -> None:
    whole, hearing = b"\x00noise" + frame(ACK) + frame(NAK, 5), Hearing()
    for start in range(0, len(whole), piece):
        hearing.hear(whole[start : start + piece])
    assert hearing.codes == {ACK, NAK}


def test_the_panels_own_frames_are_no_answers() -> None:
    hearing = Hearing()
    hearing.hear(frame(CCRYPT, address=0x00))
    assert hearing.codes == set()


@pytest.mark.parametrize(
    "noise", [b"", b"\x53", b"S" * 50, bytes(2000), b"\x53\x80\xff\xff", b"\x53\x80\x06\x00\x08\xff"]
)
def test_noise_is_passed_over_and_what_follows_is_heard(noise: bytes) -> None:
    """A length that no frame has ends nothing."""
    hearing = Hearing()
    hearing.hear(noise)
    for _ in range(3):
        hearing.hear(frame(ACK))
    assert ACK in hearing.codes
    assert len(hearing._bytes) < 1500
