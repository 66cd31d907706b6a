from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.mrz import InvalidMrzError, check_digit
from civic.mrz_zone import MrzZone, ZoneFormat, birth_date, expiry_date, parse, split
from civic.person_name import InvalidNameError

TODAY = date(2026, 11, 22)
# the specimens of ICAO 9303-4, -5 and -6
PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
BOOKLET = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
LONG_NUMBER = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")


def _permit_line(code: str = "CS", number: str = "C00000018", expiry: str = "320102", birth: str = "860314") -> str:
    items = [item + check_digit(item) for item in (number, expiry, birth)]
    return f"{code}{'<'.join(items)}<{check_digit(''.join(items))}"


def _permit() -> tuple[str, str, str]:
    return (_permit_line(), "NGKELMP<NBPJZHENGJIAN<<YANGBEN"[:30], "F<<<<<<<SHH<<<<<<<<<<<<<<<<<<<")


def _fields(zone: MrzZone) -> tuple[str, ...]:
    return (zone.document_code, zone.issuing_state, zone.number.reveal(), zone.nationality, zone.sex)


def test_a_passport_is_read() -> None:
    """TD3, ICAO 9303-4 appendix B."""
    zone = parse(PASSPORT)
    assert zone.format is ZoneFormat.TD3
    assert _fields(zone) == ("P", "UTO", "L898902C3", "UTO", "F")
    assert zone.name.reveal() == "ERIKSSON ANNA MARIA"
    assert zone.optional.reveal() == "ZE184226B"
    assert zone.key(TODAY).information() == "L898902C3674081221204159"


def test_a_card_is_read() -> None:
    """TD1, ICAO 9303-5 appendix B."""
    zone = parse(CARD)
    assert zone.format is ZoneFormat.TD1
    assert _fields(zone) == ("I", "UTO", "D23145890", "UTO", "F")
    assert zone.name.reveal() == "ERIKSSON ANNA MARIA"
    assert zone.key(TODAY).information() == "D23145890774081221204159"


def test_a_small_booklet_is_read() -> None:
    """TD2, ICAO 9303-6 appendix B."""
    zone = parse(BOOKLET)
    assert zone.format is ZoneFormat.TD2
    assert _fields(zone) == ("I", "UTO", "D23145890", "UTO", "F")
    assert zone.key(TODAY).information() == "D23145890774081221204159"


def test_a_number_of_more_than_nine_characters_goes_on_in_the_optional_data() -> None:
    """ICAO 9303-11, appendix D.2's card: its key is made of the whole number."""
    zone = parse(LONG_NUMBER)
    assert zone.number.reveal() == "D23145890734"
    assert zone.optional.reveal() == ""
    assert zone.key(TODAY).information() == "D23145890734934071279507122"


def test_a_permit_is_read_from_its_printed_line() -> None:
    """The line gives what opens the chip, and no name."""
    zone = parse((_permit_line(),))
    assert zone.format is ZoneFormat.PERMIT
    assert _fields(zone) == ("CS", "CHN", "C00000018", "CHN", "X")
    key = zone.key(TODAY)
    assert key.permit
    assert (key.birth_date, key.expiry_date) == (date(1986, 3, 14), date(2032, 1, 2))
    with pytest.raises(InvalidNameError):
        _ = zone.name


def test_a_permit_is_read_from_its_chip() -> None:
    """Two more lines: names and sex."""
    zone = parse(split("".join(_permit())))
    assert zone.format is ZoneFormat.PERMIT
    assert zone.name.reveal() == "ZHENGJIAN YANGBEN"
    assert zone.sex == "F"


def test_a_states_own_card_whose_code_begins_like_a_permit_is_read_as_a_card() -> None:
    """The permit's own check digit does not hold, the card's does."""
    zone = parse(("CS" + CARD[0][2:], *CARD[1:]))
    assert zone.format is ZoneFormat.TD1
    assert zone.number.reveal() == "D23145890"


@pytest.mark.parametrize(
    ("at", "rule"), [(0, "number"), (13, "birth"), (21, "expiry"), (28, "optional"), (43, "composite")]
)
def test_each_check_digit_of_a_passport_is_asked(at: int, rule: str) -> None:
    """One character read wrongly, and the rule that sees it."""
    line = PASSPORT[1]
    wrong = line[:at] + ("8" if line[at] != "8" else "7") + line[at + 1 :]
    with pytest.raises(InvalidMrzError) as refused:
        parse((PASSPORT[0], wrong))
    # the composite is asked before the dates' own digits, and sees every wrong character
    assert refused.value.detail in {rule, "composite"}


@pytest.mark.parametrize("zone", [PASSPORT, CARD, BOOKLET, LONG_NUMBER, (_permit_line(),)])
def test_no_digit_of_the_keys_three_items_may_be_wrong(zone: tuple[str, ...]) -> None:
    """Whatever single digit is misread in a line that holds them, the zone is refused."""
    for number, line in enumerate(zone):
        for at, character in enumerate(line):
            if character.isdigit():
                other = line[:at] + str((int(character) + 1) % 10) + line[at + 1 :]
                with pytest.raises(InvalidMrzError):
                    parse((*zone[:number], other, *zone[number + 1 :]))


def test_an_error_never_tells_what_was_read() -> None:
    """Its detail is the rule's name."""
    with pytest.raises(InvalidMrzError) as refused:
        parse((PASSPORT[0], PASSPORT[1].replace("L898902C3", "L898902C4")))
    assert "L898902" not in str(refused.value)
    assert "ERIKSSON" not in repr(parse(PASSPORT))


@pytest.mark.parametrize("lines", [(), ("",), ("A" * 44,), ("A" * 44, "A" * 43), ("I" * 30,), (" " * 44,) * 2])
def test_what_is_no_zone_is_refused(lines: tuple[str, ...]) -> None:
    """By the number of lines, their length or a character."""
    with pytest.raises(InvalidMrzError):
        parse(lines)


def test_a_stored_zone_is_split_by_its_length() -> None:
    """Chips store no line ends."""
    for zone in (PASSPORT, CARD, BOOKLET):
        assert split("".join(zone)) == zone
    with pytest.raises(InvalidMrzError):
        split("A" * 89)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("261122", date(2026, 11, 22)),
        ("261123", date(1926, 11, 23)),
        ("000229", date(2000, 2, 29)),
        ("860314", date(1986, 3, 14)),
    ],
)
def test_nobody_is_born_tomorrow(text: str, day: date) -> None:
    """The latest day that is not in the future."""
    assert birth_date(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "day"), [("360101", date(2036, 1, 1)), ("990101", date(1999, 1, 1)), ("260101", date(2026, 1, 1))]
)
def test_an_expiry_date_is_the_nearest(text: str, day: date) -> None:
    """Expired ones included."""
    assert expiry_date(text, TODAY) == day


@pytest.mark.parametrize("text", ["", "861332", "86<<<<", "8603140", "²60314", "860230"])
def test_what_is_no_day_is_refused(text: str) -> None:
    """A part that the person does not know, too."""
    with pytest.raises(InvalidMrzError):
        birth_date(text, TODAY)
    with pytest.raises(InvalidMrzError):
        expiry_date(text, TODAY)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.text(alphabet=st.sampled_from("<09AZcs²中"), max_size=44), max_size=4))
def test_any_lines_give_a_zone_or_the_one_error(lines: list[str]) -> None:
    """No other exception leaves."""
    with suppress(InvalidMrzError):
        assert isinstance(parse(lines), MrzZone)
