"""Breaking a Chinese line: anywhere between Han characters, except where punctuation forbids it.

GB/T 15834-2011 (use of punctuation marks), 5.1: a closing mark never begins a line, an opening one never ends it; and
Latin words and numbers stay whole as long as they fit on a line of their own.
"""

import re
from collections.abc import Callable, Iterator

# half width first, then the full-width forms by number, because the two look alike in many editors
_NEVER_FIRST = (
    ",.;:?!)]}%\uff0c\uff0e\uff1b\uff1a\uff1f\uff01\uff09\u3001\u3002"
    "\u300d\u300f\u3011\u3009\u300b\u3015\u2026\u2014\u00b7\u2019\u201d"
)
_NEVER_LAST = "([{\u300c\u300e\u3010\u3008\u300a\u3014\u2018\u201c\uff08\u00a5"
_SHORTEST_LAST = 3  # characters
_UNIT = re.compile(rf"[{re.escape(_NEVER_LAST)}]*(?:[!-~]+|.)[{re.escape(_NEVER_FIRST)}]*", re.DOTALL)


def break_lines(text: str, limit: float, width: Callable[[str], float]) -> tuple[str, ...]:
    """The lines of ``text``, none wider than ``limit`` as ``width`` measures it; no last line of a character or two
    where the line before can spare some."""
    lines = _filled(text, limit, width)
    if len(lines) < 2 or len(lines[-1]) >= _SHORTEST_LAST:  # noqa: PLR2004 - a line before the last
        return lines
    for spared in range(1, _SHORTEST_LAST + 1):  # no more than it takes: the other lines stay long
        narrower = _filled(text, limit - width(lines[-2][-spared:]), width)
        if len(narrower) == len(lines) and len(narrower[-1]) >= _SHORTEST_LAST:
            return narrower
    return lines


def _filled(text: str, limit: float, width: Callable[[str], float]) -> tuple[str, ...]:
    lines, line = [], ""
    for unit in _units(text, limit, width):
        if line and width((line + unit).rstrip()) > limit:
            lines.append(line.rstrip())
            line = ""
        line += unit if line else unit.lstrip()
    return (*lines, line.rstrip()) if line.strip() else tuple(lines)


def _units(text: str, limit: float, width: Callable[[str], float]) -> Iterator[str]:
    """What stays together; a unit that is wider than a whole line falls apart into characters."""
    for unit in _UNIT.findall(text):
        yield from (unit,) if width(unit) <= limit else unit
