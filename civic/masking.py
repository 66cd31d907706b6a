"""Personal values that mask themselves.

Anything personal derives from ``Personal``: ``str()`` and ``repr()`` show the mask, so a log line, an f-string or a
traceback is safe by default. The value itself is only had by asking: ``value.reveal()``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Personal:
    """A personal text. Subclasses override ``masked``."""

    _value: str

    def reveal(self) -> str:
        """The value itself: for the paper, the chip comparison and the screen while it is held, nowhere else."""
        return self._value

    def masked(self) -> str:
        """What may be shown without asking."""
        return "*" * min(len(self._value), 6)

    def __str__(self) -> str:
        return self.masked()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.masked()})"


class PersonalText(Personal):
    """Free text about a person (an address, a birthplace): the first three characters stay readable."""

    __slots__ = ()

    def masked(self) -> str:
        """``示例市******``."""
        return self._value[:3] + "*" * min(max(len(self._value) - 3, 0), 6)


class PersonalDate(Personal):
    """A date about a person, as papers write it (``1986年3月14日``): the year stays readable."""

    __slots__ = ()

    def masked(self) -> str:
        """``1986年**月**日``."""
        year, mark, _ = self._value.partition("年")
        return f"{year}年**月**日" if mark else super().masked()


@dataclass(frozen=True, slots=True, repr=False)
class PersonalBytes:
    """Personal bytes (a portrait). Never printable."""

    _value: bytes

    def reveal(self) -> bytes:
        """The bytes themselves."""
        return self._value

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self._value)} bytes)"

    __str__ = __repr__
