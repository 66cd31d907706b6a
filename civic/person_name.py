"""Names of persons, kept code point for code point.

Nothing here asks ``str.isalpha``: Python's own tables are older than the characters that stand on identity cards
(CJK extensions H and I), so a legal name would be refused.
"""

from civic.errors import InvalidValueError
from civic.masking import Personal

_LONGEST = 60  # the Latin name on a foreigner's card of 2017; the register's own field has 50 (notice of 2016)
_HAN = (
    (0x2E80, 0x2FDF),  # components, which old fonts had in the place of characters
    (0x3007, 0x3007),  # 〇, a number sign to Unicode and a given name to people
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2FFFF),
    (0x30000, 0x3FFFF),
)
_PRIVATE_USE = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))
_SEPARATORS = frozenset("\u00b7\u2022\u2024\u2027\u2219\u22c5\u2e31\u30fb\ufe52\uff0e\uff65\u3000")
"""What parts transliterated names: U+00B7 since the notice of 2016; on older cards whatever dot, or wide blank, the
office's keyboard gave. Each is accepted as it is written, and none is made into another."""
_LATIN = ((0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x24F), (0x1E00, 0x1EFF))  # letters with marks, composed
_LATIN_EXTRAS = " -'\u2019.,"


class InvalidNameError(InvalidValueError):
    """The text can't be a registered name. ``detail`` names the rule, never the name."""

    code = "invalid-name"


def _within(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= ord(character) <= high for low, high in ranges)


def _may_stand_in_a_name(character: str) -> bool:
    latin = (character.isascii() and character.isalpha()) or character in _LATIN_EXTRAS or _within(character, _LATIN)
    return latin or character in _SEPARATORS or _within(character, _HAN) or _within(character, _PRIVATE_USE)


class PersonName(Personal):
    """A registered name, as written: Han characters of any extension, the dots that part names, or Latin letters."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        name = text.strip(" \u3000")
        if not 0 < len(name) <= _LONGEST:
            raise InvalidNameError("length")
        if not all(_may_stand_in_a_name(character) for character in name):
            raise InvalidNameError("character")
        super().__init__(name)

    @property
    def has_private_use(self) -> bool:
        """Whether a character has no agreed meaning (private use area): a person must look at it."""
        return any(_within(character, _PRIVATE_USE) for character in self.reveal())

    def masked(self) -> str:
        """The first character and stars: ``王**``."""
        name = self.reveal()
        return name[0] + "*" * min(len(name) - 1, 4)
