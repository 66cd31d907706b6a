"""The four kinds of card, field by field, and names that pass through each of them unchanged."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.document import DocumentKind
from civic.id_number import IdNumber, ResidencePermitNumber
from civic.period import Period
from devices.id_card.api import CardProblem, IdCard
from devices.id_card.text import TEXT_BYTES, decode
from simulators.cards import cards

VALIDITY = Period(date(2024, 1, 5), date(2029, 1, 5))


def card(text: str, after: str = "") -> IdCard:
    """What is decoded of a text, written out by hand up to ``after``, which begins at code unit 94."""
    outcome = decode((units(text, 94) + units(after, 34)).encode("utf-16-le"), b"")
    assert isinstance(outcome, IdCard)
    return outcome


def units(text: str, number: int) -> str:
    """Filled up to so many code units: a character beyond the first plane takes two."""
    return text + " " * (number - len(text.encode("utf-16-le")) // 2)


def resident(name: str) -> str:
    return (
        units(name, 15)
        + "1"
        + "01"
        + "19860314"
        + units("示例市", 35)
        + "990101198603140019"
        + units("示例市公安局", 15)
    )


def foreigner_2017(chinese: str, latin: str) -> str:
    return units(latin, 60) + "2" + "UTO990190010107" + "UTO" + units(chinese, 15)


def foreigner(chinese: str, latin: str) -> str:
    head = units(latin[:35], 35)
    return units(chinese, 15) + "2" + "00" + "19900101" + head + "999101199001010017" + " " * 15


DATES = "20240105" + "20290105"


def permit(name: str) -> IdCard:
    return card(resident(name).replace("990101198603140019", "810000199006070029"), DATES + "H00000000" + "01" + "   J")


def read_2017(chinese: str, latin: str) -> IdCard:
    return card(foreigner_2017(chinese, latin), DATES + "19900101" + "01" + "9901" + "I")


def read_2023(chinese: str, latin: str) -> IdCard:
    return card(foreigner(chinese, latin), DATES + units(latin[35:], 11) + "UTO" + "Y" + "011")


def test_a_residents_card() -> None:
    """The letter is a blank."""
    read = card(resident("张明灯"), "20240105" + "长期")
    assert (read.kind, read.validity) == (DocumentKind.RESIDENT_CARD, Period(date(2024, 1, 5), None))
    assert (read.latin_name, read.nationality, read.travel_permit.reveal()) == (None, "", "")


def test_a_permit_of_hong_kong_macao_and_taiwan_residents() -> None:
    """J: as a resident's, with the number of the travel document, and without a nation."""
    read = permit("何示例")
    assert read.kind is DocumentKind.HMT_PERMIT
    assert (read.name.reveal(), read.id_number) == ("何示例", IdNumber("810000199006070029"))
    assert (read.sex, read.nation, read.birth_date) == ("1", "", date(1986, 3, 14))
    assert (read.address.reveal(), read.issuer) == ("示例市", "示例市公安局")
    assert (read.travel_permit.reveal(), read.validity) == ("H00000000", VALIDITY)
    assert (read.latin_name, read.nationality) == (None, "")


def test_a_foreigners_card_of_2017() -> None:
    """I: everything stands elsewhere, and the number has fifteen characters."""
    read = read_2017("示安力", "EXAMPLE, ALEX")
    assert read.kind is DocumentKind.FOREIGNER_CARD_2017
    assert (read.name.reveal(), read.id_number) == ("示安力", ResidencePermitNumber("UTO990190010107"))
    assert read.latin_name is not None
    assert read.latin_name.reveal() == "EXAMPLE, ALEX"
    assert (read.sex, read.nationality, read.birth_date) == ("2", "UTO", date(1990, 1, 1))
    assert (read.validity, read.nation, read.address.reveal(), read.issuer) == (VALIDITY, "", "", "")


def test_a_foreigners_card_of_2023() -> None:
    """Y: its number passes for a resident's, and its letter says that it is none."""
    read = read_2023("示安力", "EXAMPLE, ALEX")
    assert read.kind is DocumentKind.FOREIGNER_CARD
    assert (read.name.reveal(), read.id_number) == ("示安力", IdNumber("999101199001010017"))
    assert read.latin_name is not None
    assert read.latin_name.reveal() == "EXAMPLE, ALEX"
    assert (read.sex, read.nationality, read.birth_date) == ("2", "UTO", date(1990, 1, 1))
    assert (read.validity, read.nation, read.address.reveal(), read.issuer) == (VALIDITY, "", "", "")


@pytest.mark.parametrize("read", [read_2017, read_2023])
def test_a_foreigner_without_a_chinese_name_goes_by_the_latin_one(read: Callable[[str, str], IdCard]) -> None:
    """The card need not have both."""
    both = read("", "EXAMPLE, ALEX")
    assert both.name.reveal() == "EXAMPLE, ALEX"
    assert both.latin_name == both.name
    only_chinese = read("示安力", "")
    assert (only_chinese.name.reveal(), only_chinese.latin_name) == ("示安力", None)


@pytest.mark.parametrize(
    "latin",
    [
        "A" * 35,
        "A" * 36,
        "A" * 46,
        "A" * 34 + " B",  # the blank is the last of the first part
        "A" * 35 + " B",  # the blank would be the first of the second part
        "EXAMPLE-SAMPLETON, ALEXANDRA MARIANA BEATRICE",
    ],
)
def test_the_two_parts_of_a_latin_name_make_one(latin: str) -> None:
    """Thirty-five characters, and up to eleven more elsewhere; nothing is lost at the seam."""
    assert read_2023("", latin).name.reveal() == latin


def test_a_latin_name_that_was_parted_at_a_word_has_one_blank_there() -> None:
    """The padding of the first part is no part of the name."""
    head, tail = "EXAMPLE, ALEX", "MARIAN"
    read = card(foreigner("", head), DATES + units(tail, 11) + "UTO" + "Y")
    assert read.name.reveal() == "EXAMPLE, ALEX MARIAN"


@pytest.mark.parametrize("sex", ["0", "1", "2", "9"])
def test_the_code_of_the_sex_is_kept(sex: str) -> None:
    """GB/T 2261.1 has four; none is turned into another."""
    text = resident("张明灯")
    assert card(text[:15] + sex + text[16:], DATES).sex == sex


def test_the_demonstrations_cards_are_what_their_names_say() -> None:
    """Each kind that the simulated reader holds."""
    kinds = {name: decode(laid.text, laid.photo) for name, laid in cards().items()}
    assert {name: read.kind for name, read in kinds.items() if isinstance(read, IdCard) and not read.nation} == {
        "permit": DocumentKind.HMT_PERMIT,
        "foreigner-2017": DocumentKind.FOREIGNER_CARD_2017,
        "foreigner-2023": DocumentKind.FOREIGNER_CARD,
        "foreigner-long-name": DocumentKind.FOREIGNER_CARD,
    }
    assert (kinds["unknown-kind"], kinds["damaged"]) == (CardProblem.UNKNOWN_CARD, CardProblem.DAMAGED)
    long = kinds["foreigner-long-name"]
    assert isinstance(long, IdCard)
    assert long.name.reveal() == "EXAMPLE-SAMPLETON, ALEXANDRA MARIANA BEATRICE"


def test_no_kind_prints_its_person() -> None:
    """Neither in a log nor in a traceback."""
    printed = f"{permit('何示例')} {read_2017('示安力', 'EXAMPLE')!r} {read_2023('', 'EXAMPLE')!r}"
    for secret in ("示例", "安力", "XAMPLE", "1990", "UTO", "H0000"):
        assert secret not in printed


# --- names ---

HAN = st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DBF),  # A
    st.characters(min_codepoint=0x20000, max_codepoint=0x2EE5D),  # B to F, I
    st.characters(min_codepoint=0x30000, max_codepoint=0x3347F),  # G, H, J
    st.characters(min_codepoint=0xE000, max_codepoint=0xF8FF, categories=["Co"]),
    st.sampled_from("\u00b7\u2022\u30fb\uff0e〇"),
)
NAMES = st.text(HAN, min_size=1, max_size=15).filter(lambda name: len(name.encode("utf-16-le")) <= 30)
LATIN = st.from_regex(r"[A-Z]{1,20}, [A-Z]{1,20}( [A-Z]{1,2})?", fullmatch=True)


@given(NAMES)
def test_any_legal_name_is_the_same_on_every_kind(name: str) -> None:
    """Code point for code point, surrogate pairs up to the last code unit of the field."""
    for read in (card(resident(name), DATES), permit(name), read_2017(name, "EXAMPLE"), read_2023(name, "EXAMPLE")):
        assert read.name.reveal() == name
        assert read.name.has_private_use is any("\ue000" <= character <= "\uf8ff" for character in name)


@given(LATIN)
def test_any_latin_name_is_the_same_on_both_cards(name: str) -> None:
    """Wherever the second part begins."""
    for read in (read_2017("", name), read_2023("", name)):
        assert read.name.reveal() == name


@given(st.binary(min_size=TEXT_BYTES, max_size=TEXT_BYTES), st.sampled_from(["J", "I", "Y"]))
def test_noise_under_a_known_letter_never_becomes_a_person(text: bytes, letter: str) -> None:
    """And never an exception."""
    marked = text[:248] + letter.encode("utf-16-le") + text[250:]
    assert isinstance(decode(marked, b""), CardProblem)
