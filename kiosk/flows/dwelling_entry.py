"""Typing where one lives as it is written on the door: building, unit, room."""

from dataclasses import dataclass, replace
from enum import StrEnum

_LONGEST = 8  # of each part (backend_client.contract.persons.DwellingRequest)


class DoorPart(StrEnum):
    """The three things to type, in this order."""

    BUILDING = "building"
    UNIT = "unit"
    ROOM = "room"


_ORDER = tuple(DoorPart)


@dataclass(frozen=True, slots=True, repr=False)
class DwellingEntry:
    """What has been typed so far. Masks itself. ``letters``: this door has letters, so their keys are shown."""

    part: DoorPart = DoorPart.BUILDING
    texts: tuple[str, str, str] = ("", "", "")
    letters: bool = False

    @property
    def text(self) -> str:
        """What stands in the part that is being typed."""
        return self.texts[_ORDER.index(self.part)]

    @property
    def at_first_part(self) -> bool:
        """Whether nothing lies before this part."""
        return self.part is _ORDER[0]

    @property
    def whole(self) -> bool:
        """Whether all three are there, and the last one is being typed."""
        return self.part is _ORDER[-1] and all(self.texts)

    def press(self, key: str) -> "DwellingEntry":
        """One more character. What can't stand on a door or no longer fits is not taken."""
        stands = len(key) == 1 and key.isascii() and (key.isdigit() or key.isupper())
        return self._typed(self.text + key) if stands and len(self.text) < _LONGEST else self

    def erase(self) -> "DwellingEntry":
        """The last character is taken back."""
        return self._typed(self.text[:-1])

    def toggle_letters(self) -> "DwellingEntry":
        """Keys for digits alone, or for letters too."""
        return replace(self, letters=not self.letters)

    def next_part(self) -> "DwellingEntry":
        """On to the next part, if something stands in this one."""
        at = _ORDER.index(self.part)
        return replace(self, part=_ORDER[at + 1]) if self.text and at + 1 < len(_ORDER) else self

    def previous_part(self) -> "DwellingEntry":
        """Back to the part before; what stands in this one stays."""
        return replace(self, part=_ORDER[max(_ORDER.index(self.part) - 1, 0)])

    def _typed(self, text: str) -> "DwellingEntry":
        building, unit, room = (
            text if part is self.part else old for part, old in zip(_ORDER, self.texts, strict=True)
        )
        return replace(self, texts=(building, unit, room))

    def __repr__(self) -> str:
        return f"DwellingEntry({self.part}, {len(self.text)} characters)"

    __str__ = __repr__
