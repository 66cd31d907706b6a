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
_STEPS = 24  # in which a line is narrowed
_MARK = "\uff0c\u3002\uff1b\uff1a\uff1f\uff01"  # that ends a phrase
_PHRASE = re.compile(rf"[^{_MARK}]*[{_MARK}]+|[^{_MARK}]+")
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


def break_evenly(text: str, limit: float, width: Callable[[str], float]) -> tuple[str, ...]:
    """As ``break_lines``, for type in the middle of a sheet: no more lines, each to the end of a phrase where that
    does, otherwise of about one length."""
    lines = break_lines(text, limit, width)
    if len(lines) < 2:  # noqa: PLR2004 - nothing to even out
        return lines
    phrases = _of_phrases(text, limit, width)
    if len(phrases) == len(lines):
        return phrases
    for step in range(1, _STEPS):
        narrower = break_lines(text, limit * (1 - step / _STEPS), width)
        if len(narrower) != len(lines):
            break
        lines = narrower
    return lines


def _of_phrases(text: str, limit: float, width: Callable[[str], float]) -> tuple[str, ...]:
    """Whole phrases on each line; empty where one is too long for that."""
    lines = [""]
    for phrase in _PHRASE.findall(text):
        if lines[-1] and width(lines[-1] + phrase) > limit:
            lines.append("")
        lines[-1] += phrase
    lines = [each.strip() for each in lines]
    return tuple(lines) if all(width(each) <= limit for each in lines) else ()


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
