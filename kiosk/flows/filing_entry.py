"""Typing the number that the housing department gave a contract. Its form differs from city to city."""

from dataclasses import dataclass, field, replace

_LONGEST = 40  # backend_client.contract.tenancies.FILING_NUMBER
_GROUP = 4


@dataclass(frozen=True, slots=True, repr=False)
class FilingEntry:
    """What has been typed so far. Masks itself. ``letters``: it has letters, so their keys are shown."""

    text: str = field(default="", repr=False)
    letters: bool = False

    def press(self, key: str) -> "FilingEntry":
        """One more character. What can't stand in such a number or no longer fits is not taken."""
        stands = len(key) == 1 and key.isascii() and (key.isdigit() or key.isupper() or key == "-")
        return replace(self, text=self.text + key) if stands and len(self.text) < _LONGEST else self

    def erase(self) -> "FilingEntry":
        """The last character is taken back."""
        return replace(self, text=self.text[:-1])

    def toggle_letters(self) -> "FilingEntry":
        """Keys for digits alone, or for letters too."""
        return replace(self, letters=not self.letters)

    @property
    def groups(self) -> tuple[str, ...]:
        """In fours, as people compare them with paper; one empty group before anything is typed."""
        return tuple(self.text[at : at + _GROUP] for at in range(0, len(self.text), _GROUP)) or ("",)

    def __repr__(self) -> str:
        return f"FilingEntry({len(self.text)} characters)"

    __str__ = __repr__
