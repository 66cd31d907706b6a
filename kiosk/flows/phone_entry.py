"""Typing the number of a phone, and the six digits that were sent there."""

from dataclasses import dataclass, field

from civic.masking import Personal

PHONE_GROUPS = (3, 4, 4)
CODE_GROUPS = (3, 3)
_PHONE, _CODE = sum(PHONE_GROUPS), sum(CODE_GROUPS)
_SECOND = frozenset("3456789")


@dataclass(frozen=True, slots=True, repr=False)
class _Entry:
    """Digits so far. Masks itself."""

    digits: str = field(default="", repr=False)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.digits)} digits)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True, repr=False)
class PhoneEntry(_Entry):
    """A mobile number of mainland China: eleven digits, 1 and then 3 to 9 first."""

    def press(self, key: str) -> "PhoneEntry":
        """One more digit. What can't stand there is not taken."""
        fits = len(key) == 1 and key in "0123456789" and len(self.digits) < _PHONE
        first = (key == "1") if not self.digits else (key in _SECOND) if len(self.digits) == 1 else True
        return PhoneEntry(self.digits + key) if fits and first else self

    def erase(self) -> "PhoneEntry":
        """The last digit is taken back."""
        return PhoneEntry(self.digits[:-1])

    @property
    def whole(self) -> bool:
        """Whether it is complete."""
        return len(self.digits) == _PHONE

    @property
    def number(self) -> Personal:
        """What was typed."""
        return Personal(self.digits)

    @property
    def groups(self) -> tuple[str, ...]:
        """As people read it."""
        return _grouped(self.digits, PHONE_GROUPS)


@dataclass(frozen=True, slots=True, repr=False)
class CodeEntry(_Entry):
    """Six digits."""

    def press(self, key: str) -> "CodeEntry":
        """One more digit."""
        fits = len(key) == 1 and key in "0123456789" and len(self.digits) < _CODE
        return CodeEntry(self.digits + key) if fits else self

    def erase(self) -> "CodeEntry":
        """The last digit is taken back."""
        return CodeEntry(self.digits[:-1])

    @property
    def whole(self) -> bool:
        """Whether it is complete."""
        return len(self.digits) == _CODE

    @property
    def groups(self) -> tuple[str, ...]:
        """As people read it."""
        return _grouped(self.digits, CODE_GROUPS)


def _grouped(digits: str, sizes: tuple[int, ...]) -> tuple[str, ...]:
    parts, at = [], 0
    for size in sizes:
        parts.append(digits[at : at + size])
        at += size
    return tuple(parts)
