"""The codes of a gate as text: written in one way, read in any that a person or a scanner may choose."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.errors import InvalidValueError
from civic.gate_codes import (
    GuestDigits,
    PhoneCode,
    SlipCode,
    card_ref,
    code_ref,
    guest_digits,
    number_ref,
    parse,
    phone_counter,
    phone_statement,
    slip_code,
)

CREDENTIAL = "0123456789abcdef0123456789abcdef"
SIGNATURE = bytes(range(64))
SLIP = "LG1.00041061050R3GG28A1C60T3GF"  # the bytes 00 to 0F
PHONE = f"LP1.{CREDENTIAL}.58000000.{base64.urlsafe_b64encode(SIGNATURE).decode().rstrip('=')}"


def test_a_slips_code_is_its_random_number_whole() -> None:
    """Crockford's base32 of one number of 128 bits."""
    assert slip_code(bytes(range(16))).text == SLIP
    assert slip_code(bytes(16)).text == "LG1." + "0" * 26
    assert slip_code(b"\xff" * 16).text == "LG1.7" + "Z" * 25


@settings(deadline=None)  # the machine may be busy
@given(st.binary(min_size=16, max_size=16))
def test_every_slips_code_is_read_back(random: bytes) -> None:
    code = slip_code(random)
    assert parse(code.text) == code
    assert len(code.text) == 30


@settings(deadline=None)  # the machine may be busy
@given(st.integers(0, 10**8 - 1))
def test_every_guests_digits_are_read_back_typed_or_scanned(number: int) -> None:
    code = guest_digits(number)
    assert parse(code.text) == parse(code.digits) == parse(f" {code.digits[:4]}-{code.digits[4:]} ") == code


@settings(deadline=None)  # the machine may be busy
@given(st.binary(min_size=64, max_size=64), st.integers(0, 10**12 - 1))
def test_every_phones_code_is_read_back(signature: bytes, counter: int) -> None:
    code = PhoneCode(CREDENTIAL, counter, signature)
    assert parse(code.text) == code


def test_a_slips_code_may_be_typed_as_it_is_read() -> None:
    """Small letters, blanks, hyphens, and the three letters that are taken for digits."""
    assert parse("lg1. 0oo4-Lo6i-o5or 3gg2 8a1c 60t3 gf") == SlipCode(SLIP)


def test_a_phones_code_is_read_in_one_way_only() -> None:
    """A second writing of the same signature would be another code for whoever keeps those that were shown."""
    assert parse(PHONE) == PhoneCode(CREDENTIAL, 58000000, SIGNATURE)
    assert parse(PHONE + "\r") == parse(PHONE)
    for other in (PHONE[:-1] + "9", PHONE + "==", PHONE.replace(".58", ".058"), PHONE.replace("abc", "ABC", 1)):
        with pytest.raises(InvalidValueError):
            parse(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "LG1.",
        SLIP[:-1],
        SLIP + "0",
        "LG1.8" + SLIP[5:],  # more than 128 bits
        SLIP.replace("R", "U"),  # no letter of that alphabet
        "LG2" + SLIP[3:],
        "1234567",
        "123456789",
        "LG1D.1234567",
        "LG1D.１２３４５６７８",
        "１２３４５６７８",
        "LP1..1.",
        PHONE.replace("LP1", "LP2"),
        "https://example.test/" + PHONE,
    ],
)
def test_what_is_none_of_them_is_refused_and_not_repeated(text: str) -> None:
    """It may be a code of somebody's, for something else."""
    with pytest.raises(InvalidValueError) as refused:
        parse(text)
    assert not text or text not in str(refused.value)


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=200) | st.from_regex(r"L[GP]1D?\.[0-9A-Za-z._\-]{0,140}", fullmatch=True))
def test_any_text_is_a_code_or_the_one_error(text: str) -> None:
    try:
        code = parse(text)
    except InvalidValueError:
        return
    assert parse(code.text) == code


def test_what_gates_compare_follows_from_the_contract() -> None:
    """Base64 of SHA-256, or of the key itself; a separator between the parts."""
    assert code_ref(SLIP) == _hash(b"lamplight-code-1\x1f" + SLIP.encode())
    assert code_ref("12345678") == _hash(b"lamplight-code-1\x1fLG1D.12345678")
    assert number_ref("C-01", b"\x04\x01") == _hash(b"lamplight-card-1\x1fC-01\x1f\x04\x01")
    assert base64.b64decode(card_ref(b"\x30\x59key")) == b"\x30\x59key"


def test_a_codes_hash_is_the_same_however_it_was_written() -> None:
    """Records hash what they made, a gate what was shown or typed."""
    assert code_ref(SLIP.lower()) == code_ref(SlipCode(SLIP))
    assert code_ref("1234 5678") == code_ref("LG1D.12345678") == code_ref(GuestDigits("12345678"))


def test_a_number_means_nothing_in_another_community() -> None:
    assert number_ref("C-01", b"\x04\x01") != number_ref("C-02", b"\x04\x01")


def test_a_phones_code_has_no_hash() -> None:
    with pytest.raises(InvalidValueError):
        code_ref(PHONE)


def test_random_numbers_of_another_size_are_refused() -> None:
    for wrong in (lambda: slip_code(bytes(15)), lambda: guest_digits(10**8), lambda: guest_digits(-1)):
        with pytest.raises(InvalidValueError):
            wrong()


def test_a_phone_signs_where_who_and_when() -> None:
    """The half minute of an instant, whatever zone it is told in."""
    counter = phone_counter(datetime(2026, 11, 23, 13, 30, 29, tzinfo=UTC))
    assert counter == 59848020
    assert counter + 1 == phone_counter(datetime(2026, 11, 23, 13, 30, 30, tzinfo=UTC))
    assert phone_statement("C-01", CREDENTIAL, 7) == f"lamplight-phone-1\x1fC-01\x1f{CREDENTIAL}\x1f7".encode()


@pytest.mark.parametrize("text", [SLIP, "LG1D.12345678", PHONE])
def test_a_code_does_not_print_itself(text: str) -> None:
    """It opens a gate."""
    code = parse(text)
    assert f"{code}" == repr(code) == f"{type(code).__name__}(…)"


def _hash(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
