"""Every character that may stand in a name goes from the card to the screen and to the paper as it is, or is refused.

The 8,105 characters of the 通用规范汉字表 (2013) one by one, the 622 that identity cards brought into Unicode (its
extension I), and a sample of each other block of Han characters. Whether a font has a character is asked of its tables
(a glyph other than number 0, with an outline), never judged by eye. ``pytest -s tests/test_characters.py`` shows the
table.
"""

import bz2
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from struct import unpack_from
from typing import Any

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from reportlab.pdfgen.canvas import Canvas

from civic.assets import third_party
from devices.id_card import text as card_text
from devices.id_card.api import IdCard
from forms import fonts as paper
from simulators.cards import photo, resident_text
from terminal import fonts as screen
from terminal.line_breaking import break_lines

COMMON = 8105
SAMPLED = 150  # of each block
BLOCKS = {  # first and last assigned code point (Unicode 15.1)
    "URO": (0x4E00, 0x9FFF),
    "Extension A": (0x3400, 0x4DBF),
    "Extension B": (0x20000, 0x2A6DF),
    "Extension C": (0x2A700, 0x2B739),
    "Extension D": (0x2B740, 0x2B81D),
    "Extension E": (0x2B820, 0x2CEA1),
    "Extension F": (0x2CEB0, 0x2EBE0),
    "Extension G": (0x30000, 0x3134A),
    "Extension H": (0x31350, 0x323AF),
    "Extension I": (0x2EBF0, 0x2EE5D),
}
# what the installed typefaces draw of each sample; the rest must be refused before anything is asked of the resident
PARTLY_DRAWN = {"Extension G", "Extension H"}
POLICE = 622  # characters of the identity cards' system, all of extension I (Unihan, kIRG_GSource GIDC23)
NAME_UNITS, ADDRESS_UNITS = 15, 35  # UTF-16 code units on the card
PER_LINE, LINES, SIZE, LEADING = 60, 80, 8.0, 9.5  # points: a page of small print
SCREEN_FILES = {screen.SCREEN_FONT: "fonts/NotoSansSC-Regular.ttf", **screen.FALLBACKS}


@dataclass(frozen=True)
class Group:
    """Some characters, and what became of them."""

    name: str
    characters: str

    @property
    def on_screen(self) -> str:
        return "".join(character for character in self.characters if screen.runs(character)[0][1] == character)

    @property
    def refused(self) -> str:
        return paper.missing_characters(self.characters)

    @property
    def on_paper(self) -> str:
        refused = set(self.refused)
        return "".join(character for character in self.characters if character not in refused)


@cache
def common() -> str:
    """The characters of the table in its own order (Unihan, property kTGH: "2013:1" and so on)."""
    with bz2.open(third_party("unicode/Unihan_OtherMappings.txt.bz2"), "rt", encoding="utf-8") as lines:
        fields = [line.split("\t") for line in lines if "\tkTGH\t" in line and not line.startswith("#")]
    numbered = {int(value.removeprefix("2013:")): chr(int(code.removeprefix("U+"), 16)) for code, _, value in fields}
    return "".join(numbered[number] for number in sorted(numbered))


def sample(first: int, last: int) -> str:
    """Evenly spread over the block, both ends included."""
    step = (last - first) / (SAMPLED - 1)
    return "".join(chr(first + round(step * number)) for number in range(SAMPLED))


GROUPS = [Group("通用规范汉字表", common()), *(Group(name, sample(*ends)) for name, ends in BLOCKS.items())]
each_group = pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)


def fields(characters: str, units: int) -> Iterator[str]:
    """The characters in pieces that fit a field of the card."""
    size = units if max(characters) <= "\uffff" else units // 2
    return (characters[start : start + size] for start in range(0, len(characters), size))


@cache
def outlines(file: str) -> dict[int, bool]:
    """The font's characters, and whether each has a glyph of its own with an outline."""
    with TTFont(third_party(file), lazy=True) as font:
        places = {code: font.getGlyphID(name) for code, name in font.getBestCmap().items()}
        begins, outlined = font["loca"], font.reader["glyf"]
        return {
            code: place != 0 and contours(outlined, *begins[place : place + 2]) != 0 for code, place in places.items()
        }


def contours(outlined: bytes, begins: int, ends: int) -> int:
    """How many a glyph consists of, negative: of other glyphs; by the first field of its description (OpenType, glyf),
    since to take forty thousand of them apart takes half a minute."""
    return 0 if begins == ends else int(unpack_from(">h", outlined, begins)[0])


def page_of_all(characters: str) -> bytes:
    """The characters in small print, through the papers' own choice of fonts (PDF)."""
    output = io.BytesIO()
    font: Any = next(paper.runs("0")).font
    canvas = Canvas(output, initialFontName=font)
    lines = [characters[start : start + PER_LINE] for start in range(0, len(characters), PER_LINE)]
    for first in range(0, len(lines), LINES):
        for number, line in enumerate(lines[first : first + LINES]):
            words = canvas.beginText(40, 800 - number * LEADING)
            for run in paper.runs(line):
                words.setFont(run.font, SIZE)
                words.textOut(run.text)
            canvas.drawText(words)
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def extracted(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    finally:
        document.close()


def test_the_table_is_whole() -> None:
    """Its first characters, where its three levels begin, its last, and their number."""
    characters = common()
    assert len(characters) == len(set(characters)) == COMMON
    assert characters[:3] == "一乙二"
    assert characters[3499:3501] == "矗乂"
    assert characters[6499:6501] == "齉亍"
    assert characters[-1] == "蠼"


@each_group
def test_the_card_s_text_gives_them_unchanged(group: Group) -> None:
    """As names and as addresses, through UTF-16LE at the card's own places."""
    entry = {
        "sex": "1",
        "nation": "01",
        "birth_date": "1986-03-14",
        "id_number": "990101198603140019",
        "issuer": "示例市公安局",
        "valid_from": "2024-01-05",
        "valid_until": "2044-01-05",
    }
    for name in fields(group.characters, NAME_UNITS):
        card = card_text.decode(resident_text(entry | {"name": name, "address": name * 2}), photo("any"))
        assert isinstance(card, IdCard)
        assert card.name.reveal() == name
        assert card.address.reveal() == name * 2


@each_group
def test_the_screen_draws_each_from_a_font_that_has_it_or_shows_its_code_point(group: Group) -> None:
    """Lines are broken and shared out among fonts without a character being lost, changed or moved."""
    lines = break_lines(group.characters, 40, len)
    assert "".join(lines) == group.characters
    shown = [run for line in lines for run in screen.runs(line)]
    drawn = set(group.on_screen)
    expected = "".join(c if c in drawn else f"[U+{ord(c):04X}]" for c in group.characters)
    assert "".join(text for _, text in shown) == expected
    for font, text in shown:
        assert all(outlines(SCREEN_FILES[font])[ord(c)] for c in text if c in drawn)


@each_group
def test_paper_draws_each_from_a_font_that_has_it(group: Group) -> None:
    for weight in paper.Weight:
        for run in paper.runs(group.on_paper, weight):
            assert all(paper.has_glyph(run.font, c) for c in run.text)
            assert all(outlines(f"fonts/{run.font}.ttf")[ord(c)] for c in run.text)


@each_group
def test_screen_and_paper_know_the_same_characters(group: Group) -> None:
    """So that nobody is shown a name that can't be printed, or printed one that was not shown."""
    assert group.on_screen == group.on_paper


@each_group
def test_what_no_font_holds_is_found_before_anything_is_drawn(group: Group) -> None:
    if group.name in PARTLY_DRAWN:
        assert 0 < len(group.on_paper) < len(group.characters)
    else:
        assert group.refused == ""
    assert paper.missing_characters(f"王{group.refused}明") == group.refused


def test_every_character_that_identity_cards_brought_is_drawn() -> None:
    """All 622, none left to an officer: on the screen, on paper, and each by an outline of its own."""
    first, last = BLOCKS["Extension I"]
    police = Group("all of extension I", "".join(chr(code) for code in range(first, last + 1)))
    assert len(police.characters) == len(police.on_screen) == len(police.on_paper) == POLICE
    own = outlines("fonts/BabelStoneHan.ttf")
    assert all(own[ord(character)] for character in police.characters)


@pytest.mark.parametrize("character", ["\U00030041", "\U00031353", "\U0002ffff"])
def test_what_no_font_holds_is_no_box(character: str) -> None:
    """Han that no typeface here has, and a code point that is nothing: the paper is refused, the screen names it."""
    assert paper.missing_characters(f"王{character}明") == character
    assert screen.runs(f"王{character}明")[0][1] == f"王[U+{ord(character):04X}]明"


def test_the_text_of_the_pdf_is_the_same_code_points() -> None:
    """All that can be printed, on a few pages; copied out of them, it is the same text."""
    characters = "".join(dict.fromkeys("".join(group.on_paper for group in GROUPS)))
    pdf = page_of_all(characters)
    assert extracted(pdf) == characters


def test_the_table_of_all_this() -> None:
    """For whoever asks: block, tried, on screen, on paper, refused."""
    print(f"\n{'block':<16}{'tried':>8}{'on screen':>11}{'on paper':>10}{'refused':>9}")
    for group in GROUPS:
        counts = (len(group.characters), len(group.on_screen), len(group.on_paper), len(group.refused))
        print(f"{group.name:<16}{counts[0]:>8}{counts[1]:>11}{counts[2]:>10}{counts[3]:>9}")
        assert counts[0] == counts[2] + counts[3]
