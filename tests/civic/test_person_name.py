"""Names of persons: every legal character passes, code point for code point, and none is shown unasked."""

import pytest

from civic.person_name import InvalidNameError, PersonName


@pytest.mark.parametrize(
    "name",
    [
        "张明灯",
        "欧阳示例",
        "䶮",  # extension A
        "\U0002cb5b",  # extension E
        "\U0002b5b3",  # extension D
        "李\U00031350",  # extension H: newer than Python 3.11's own tables
        "李\U0002ebf0",  # extension I
        "李〇",
        "古丽娜尔·示例",
        "EXAMPLE, ALEX",
        "O'Example-Jones",
        "O\u2019Example",
        "Müller-Ångström",  # letters with marks, as a chip's full name may have them
        "Nguyễn",
        "\u2e81\u2f00",  # components that stood for characters in old fonts
    ],
)
def test_a_legal_name_is_kept_code_point_for_code_point(name: str) -> None:
    """No normalisation, no table of letters."""
    assert PersonName(name).reveal() == name


@pytest.mark.parametrize("dot", "\u00b7\u2022\u2024\u2027\u2219\u22c5\u2e31\u30fb\ufe52\uff0e\uff65.")
def test_any_dot_of_an_older_card_stays_as_it_is_written(dot: str) -> None:
    """U+00B7 is the rule since 2016; nothing here makes one of another."""
    assert PersonName(f"古丽{dot}示例").reveal() == f"古丽{dot}示例"


def test_compatibility_characters_are_not_replaced_by_their_twins() -> None:
    """U+F9DC looks like U+9686 and is another character: what stands on the card stays."""
    assert PersonName("\uf9dc").reveal() == "\uf9dc"


@pytest.mark.parametrize("padded", ["张明灯   ", "  张明灯", "张明灯\u3000\u3000"])
def test_padding_is_taken_off(padded: str) -> None:
    """Cards and forms pad with blanks of either width."""
    assert PersonName(padded).reveal() == "张明灯"


@pytest.mark.parametrize("text", ["", "   ", "\u3000", "张" * 61])
def test_an_empty_or_endless_text_is_no_name(text: str) -> None:
    """The register's field holds fifty characters, the Latin name on a foreigner's card sixty."""
    with pytest.raises(InvalidNameError, match="length"):
        PersonName(text)


@pytest.mark.parametrize("text", ["张\x00", "张\n明", "张1", "张<b>", "张\ud800", "张\u202e明", "张\u200d", "=张"])
def test_a_refusal_names_the_rule_and_not_the_name(text: str) -> None:
    """Control characters, markup, digits and half surrogates stand in no name; the message goes to logs."""
    with pytest.raises(InvalidNameError) as refused:
        PersonName(text)
    assert str(refused.value) == "invalid-name: character"


@pytest.mark.parametrize("letter", ["\ue000", "\uf8ff", "\U000f0000"])
def test_private_use_characters_are_flagged(letter: str) -> None:
    """They have no agreed shape: a person must look."""
    assert PersonName(f"张{letter}").has_private_use
    assert not PersonName("张明").has_private_use


@pytest.mark.parametrize(
    ("name", "masked"), [("张明灯", "张**"), ("欧阳示例", "欧***"), ("䶮", "䶮"), ("张" * 20, "张****")]
)
def test_the_mask_keeps_the_first_character(name: str, masked: str) -> None:
    """The number of stars tells nothing about long names."""
    assert PersonName(name).masked() == masked
