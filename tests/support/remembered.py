"""A reader of sheets that reads no line twice: of the same dots it says the same, and reading is most of a check.

A forger changes one line of thirty; the tests of forgeries would read the other twenty-nine again for each of them.
"""

from functools import cache
from hashlib import sha256
from typing import TypeAlias

import pytest

from forms.scan import judgement, recogniser
from forms.scan.recogniser import Reading, Recogniser
from forms.scan.registration import Grey
from forms.scan.shapes import Line, Seen

_Dots: TypeAlias = tuple[bytes, tuple[int, ...]]


class _SeenOnce(Line):
    """A line that is looked at when somebody first asks."""

    @cache  # noqa: B019 # as long as the tests of a folder
    def seen(self) -> tuple[Seen, ...]:
        return super().seen()


def reading_each_line_once(patch: pytest.MonkeyPatch) -> None:
    """Until ``patch`` is undone: the real network and the real comparison, once for the same dots."""
    readings: dict[tuple[Recogniser, _Dots], Reading] = {}
    lines: dict[tuple[_Dots, Reading], Line] = {}
    read = Recogniser.read

    def read_once(reader: Recogniser, line: Grey) -> Reading:
        known = reader, _dots(line)
        if known not in readings:
            readings[known] = read(reader, line)
        return readings[known]

    def line_once(line: Grey, reading: Reading) -> Line:
        known = _dots(line), reading
        if known not in lines:
            lines[known] = _SeenOnce(line, reading)
        return lines[known]

    patch.setattr(recogniser.Recogniser, "read", read_once)
    patch.setattr(judgement, "Line", line_once)


def _dots(line: Grey) -> _Dots:
    return sha256(line.tobytes()).digest(), line.shape
