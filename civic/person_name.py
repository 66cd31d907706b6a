"""Names of persons, kept code point for code point.

Nothing here asks ``str.isalpha``: Python's own tables are older than the characters that stand on identity cards
(CJK extensions H and I), so a legal name would be refused.
"""

from civic.errors import InvalidValueError
from civic.masking import Personal

_LONGEST = 50  # the register's own field (2016 notice on names of minorities)
_HAN = (
    (0x3007, 0x3007),  # 〇, a number sign to Unicode and a given name to people
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2FFFF),
    (0x30000, 0x3FFFF),
)
_PRIVATE_USE = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))
_SEPARATORS = "·"  # U+00B7 stands between the parts of transliterated names
_LATIN_EXTRAS = " -'.,"


class InvalidNameError(InvalidValueError):
    """The text can't be a registered name. ``detail`` names the rule, never the name."""

    code = "invalid-name"


def _within(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= ord(character) <= high for low, high in ranges)


def _may_stand_in_a_name(character: str) -> bool:
    latin = character.isascii() and (character.isalpha() or character in _LATIN_EXTRAS)
    return latin or character in _SEPARATORS or _within(character, _HAN) or _within(character, _PRIVATE_USE)


class PersonName(Personal):
    """A registered name: Han characters of any extension, the separator U+00B7, or Latin letters."""

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
