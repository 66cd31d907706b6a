"""The encoder's elements, as a library reads them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis.strategies import binary, integers, lists

from forms import der


@given(integers(min_value=0, max_value=2**160))
def test_a_number_is_read_as_it_was_written(value: int) -> None:
    """And is as short as DER demands."""
    assert core.Integer.load(der.integer(value), strict=True).native == value
    assert der.integer(value) == core.Integer(value).dump()


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65536])
def test_every_form_of_length_is_read(size: int) -> None:
    """One byte, or a count and as many bytes as it takes."""
    content = b"\x07" * size
    assert der.octets(content) == core.OctetString(content).dump()
    assert der.body(der.octets(content)) == content


@pytest.mark.parametrize("dotted", ["1.2.840.113549.1.7.2", "2.16.840.1.101.3.4.2.1", "2.999.1", "0.4.0.2023.1.1"])
def test_an_identifier_keeps_its_arcs(dotted: str) -> None:
    """Large ones too."""
    assert core.ObjectIdentifier.load(der.identifier(dotted)).dotted == dotted


@given(lists(binary(max_size=8), max_size=6))
def test_a_set_has_one_order(members: list[bytes]) -> None:
    """Whatever order it was made in."""
    elements = [der.octets(each) for each in members]
    assert der.set_of(elements) == der.set_of(reversed(elements))


def test_a_time_is_written_in_utc() -> None:
    """To the second, whatever zone it came in."""
    moment = datetime(2026, 11, 22, 23, 5, tzinfo=timezone(timedelta(hours=8)))
    assert core.GeneralizedTime.load(der.time(moment)).native == datetime(2026, 11, 22, 15, 5, tzinfo=UTC)


@pytest.mark.parametrize("number", [0, 2, 5, 14, 25])
def test_a_named_bit_stands_alone(number: int) -> None:
    """The others before it are zero."""
    bits = core.BitString.load(der.bit(number)).native
    assert [place for place, value in enumerate(bits) if value] == [number]
    assert len(bits) == number + 1


def test_words_are_read_as_they_were_written() -> None:
    """Beyond ASCII too."""
    assert core.UTF8String.load(der.text("请求有误")).native == "请求有误"
