"""Serials can be read aloud and checked by anyone."""

import pytest
from hypothesis import given
from hypothesis.strategies import integers

from records.rules.numbering import SequenceExhaustedError, is_serial, serial

YEARS, KIOSKS, SEQUENCES = integers(2000, 2999), integers(1, 9999), integers(1, 999_999)


def test_a_serial_is_year_kiosk_sequence_and_check() -> None:
    assert serial(2026, 1, 42) == "2026-0001-000042-53"


@given(YEARS, KIOSKS, SEQUENCES)
def test_every_serial_checks(year: int, kiosk: int, sequence: int) -> None:
    """Modulo 97 the digits are 1 (ISO/IEC 7064)."""
    assert is_serial(serial(year, kiosk, sequence))


@given(YEARS, KIOSKS, SEQUENCES, integers(0, 18), integers(1, 9))
def test_a_wrong_digit_is_found(year: int, kiosk: int, sequence: int, place: int, shift: int) -> None:
    """Any one, anywhere."""
    text = serial(year, kiosk, sequence)
    if text[place].isdigit():
        wrong = str((int(text[place]) + shift) % 10)
        assert not is_serial(text[:place] + wrong + text[place + 1 :])


@pytest.mark.parametrize("text", ["", "2026-0001-000042", "2026000100004253", "２０２６-0001-000042-53", "x"])
def test_another_form_is_no_serial(text: str) -> None:
    assert not is_serial(text)


def test_a_year_has_a_million_numbers() -> None:
    """And then an error, not a number that was given before."""
    with pytest.raises(SequenceExhaustedError):
        serial(2026, 1, 1_000_000)
