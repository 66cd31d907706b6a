"""The three items that open a chip, key by key."""

from datetime import date
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.mrz_entry import MrzEntry, MrzField, MrzProblem

TODAY = date(2026, 11, 22)
LAST = date(2041, 12, 31)
NUMBERS = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=5, max_size=9)
BIRTH = MrzEntry(MrzField.BIRTH, ("X0000001", "", ""))
EXPIRY = MrzEntry(MrzField.EXPIRY, ("X0000001", "19900101", ""))


def typed(keys: str, start: MrzEntry | None = None) -> MrzEntry:
    return reduce(lambda entry, key: entry.press(key, TODAY), keys, start or MrzEntry())


@given(NUMBERS, st.dates(date(1900, 1, 1), TODAY), st.dates(TODAY, LAST), st.booleans())
def test_every_valid_document_can_be_typed(number: str, born: date, expires: date, permit: bool) -> None:
    entry = typed(number)
    assert entry.complete
    assert entry.key is None
    entry = typed(f"{born:%Y%m%d}", entry.next_field())
    assert entry.problem is None
    entry = typed(f"{expires:%Y%m%d}", entry.next_field())
    entry = entry.toggle_permit() if permit else entry
    key = entry.key
    assert key
    assert (key.number.reveal(), key.birth_date, key.expiry_date) == (number, born, expires)
    assert key.permit is permit


@pytest.mark.parametrize(
    ("start", "keys", "problem"),
    [
        (BIRTH, "2027", MrzProblem.YEAR),
        (BIRTH, "18", MrzProblem.YEAR),
        (BIRTH, "199013", MrzProblem.MONTH),
        (BIRTH, "1990023", MrzProblem.DAY),
        (BIRTH, "19900431", MrzProblem.DAY),
        (BIRTH, "20261123", MrzProblem.DAY),
        (EXPIRY, "2025", MrzProblem.EXPIRED),
        (EXPIRY, "20261", None),
        (EXPIRY, "202610", MrzProblem.EXPIRED),
        (EXPIRY, "20261121", MrzProblem.EXPIRED),
        (EXPIRY, "20261122", None),  # valid to the end of this day
        (EXPIRY, "205", MrzProblem.YEAR),
        (EXPIRY, "20280431", MrzProblem.DAY),
    ],
)
def test_what_is_wrong_is_said_at_the_key_that_makes_it_so(
    start: MrzEntry, keys: str, problem: MrzProblem | None
) -> None:
    assert typed(keys, start).problem is problem
    assert typed(keys[:-1], start).problem is None
    assert typed(keys, start).erase().problem is None


@pytest.mark.parametrize(
    ("start", "key"),
    [(BIRTH, "X"), (EXPIRY, "A"), (MrzEntry(), "<"), (MrzEntry(), "x"), (MrzEntry(), "中"), (BIRTH, "")],
)
def test_what_can_t_stand_there_is_not_taken(start: MrzEntry, key: str) -> None:
    assert start.press(key, TODAY) == start


def test_a_field_that_is_not_complete_is_not_left() -> None:
    assert typed("X000").next_field() == typed("X000")
    assert typed("199001", BIRTH).next_field().field is MrzField.BIRTH
    assert typed("19901301", BIRTH).next_field().field is MrzField.BIRTH


def test_a_field_that_is_full_takes_no_more() -> None:
    assert typed("X000000012").text == "X00000001"
    assert typed("199001012", BIRTH).text == "19900101"


def test_going_back_and_forth_keeps_what_was_typed_and_what_is_wrong_with_it() -> None:
    """An expired document stays expired, whichever way one comes back to its date."""
    expired = typed("20200101", typed("19900101", typed("X0000001").next_field()).next_field())
    assert expired.problem is MrzProblem.EXPIRED
    back = expired.previous_field()
    assert (back.field, back.text, back.problem) == (MrzField.BIRTH, "19900101", None)
    assert back.next_field() == expired
    assert back.next_field().key is None


def test_the_first_field_has_none_before_it_and_the_last_none_after() -> None:
    assert MrzEntry().at_first_field
    assert MrzEntry().previous_field().field is MrzField.NUMBER
    assert typed("20300101", EXPIRY).next_field().field is MrzField.EXPIRY


def test_dates_are_shown_in_their_parts() -> None:
    assert typed("1990010", BIRTH).groups == ("1990", "01", "0")
    assert typed("X1").groups == ("X1",)


def test_nothing_typed_is_shown_by_accident() -> None:
    entry = typed("19870605", typed("X7654321").next_field())
    for shown in (repr(entry), str(entry), repr(entry.next_field())):
        assert "X76" not in shown
        assert "198" not in shown
