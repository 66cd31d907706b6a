from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.chip import tlv
from devices.travel_document.apdu import Command, Response
from devices.travel_document.api import DocumentProblem
from devices.travel_document.ciphers import CipherSuite, PaddingError, unpad
from devices.travel_document.problems import DocumentError
from devices.travel_document.secure_messaging import OVERHEAD, SecureMessaging, SessionEndedError
from tests.support.chip_channels import ScriptedChannel

SECRET = bytes(range(32))


def _session(suite: CipherSuite, *answers: str) -> SecureMessaging:
    return SecureMessaging(ScriptedChannel(*answers), suite, SECRET)


def _answer(suite: CipherSuite, data: bytes, status: bytes = b"\x90\0", tag: int = 0x87) -> bytes:
    """What a chip with the same keys says to the first command."""
    chip = _session(suite)
    counter = (2).to_bytes(suite.block_size, "big")
    body = b""
    if data:
        text = suite.encrypt(chip._encryption_key, suite.pad(data), suite.vector(chip._encryption_key, counter))
        body = tlv.encode(tag, b"\x01" + text if tag == 0x87 else text)
    body += tlv.encode(0x99, status)
    return body + tlv.encode(0x8E, suite.mac(chip._mac_key, counter + body)) + status


def test_a_command_under_aes_is_protected_as_in_a_published_trace() -> None:
    """An MSE: Set AT for chip authentication, AES-128, 186 messages into a session (the tests of gmrtd)."""
    session = _session(CipherSuite.AES_128)
    session._encryption_key = bytes.fromhex("cc86415f2ed7e8fd663b754265695ae1")
    session._mac_key = bytes.fromhex("581e84b8ee06c4d3eee30461498d7fb3")
    session._counter = 0xBA
    command = Command(0x22, 0x41, 0xA4, bytes.fromhex("800a04007f000702020302028401c3"))
    assert session.protect(command).encode().hex() == (
        "0c2241a41d871101980953d37f67558690045d78a853b18a8e08929767a2cef172e200"
    )
    assert session._counter == 0xBB


@pytest.mark.parametrize("suite", CipherSuite)
def test_an_answer_is_opened_with_each_cipher(suite: CipherSuite) -> None:
    session = _session(suite, _answer(suite, b"some data").hex())
    answer = session.exchange(Command(0xB0, 0, 0, le=9))
    assert (answer.data, answer.status) == (b"some data", 0x9000)


def test_data_objects_come_without_padding_indicator() -> None:
    """To a command of odd INS, ISO/IEC 7816-4, 10.2."""
    suite = CipherSuite.AES_128
    session = _session(suite, _answer(suite, tlv.encode(0x53, b"far"), tag=0x85).hex())
    assert session.exchange(Command(0xB1, 0, 0, bytes.fromhex("5403008000"), 8)).data == tlv.encode(0x53, b"far")
    protected = session.protect(Command(0xB1, 0, 0, bytes.fromhex("5403008000"), 8))
    assert protected.data.startswith(b"\x85\x10")


def test_a_protected_status_word_is_the_one_that_counts() -> None:
    """Nobody protects the one at the end."""
    suite = CipherSuite.TRIPLE_DES
    answer = _answer(suite, b"", bytes.fromhex("6A82"))[:-2] + b"\x90\0"
    assert _session(suite, answer.hex()).exchange(Command(0xA4, 2, 12, b"\1\1")).status == 0x6A82


def test_an_answer_in_the_clear_ends_the_session() -> None:
    with pytest.raises(SessionEndedError) as ended:
        _session(CipherSuite.AES_128, "6988").exchange(Command(0xB0, 0, 0, le=1))
    assert (ended.value.problem, ended.value.detail) == (DocumentProblem.REFUSED, "session ended: 6988")


@pytest.mark.parametrize("suite", [CipherSuite.TRIPLE_DES, CipherSuite.AES_128])
def test_a_single_wrong_bit_is_refused(suite: CipherSuite) -> None:
    """Wherever it is, but in the two bytes that are not protected."""
    right = _answer(suite, b"some data")
    for at in range(len(right) - 2):
        wrong = right[:at] + bytes([right[at] ^ 1]) + right[at + 1 :]
        with pytest.raises(DocumentError):
            _session(suite, wrong.hex()).exchange(Command(0xB0, 0, 0, le=9))


def test_an_answer_that_is_played_again_is_refused() -> None:
    """The counter has gone on."""
    answer = _answer(CipherSuite.AES_128, b"some data").hex()
    session = _session(CipherSuite.AES_128, answer, answer)
    assert session.exchange(Command(0xB0, 0, 0, le=9)).status == 0x9000
    with pytest.raises(DocumentError):
        session.exchange(Command(0xB0, 0, 0, le=9))


def test_an_extended_length_is_written_in_two_bytes() -> None:
    protected = _session(CipherSuite.AES_128).protect(Command(0xB0, 0, 0, le=2048))
    assert protected.extended
    assert tlv.find(protected.data, 0x97) == bytes.fromhex("0800")


@pytest.mark.parametrize("suite", CipherSuite)
def test_a_full_piece_fits_its_response(suite: CipherSuite) -> None:
    """0xDF bytes in a short one; what is kept free in an extended one suffices."""
    assert len(_answer(suite, bytes(0xDF))) - 2 <= 256
    assert len(_answer(suite, bytes(4096 - OVERHEAD))) <= 4096


@pytest.mark.parametrize("text", [b"", b"\0\0", b"data", b"data\x80\1"])
def test_what_does_not_end_as_padding_does_is_refused(text: bytes) -> None:
    with pytest.raises(PaddingError):
        unpad(text)


@settings(deadline=None)  # the machine may be busy
@given(st.sampled_from(CipherSuite), st.binary(max_size=80))
def test_padding_is_taken_off_again(suite: CipherSuite, text: bytes) -> None:
    padded = suite.pad(text)
    assert len(padded) % suite.block_size == 0
    assert unpad(padded) == text


@settings(deadline=None)  # the machine may be busy
@given(st.sampled_from(CipherSuite), st.binary(max_size=120))
def test_any_answer_is_opened_or_refused(suite: CipherSuite, answer: bytes) -> None:
    """A hostile chip meets no traceback."""
    with suppress(DocumentError):
        assert isinstance(_session(suite, answer.hex()).exchange(Command(0xB0, 0, 0, le=1)), Response)
