"""The card's 256 bytes: what comes out is what was written, or a reason."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.document import DocumentKind
from civic.id_number import IdNumber, check_character
from civic.masking import PersonalBytes
from civic.period import Period
from devices.id_card.api import CardProblem, IdCard
from devices.id_card.text import (
    ADDRESS,
    BIRTH,
    END,
    ISSUER,
    KIND,
    NAME,
    NATION,
    NUMBER,
    SEX,
    START,
    TEXT_BYTES,
    Place,
    decode,
    newer_addresses,
)
from simulators.cards import cards, resident_text

ENTRY = {
    "name": "张明灯",
    "sex": "1",
    "nation": "01",
    "birth_date": "1986-03-14",
    "address": "示例市平安区灯火路12号",
    "id_number": "990101198603140019",
    "issuer": "示例市公安局",
    "valid_from": "2018-05-02",
    "valid_until": "2038-05-02",
}
HAN = st.sampled_from(
    [chr(point) for point in (0x4E00, 0x9FFF, 0x3400, 0x4DBF, 0x4DAE, 0x20000, 0x2CB5B, 0x2FFFF, 0x31350, 0xE000, 0xB7)]
)


def written(**changes: str) -> IdCard | CardProblem:
    """What is decoded of the entry with some fields changed."""
    return decode(resident_text(ENTRY | changes), b"wlt")


def overwritten(place: Place, raw: bytes) -> IdCard | CardProblem:
    """What is decoded when a field holds these bytes, padded with blanks."""
    text = resident_text(ENTRY)
    padded = raw + b" \0" * ((place.size - len(raw)) // 2)
    return decode(text[: place.at] + padded + text[place.at + place.size :], b"wlt")


def card(outcome: IdCard | CardProblem) -> IdCard:
    """The card that must have come out."""
    assert isinstance(outcome, IdCard)
    return outcome


def test_a_resident_card_is_read_field_by_field() -> None:
    """All of them, in the types of the civic package."""
    read = card(written())
    assert read.name.reveal() == "张明灯"
    assert read.id_number.reveal() == "990101198603140019"
    assert (read.sex, read.nation, read.birth_date) == ("1", "01", date(1986, 3, 14))
    assert (read.address.reveal(), read.issuer) == ("示例市平安区灯火路12号", "示例市公安局")
    assert read.validity == Period(date(2018, 5, 2), date(2038, 5, 2))
    assert read.photo_wlt == PersonalBytes(b"wlt")


def test_the_fields_stand_where_the_standard_puts_them() -> None:
    """Bytes made by hand, independent of the simulator's own layout."""
    text = (
        "张明灯".ljust(15)
        + "1"
        + "01"
        + "19860314"
        + "示例市".ljust(35)
        + "990101198603140019"
        + "示例市公安局".ljust(15)
    )
    text += "20180502" + "长期".ljust(8) + " " * 18
    read = card(decode(text.encode("utf-16-le"), b""))
    assert (read.name.reveal(), read.address.reveal(), read.issuer) == ("张明灯", "示例市", "示例市公安局")
    assert read.validity == Period(date(2018, 5, 2), None)


def test_a_long_term_card_has_no_last_day() -> None:
    """长期 is not turned into a date of the far future."""
    assert card(written(valid_until="长期")).validity.last is None


@given(st.text(HAN, min_size=1, max_size=7))
def test_names_are_kept_code_point_for_code_point(name: str) -> None:
    """Rare characters, surrogate pairs, private use: nothing is replaced."""
    assert card(written(name=name)).name.reveal() == name


@pytest.mark.parametrize(
    "name",
    [
        *("\u4dae某", "\U00020000\U0002a6df", "\U0002a700", "\U0002b740", "\U0002b820", "\U0002ceb0", "\U00030000"),
        *("\U00031350", "某\U0002ebf0", "阿不都\u00b7示例", "某\ue863", "〇示", "\uf9dc"),
    ],
    ids=[*"ABCDEFGHI", "separator", "private use", "zero", "compatibility"],
)
def test_rare_names_pass_through(name: str) -> None:
    """Those that a code page would lose, each by name; a private-use character is told as such."""
    read = card(written(name=name)).name
    assert read.reveal() == name
    assert read.has_private_use is ("\ue863" in name)


@pytest.mark.parametrize("dot", "\u2022\u2024\u2027\u2219\u22c5\u2e31\u30fb\ufe52\uff0e\uff65\u3000 .")
def test_the_dots_of_older_cards_stay_what_they_are(dot: str) -> None:
    """Before 2016 an office wrote the dot that its keyboard gave: it is no damage, and nothing is made of it."""
    assert card(written(name=f"阿不都{dot}示例")).name.reveal() == f"阿不都{dot}示例"


def test_an_expired_card_is_still_a_card() -> None:
    """Whether it may be used is not the reader's question."""
    assert card(written(valid_until="2024-01-01")).validity.last == date(2024, 1, 1)


def test_a_card_that_is_not_valid_yet_is_still_a_card() -> None:
    """Nor is this."""
    assert card(written(valid_from="2036-01-01")).validity.first == date(2036, 1, 1)


@given(
    st.text(HAN, min_size=1, max_size=7),
    st.text(HAN, max_size=17),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
    st.dates(date(1984, 1, 1), date(2050, 1, 1)),
)
def test_what_is_written_is_read(name: str, address: str, birth: date, order: int, start: date) -> None:
    """Any person that a card can hold."""
    first = f"990101{birth:%Y%m%d}{order:03d}"
    number = first + check_character(first)
    fields = {"name": name, "address": address, "birth_date": f"{birth}", "id_number": number, "valid_from": f"{start}"}
    read = card(written(**fields, valid_until="长期"))
    assert (read.name.reveal(), read.address.reveal(), read.id_number.reveal()) == (name, address, number)
    assert (read.birth_date, read.validity.first) == (birth, start)


@pytest.mark.parametrize("kind", ["Z", "A", "j", "i", "y", "证", "0"])
def test_a_kind_that_is_yet_to_come_is_never_taken_for_a_residents(kind: str) -> None:
    """Even when every other field would pass."""
    assert overwritten(KIND, kind.encode("utf-16-le")) is CardProblem.UNKNOWN_CARD


@pytest.mark.parametrize("kind", ["J", "I", "Y"])
def test_a_letter_alone_makes_no_resident_of_another_kind(kind: str) -> None:
    """A resident's text under another kind's letter is that kind, or damaged; never a resident's card."""
    outcome = overwritten(KIND, kind.encode("utf-16-le"))
    assert outcome is CardProblem.DAMAGED or card(outcome).kind is not DocumentKind.RESIDENT_CARD


@pytest.mark.parametrize("blank", [b"\0\0", b" \0"])
def test_the_kind_of_a_residents_card_is_blank(blank: bytes) -> None:
    """Either way of writing nothing."""
    assert isinstance(overwritten(KIND, blank), IdCard)


HALF = b"\x00\xd8"


@pytest.mark.parametrize(
    ("place", "raw"),
    [
        (NAME, b""),
        (NAME, HALF),
        (NAME, b"\x01\0"),
        (NUMBER, b""),
        (NUMBER, "990101198603140018".encode("utf-16-le")),
        (NUMBER, HALF * 18),
        (BIRTH, "19861314".encode("utf-16-le")),
        (BIRTH, "1986314".encode("utf-16-le")),
        (START, b""),
        (START, "２０１８0502".encode("utf-16-le")),
        (END, "20170501".encode("utf-16-le")),
        (END, "长长".encode("utf-16-le")),
        (ADDRESS, HALF),
        (KIND, HALF),
    ],
)
def test_malformed_text_is_a_damaged_card(place: Place, raw: bytes) -> None:
    """Half characters, dates that are none, a wrong check character: no guess is made."""
    assert overwritten(place, raw) is CardProblem.DAMAGED


@pytest.mark.parametrize("size", [0, 255, 257])
def test_a_text_of_another_size_is_a_damaged_card(size: int) -> None:
    """Shifted fields would read as another person."""
    assert decode(bytes(size), b"") is CardProblem.DAMAGED


@given(st.binary(min_size=TEXT_BYTES, max_size=TEXT_BYTES))
def test_noise_never_becomes_a_person(text: bytes) -> None:
    """And never an exception."""
    assert isinstance(decode(text, b""), CardProblem)


@given(st.sampled_from([NAME, SEX, NATION, BIRTH, ADDRESS, NUMBER, ISSUER, START, END]), st.binary(max_size=70))
def test_one_damaged_field_never_raises(place: Place, raw: bytes) -> None:
    """Whatever it holds."""
    even = raw[: min(len(raw), place.size) // 2 * 2]
    assert isinstance(overwritten(place, even), IdCard | CardProblem)


def test_a_card_never_prints_its_person() -> None:
    """Not in a log, not in a traceback."""
    printed = f"{written()} {written()!r}"
    for secret in ("明灯", "990101198603140019", "19860314", "1986", "灯火路", "wlt"):
        assert secret not in printed


def test_the_demonstrations_people_have_cards(checkout: Path) -> None:
    """What the shared file says is what the reader reads."""
    entries = tomllib.loads((checkout / "assets" / "demo" / "residents.toml").read_text("utf-8"))
    laid = cards()
    for name, entry in entries.items():
        read = card(decode(laid[name].text, laid[name].photo))
        assert (read.name.reveal(), read.id_number.reveal()) == (entry["name"], entry["id_number"])
        assert isinstance(read.id_number, IdNumber)
        assert (read.id_number.region_code, read.id_number.sex.value) == ("990101", entry["sex"])
        assert read.address.reveal() == entry.get("card_address", entry["address"])
        assert f"{read.birth_date}" == entry["birth_date"]
        assert (read.issuer, read.nation) == (entry["issuer"], entry["nation"])
        assert f"{read.validity.first}" == entry["valid_from"]
        assert (f"{read.validity.last}" if read.validity.last else "长期") == entry["valid_until"]


@given(st.lists(st.text(HAN, min_size=1, max_size=17), max_size=4))
def test_added_addresses_are_read_as_written(addresses: list[str]) -> None:
    """Oldest first, each without its padding."""
    data = b"".join(address.encode("utf-16-le").ljust(70, b"\0") for address in addresses)
    assert [address.reveal() for address in newer_addresses(data)] == addresses


@given(st.binary(max_size=300))
def test_noise_in_place_of_added_addresses_never_raises(data: bytes) -> None:
    """And never gives more than there are places."""
    assert len(newer_addresses(data)) <= len(data) // 70
