"""Lines of print, and the texts that they make up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from forms.content import canonical
from forms.scan.recogniser import Reading
from forms.scan.registration import Box


@dataclass(frozen=True, eq=False, repr=False)
class Print:
    """A line of print: where it is, and ``read``, which tells what it seems to say.

    Reading is most of a check's work: what is known by its place alone is never read.
    """

    box: Box
    read: Callable[[], Reading]

    @cached_property
    def reading(self) -> Reading:
        """What it seems to say."""
        return self.read()

    @property
    def middle(self) -> float:
        """Of its height."""
        return (self.box.top + self.box.bottom) / 2


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    """One text of the paper in its lines, in reading order."""

    lines: tuple[Print, ...] = ()

    @property
    def text(self) -> str:
        """As it was read, without white space."""
        return "".join(canonical(line.reading.text) for line in self.lines)

    @property
    def certainty(self) -> float:
        """That of its least certain character."""
        return min((line.reading.certainty for line in self.lines), default=0.0)


NOTHING: Final = Text()


def ordered(prints: Iterable[Print]) -> Text:
    """What they say together."""
    return Text(tuple(each for line in in_lines(prints) for each in line))


def in_lines(prints: Iterable[Print]) -> list[list[Print]]:
    """From top to bottom, and in each line from left to right."""
    lines: list[list[Print]] = []
    for each in sorted(prints, key=lambda one: one.middle):
        if lines and each.middle < lines[-1][0].box.bottom and lines[-1][0].middle > each.box.top:
            lines[-1].append(each)
        else:
            lines.append([each])
    return [sorted(line, key=lambda one: one.box.left) for line in lines]
