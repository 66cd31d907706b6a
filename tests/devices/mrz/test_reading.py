"""From scores to zones, without a picture: places, gaps, second choices, and what is never believed."""

import numpy as np
import pytest

from devices.mrz.reading import zone_of
from devices.mrz.recogniser import ALPHABET, Scores, spaced
from simulators.travel_page import PAGES

SECOND = 0.05


def scores(text: str, seconds: str = "") -> Scores:
    """The scores of a network that is sure of a text; ``seconds``: its second choices, at the same places."""
    rows = np.zeros((len(text), len(ALPHABET)), np.float32)
    for at, character in enumerate(seconds):
        if character in ALPHABET:
            rows[at, ALPHABET.index(character)] = SECOND
    for at, character in enumerate(text):
        rows[at, ALPHABET.index(character)] = 0.9
    return rows


def number_of(*lines: Scores) -> str:
    zone = zone_of(lines)
    return zone.number.reveal() if zone else ""


@pytest.mark.parametrize("page", PAGES)
def test_every_page_s_own_text_is_its_zone(page: str) -> None:
    assert zone_of([scores(line) for line in PAGES[page]]) is not None


def test_a_letter_read_as_a_digit_is_the_letter_it_looks_like() -> None:
    """UTO read as UT0: in a state's place no digit can stand, and the network's next choice is taken."""
    upper, lower = PAGES["passport"]
    assert number_of(scores(upper), scores(lower.replace("UTO", "UT0"), lower)) == "L898902C3"


def test_a_number_s_one_doubtful_character_is_settled_by_the_check_digit() -> None:
    upper, lower = PAGES["passport"]
    assert number_of(scores(upper), scores("LB" + lower[2:], lower)) == "L898902C3"


def test_two_exchanges_that_both_hold_settle_nothing() -> None:
    """The digits at places 1 and 7 have the same weight, so either of them may be the one that is one too low."""
    upper, lower = PAGES["visitor"]
    low = lower[:9] + str((int(lower[9]) + 3) % 10) + lower[10:]
    low = low[:43] + str((int(lower[43]) + 3 * 7 + 3 * 1) % 10)
    both = ".1.....1"
    assert number_of(scores(upper), scores(low, both)) == ""


@pytest.mark.parametrize(("at", "twin"), [(1, "S"), (2, "T"), (6, "M")])
def test_a_character_that_the_check_digits_can_not_tell_from_the_second_choice_is_not_guessed_at(
    at: int, twin: str
) -> None:
    """Letters count as their place from 10 on, and ten more are nothing: 8 and S, 9 and T, 2 and M are alike."""
    upper, lower = PAGES["passport"]
    assert number_of(scores(upper), scores(lower, "." * at + twin)) == ""
    assert number_of(scores(upper), scores(lower, "." * at + "5")) == "L898902C3"


def test_two_characters_misread_are_not_guessed_at() -> None:
    upper, lower = PAGES["passport"]
    assert number_of(scores(upper), scores("LBG8" + lower[4:], lower)) == ""


def test_faint_fillers_at_a_line_s_end_are_put_back() -> None:
    upper, lower = PAGES["passport"]
    assert number_of(scores(upper.rstrip("<")), scores(lower)) == "L898902C3"


@pytest.mark.parametrize("lines", [1, 3])
def test_too_few_or_too_many_lines_are_no_zone(lines: int) -> None:
    assert zone_of([scores(PAGES["passport"][1])] * lines) is None


def test_a_line_that_is_too_long_is_no_zone() -> None:
    upper, lower = PAGES["passport"]
    assert zone_of([scores(upper), scores(lower + "1")]) is None


def test_overlooked_fillers_between_characters_are_put_back() -> None:
    text, places = "ERIKSSONANNA", np.array([0, 3, 7, 10, 13, 17, 20, 24, 34, 37, 40, 44], np.float64)
    rows = spaced(scores(text), places)
    assert "".join(ALPHABET[row.argmax()] for row in rows) == "ERIKSSON<<ANNA"


def test_a_few_specks_are_no_line() -> None:
    assert zone_of([np.empty((0, len(ALPHABET)), np.float32)]) is None
    assert len(spaced(scores("1I"), np.array([0.0, 40.0]))) == 2
