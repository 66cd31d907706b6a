"""The synthetic cards: valid, nobody's, and each of its kind."""

import tomllib

import pytest

from civic.id_number import IdNumber
from civic.person_name import PersonName
from devices.id_card.text import KIND, TEXT_BYTES
from simulators.cards import PHOTO_BYTES, RESIDENTS_FILE, SimulatedCard, cards, resident_text

OTHERS = {"permit", "foreigner-2017", "foreigner-2023", "foreigner-long-name", "unknown-kind", "damaged"}
RESIDENTS = tomllib.loads(RESIDENTS_FILE.read_text("utf-8"))


def test_every_card_has_the_size_of_a_real_one() -> None:
    """256 bytes of text, 1024 of photo, and 70 of each address that was added."""
    assert {(len(card.text), len(card.photo)) for card in cards().values()} == {(TEXT_BYTES, PHOTO_BYTES)}
    sizes = {name: len(card.newer_addresses) for name, card in cards().items() if card.newer_addresses}
    assert sizes == {"moved": 70, "wanderer": 280}


def test_there_is_a_card_of_each_resident_and_of_each_other_kind() -> None:
    """And a damaged one."""
    laid = cards()
    assert set(laid) == {*RESIDENTS, *OTHERS}
    kinds = {name: card.text[KIND.at : KIND.at + KIND.size].decode("utf-16-le") for name, card in laid.items()}
    assert (kinds["permit"], kinds["foreigner-2017"], kinds["foreigner-2023"]) == ("J", "I", "Y")
    assert (kinds["foreigner-long-name"], kinds["unknown-kind"]) == ("Y", "Z")
    assert {kinds[name] for name in RESIDENTS} == {" "}


def test_the_residents_are_nobody() -> None:
    """Valid numbers in a region that does not exist, each number once, addresses of a made-up town."""
    numbers = [IdNumber(entry["id_number"]) for entry in RESIDENTS.values()]
    assert {number.region_code for number in numbers} == {"990101"}
    assert len(set(numbers)) == len(numbers)
    assert all(entry["address"].startswith("示例市") for entry in RESIDENTS.values())
    for number, entry in zip(numbers, RESIDENTS.values(), strict=True):
        assert (f"{number.birth_date}", number.sex.value) == (entry["birth_date"], entry["sex"])


def test_the_residents_show_what_cards_can_be() -> None:
    """Rare characters of two planes and no plane at all, an old dot, cards for life, run out and not begun, moves."""
    assert any(ord(character) > 0xFFFF for character in RESIDENTS["rare"]["name"])
    assert "䶮" in RESIDENTS["rare"]["name"]
    assert "长期" in {entry["valid_until"] for entry in RESIDENTS.values()}
    assert RESIDENTS["expired"]["valid_until"] < "2025"
    assert RESIDENTS["future"]["valid_from"] > "2035"
    assert PersonName(RESIDENTS["private"]["name"]).has_private_use
    assert "\u2022" in RESIDENTS["dotted"]["name"]
    assert RESIDENTS["wanderer"]["newer_addresses"][-1] == RESIDENTS["wanderer"]["address"]
    assert [RESIDENTS[name]["portrait"] for name in ("deng", "lan")] == ["person_a_1.jpg", "person_b_1.jpg"]


def test_cards_are_the_same_each_time() -> None:
    """A restarted module lays the same card."""
    assert cards() == cards()
    assert isinstance(cards()["deng"], SimulatedCard)


def test_a_field_too_long_for_the_card_is_refused() -> None:
    """Fifteen code units of name, not fifteen characters."""
    entry = RESIDENTS["deng"]
    resident_text(entry | {"name": "张" * 15})
    with pytest.raises(ValueError, match="too long"):
        resident_text(entry | {"name": "\U0002cb5b" * 8})
