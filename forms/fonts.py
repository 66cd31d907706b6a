"""The papers' typefaces: a chain in which every legal character of a name has a glyph, and the search for it.

Noto Serif SC covers the 8105 characters in common use; BabelStone Han and HanaMinB carry the rare ones of identity
cards in mainland shapes. The fallbacks are tens of megabytes, so they are loaded when a character first needs them.
A page never shows an empty box: ``missing_characters`` is asked before anything is drawn, and characters of the private
use area count as missing because their shape is nobody's agreement.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from civic.assets import third_party
from forms.errors import AssetsMissingError, MissingGlyphError

_BFCHAR_LIMIT = 100  # entries of one bfchar block (Adobe CMap specification, 5014)


class Weight(StrEnum):
    """The value is the first font of the chain."""

    REGULAR = "NotoSerifSC-Regular"
    BOLD = "NotoSerifSC-Bold"


_FALLBACKS = ("BabelStoneHan", "HanaMinB")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that one font can draw."""

    font: str  # the name reportlab knows it by
    text: str


def font_file(name: str) -> Path:
    """The glyf TrueType file of a font. Raises AssetsMissingError."""
    path = third_party(f"fonts/{name}.ttf")
    if not path.is_file():
        raise AssetsMissingError(path.name)
    return path


def has_glyph(font: str, character: str) -> bool:
    """Whether a font draws a character; glyph 0 is the empty box."""
    return bool(_load(font).face.charToGlyph.get(ord(character), 0))


def missing_characters(text: str) -> str:
    """The characters of ``text``, each once, that no font of the chain can draw."""
    return "".join(dict.fromkeys(c for c in text if not c.isspace() and _font_for(c, Weight.REGULAR) is None))


def runs(text: str, weight: Weight = Weight.REGULAR) -> Iterator[Run]:
    """Split ``text`` over the chain, in order. Raises MissingGlyphError."""
    font, start = "", 0
    for index, character in enumerate(text):
        needed = _font_for(character, weight)
        if needed is None:
            raise MissingGlyphError("1 or more characters")
        if needed != font:
            if font:
                yield Run(font, text[start:index])
            font, start = needed, index
    if font:
        yield Run(font, text[start:])


def width(text: str, size: float, weight: Weight = Weight.REGULAR) -> float:
    """The width of a line in points at ``size`` points. Raises MissingGlyphError."""
    return sum(pdfmetrics.stringWidth(run.text, run.font, size) for run in runs(text, weight))


def preload() -> None:
    """Load the two fonts that every paper uses, so that the first paper is as quick as the next."""
    for weight in Weight:
        _load(weight)


@cache
def _font_for(character: str, weight: Weight) -> str | None:
    if unicodedata.category(character) == "Co":
        return None
    return next((font for font in (weight.value, *_FALLBACKS) if has_glyph(font, character)), None)


@cache
def _load(name: str) -> "_Font":
    try:
        font = _Font(name, str(font_file(name)))
    except TTFError as error:
        raise AssetsMissingError(name) from error
    pdfmetrics.registerFont(font)
    return font


class _Font(TTFont):  # type: ignore[misc, unused-ignore]
    """A TrueType font whose text can be copied out of the page, beyond U+FFFF too.

    reportlab writes a code point above U+FFFF as five hexadecimal digits, where a ToUnicode map holds UTF-16BE
    (ISO 32000-1, 9.10.3), and more entries in a block than are allowed: its maps are replaced once they are made.
    """

    def __init__(self, name: str, file: str) -> None:
        super().__init__(name, file, asciiReadable=False)  # a fallback would carry 95 unused Latin shapes

    def addObjects(self, doc: Any) -> None:  # noqa: ANN401, N802 # reportlab's own signature
        """Make the PDF objects of each subset, then state again what its codes mean."""
        state = self.state.get(doc)
        subsets = [list(subset) for subset in state.subsets] if state else []
        names = [self.getSubsetInternalName(number, doc)[1:] for number in range(len(subsets))]
        super().addObjects(doc)
        for name, subset in zip(names, subsets, strict=True):
            base_font = doc.idToObject["BasicFonts"].dict[name].BaseFont
            doc.idToObject[f"toUnicodeCMap:{base_font}"].content = _to_unicode(base_font, subset)


def _to_unicode(name: str, subset: list[int]) -> str:
    entries = [f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset)]
    blocks = [entries[start : start + _BFCHAR_LIMIT] for start in range(0, len(entries), _BFCHAR_LIMIT)]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def /CMapType 2 def",
            f"1 begincodespacerange <00> <{len(subset) - 1:02X}> endcodespacerange",
            *(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        )
    )
