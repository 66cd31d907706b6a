"""The papers' typefaces: a chain in which every legal character of a name has a glyph, and the search for it.

Noto Serif SC covers the 8105 characters in common use; BabelStone Han and HanaMinB carry the rare ones of identity
cards in mainland shapes. The fallbacks are tens of megabytes, so they are loaded when a character first needs them.
A page never shows an empty box: ``missing_characters`` is asked before anything is drawn, and characters of the private
use area count as missing because their shape is nobody's agreement. So do those that only turn, join or vary others:
what is drawn here is drawn one by one and from the left, and would not say what they mean.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError

from civic.assets import third_party
from forms.embedded_font import EmbeddedFont
from forms.errors import AssetsMissingError, MissingGlyphError


class Weight(StrEnum):
    """The value is the first font of the chain."""

    REGULAR = "NotoSerifSC-Regular"
    BOLD = "NotoSerifSC-Bold"


_FALLBACKS = ("BabelStoneHan", "HanaMinB")
_LOADING = Lock()
_SHAPELESS = frozenset({"Co", "Cf"})
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


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
    return size * sum(_advance(character, weight) for character in text)


def preload() -> None:
    """Load the two fonts that every paper uses, so that the first paper is as quick as the next, and look that those
    of rare characters are there. Raises AssetsMissingError."""
    for name in _FALLBACKS:
        font_file(name)
    for weight in Weight:
        _load(weight)


@cache
def _font_for(character: str, weight: Weight) -> str | None:
    if unicodedata.category(character) in _SHAPELESS or _within_selectors(character):
        return None
    return next((font for font in (weight.value, *_FALLBACKS) if has_glyph(font, character)), None)


def _within_selectors(character: str) -> bool:
    return any(ord(character) in selectors for selectors in _SELECTORS)


@cache
def _advance(character: str, weight: Weight) -> float:
    """The width of a character in ems. Raises MissingGlyphError."""
    return sum(pdfmetrics.stringWidth(run.text, run.font, 1) for run in runs(character, weight))


def _load(name: str) -> EmbeddedFont:
    """One of each in the process, whoever asks first."""
    with _LOADING:
        return _loaded(name)


@cache
def _loaded(name: str) -> EmbeddedFont:
    try:
        font = EmbeddedFont(name, font_file(name))
    except TTFError as error:
        raise AssetsMissingError(name) from error
    pdfmetrics.registerFont(font)
    return font
